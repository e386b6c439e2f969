-- audit_indicator: of each indicator the latest of its reports that were folded stands, by time, sequence and id.
-- $1 differences wanted.  Result: check, indicators compared, differences; subject, stored and recounted of some of them.
WITH report AS (
    SELECT e.source_id, audit_instant(p.j ->> 'time') AS happened, coalesce((p.j ->> 'sequence')::numeric::bigint, 0) AS sequence,
        (p.j ->> 'id') COLLATE "C" AS id, p.j -> 'data' ->> 'measure' AS measure, p.j -> 'data' ->> 'period' AS period,
        coalesce(p.j -> 'data' ->> 'unit', '') AS unit, coalesce(p.j -> 'data' ->> 'field', '') AS field,
        (p.j -> 'data' ->> 'numerator')::numeric::bigint AS numerator,
        (p.j -> 'data' ->> 'denominator')::numeric::bigint AS denominator
    FROM event e
    JOIN scorer_cursor c ON c.shard = e.slot % c.shards
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb END AS j OFFSET 0) p
    WHERE e.kind = 15 AND p.j IS NOT NULL
        AND (e.segment < c.segment OR (e.segment = c.segment AND pg_visible_in_snapshot(e.xid, c.snapshot)))
), found AS MATERIALIZED (
    SELECT DISTINCT ON (r.source_id, r.measure, r.period, r.unit, r.field) r.*,
        concat_ws('|', r.measure, r.period, r.unit, r.field) COLLATE "C" AS key
    FROM report r
    ORDER BY r.source_id, r.measure, r.period, r.unit, r.field, r.happened DESC, r.sequence DESC, r.id DESC
), named AS MATERIALIZED (
    SELECT coalesce(n.name, source_id::text) || ' ' || key AS subject,
        CASE WHEN i.numerator IS NULL THEN 'no such indicator'
            ELSE concat_ws(' ', i.numerator || '/' || i.denominator, i.last_happened, i.last_sequence, i.last_event_id) END AS stored,
        CASE WHEN f.numerator IS NULL THEN 'no report of it in the ledger'
            ELSE concat_ws(' ', f.numerator || '/' || f.denominator, f.happened, f.sequence, f.id) END AS recounted
    FROM indicator i FULL JOIN found f USING (source_id, key) LEFT JOIN source n USING (source_id)
    WHERE (i.numerator, i.denominator, i.last_happened, i.last_sequence, i.last_event_id, i.measure, i.period, i.unit, i.field)
        IS DISTINCT FROM (f.numerator, f.denominator, f.happened, f.sequence, f.id, f.measure, f.period, f.unit, f.field)
)
SELECT 'indicators', (SELECT count(*) FROM found), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
