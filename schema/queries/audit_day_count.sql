-- audit_day_count: the day counters are the dossiers' verdicts, counted.  Every dossier stands in one cell per rule
-- that judges it (the intake clock only online ones).
-- $1 differences wanted.  Result: check, cells compared, differences; subject, stored and recounted of some of them.
WITH verdict AS (
    SELECT d.promise_day AS day, d.unit_id, d.field_id, d.procedure_id, 'promise'::rule_name AS rule, d.promise AS class
    FROM dossier d
    UNION ALL
    SELECT d.portal_day, d.unit_id, d.field_id, d.procedure_id, 'portal'::rule_name, d.portal FROM dossier d
    UNION ALL
    SELECT d.intake_day, d.unit_id, d.field_id, d.procedure_id, 'intake'::rule_name, d.intake
    FROM dossier d WHERE d.intake IS NOT NULL
), counted AS (
    SELECT v.day, v.unit_id, v.field_id, v.procedure_id, v.rule,
        ARRAY[count(*) FILTER (WHERE v.class = 'early'), count(*) FILTER (WHERE v.class = 'on_time'),
            count(*) FILTER (WHERE v.class = 'late'), count(*) FILTER (WHERE v.class = 'overdue'),
            count(*) FILTER (WHERE v.class = 'in_time'), count(*) FILTER (WHERE v.class = 'paused'),
            count(*) FILTER (WHERE v.class = 'excluded')] AS counts
    FROM verdict v
    GROUP BY v.day, v.unit_id, v.field_id, v.procedure_id, v.rule
), stored AS (
    SELECT c.day, c.unit_id, c.field_id, c.procedure_id, c.rule,
        ARRAY[c.early, c.on_time, c.late, c.overdue, c.in_time, c.paused, c.excluded]::bigint[] AS counts
    FROM day_count c
), compared AS MATERIALIZED (
    SELECT day, unit_id, field_id, procedure_id, rule,
        coalesce(s.counts, '{0,0,0,0,0,0,0}') AS stored, coalesce(c.counts, '{0,0,0,0,0,0,0}') AS counted
    FROM stored s FULL JOIN counted c USING (day, unit_id, field_id, procedure_id, rule)
), named AS (
    SELECT concat_ws(', ', x.day, u.code, f.code, p.code, 'rule ' || x.rule) AS subject, t.stored, t.recounted
    FROM compared x
    LEFT JOIN unit u ON u.unit_id = x.unit_id
    LEFT JOIN field f ON f.field_id = x.field_id
    LEFT JOIN procedure p ON p.procedure_id = x.procedure_id
    CROSS JOIN LATERAL (
        SELECT string_agg(v.class || ' ' || v.stored, ', ') AS stored, string_agg(v.class || ' ' || v.counted, ', ') AS recounted
        FROM unnest('{early,on_time,late,overdue,in_time,paused,excluded}'::text[], x.stored, x.counted)
            AS v (class, stored, counted)
        WHERE v.stored <> v.counted) t
    WHERE x.stored <> x.counted
)
SELECT 'day counts', (SELECT count(*) FROM compared), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
