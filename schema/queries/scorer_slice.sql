-- scorer_slice: a shard's events that snapshot $3 sees and snapshot $2 did not (PgQ's rule: a range of transaction
-- numbers, and those that were in flight then and are finished now).  Of the range only the beginning, when it is long: the
-- last transaction in the result is then perhaps not whole.
-- $1 segment, $2 from, $3 to, $4 shard, $5 shards, $6 most events, $7 most bytes of payload before an event.
-- Result: transaction number, source_id, dossier, happened, sequence, event_id, payload, stored, kind.
SELECT r.xid, r.source_id, r.dossier, r.happened, r.sequence, r.event_id, r.payload, r.stored, r.kind
FROM (
    SELECT e.xid, e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload, e.stored, e.kind,
        sum(octet_length(e.payload)) OVER (ORDER BY e.xid ROWS UNBOUNDED PRECEDING) - octet_length(e.payload) AS before
    FROM event e
    WHERE e.segment = $1::int AND e.xid >= pg_snapshot_xmax($2::text::pg_snapshot)
        AND e.xid < pg_snapshot_xmax($3::text::pg_snapshot)
        AND pg_visible_in_snapshot(e.xid, $3::text::pg_snapshot) AND e.slot % $5::smallint = $4::smallint
    ORDER BY e.xid
    LIMIT $6::bigint) r
WHERE r.before <= $7::bigint
UNION ALL
SELECT e.xid, e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload, e.stored, e.kind
FROM pg_snapshot_xip($2::text::pg_snapshot) AS x (xid)
-- OFFSET 0: one transaction after the other by its index.  Joined freely, the whole segment would be read.
CROSS JOIN LATERAL (SELECT * FROM event k WHERE k.segment = $1::int AND k.xid = x.xid OFFSET 0) e
WHERE pg_visible_in_snapshot(x.xid, $3::text::pg_snapshot) AND e.slot % $5::smallint = $4::smallint
