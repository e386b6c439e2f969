-- scorer_slice: a shard's events that snapshot $3 sees and snapshot $2 did not (PgQ's rule: a range of transaction
-- numbers, and those that were in flight then and are finished now).
-- $1 segment, $2 from, $3 to, $4 shard, $5 shards.  Result: source_id, dossier, happened, sequence, event_id, payload.
SELECT e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload
FROM event e
WHERE e.segment = $1::int AND e.xid >= pg_snapshot_xmax($2::text::pg_snapshot) AND e.xid < pg_snapshot_xmax($3::text::pg_snapshot)
    AND pg_visible_in_snapshot(e.xid, $3::text::pg_snapshot) AND e.slot % $5::smallint = $4::smallint
UNION ALL
SELECT e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload
FROM event e
WHERE e.segment = $1::int AND e.xid = ANY (ARRAY(SELECT pg_snapshot_xip($2::text::pg_snapshot)))
    AND pg_visible_in_snapshot(e.xid, $3::text::pg_snapshot) AND e.slot % $5::smallint = $4::smallint
