-- scorer_indicator_add: the indicators among a shard's events that snapshot $3 sees and snapshot $2 did not; of each the
-- latest report stands, whatever order they come in.
-- $1 segment, $2 from, $3 to, $4 shard, $5 shards.  Writes: indicator.
INSERT INTO indicator AS i (source_id, key, numerator, denominator, last_happened, last_sequence, last_event_id, measure,
    period, unit, field)
SELECT DISTINCT ON (e.source_id, e.dossier) e.source_id, e.dossier, (p.d ->> 'numerator')::numeric::bigint,
    (p.d ->> 'denominator')::numeric::bigint, e.happened, e.sequence, e.event_id, p.d ->> 'measure', p.d ->> 'period',
    coalesce(p.d ->> 'unit', ''), coalesce(p.d ->> 'field', '')
FROM (
    SELECT k.* FROM event k
    WHERE k.segment = $1::int AND k.xid >= pg_snapshot_xmax($2::text::pg_snapshot)
        AND k.xid < pg_snapshot_xmax($3::text::pg_snapshot)
    UNION ALL
    SELECT l.* FROM pg_snapshot_xip($2::text::pg_snapshot) AS x (xid)
    CROSS JOIN LATERAL (SELECT * FROM event k WHERE k.segment = $1::int AND k.xid = x.xid OFFSET 0) l) e
CROSS JOIN LATERAL (SELECT e.payload::jsonb -> 'data' AS d OFFSET 0) p
WHERE e.kind = 15 AND e.slot % $5::smallint = $4::smallint AND pg_visible_in_snapshot(e.xid, $3::text::pg_snapshot)
ORDER BY e.source_id, e.dossier, e.happened DESC, e.sequence DESC, e.event_id DESC
ON CONFLICT ON CONSTRAINT indicator_pkey DO UPDATE SET
    numerator = excluded.numerator, denominator = excluded.denominator, last_happened = excluded.last_happened,
    last_sequence = excluded.last_sequence, last_event_id = excluded.last_event_id
WHERE (i.last_happened, i.last_sequence, i.last_event_id)
    < (excluded.last_happened, excluded.last_sequence, excluded.last_event_id)
