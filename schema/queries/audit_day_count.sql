-- audit_day_count: the counters of days and of months are the dossiers' verdicts, counted.  Every dossier stands in one cell
-- per rule that judges it (the intake clock only online ones).
-- $1 differences wanted.  Result: check, cells compared, differences; subject, stored and recounted of some of them.
WITH verdict AS (
    SELECT d.promise_day AS day, d.unit_id, d.field_id, d.procedure_id, 'promise'::rule_name AS rule, d.promise AS class
    FROM dossier d
    UNION ALL
    SELECT d.portal_day, d.unit_id, d.field_id, d.procedure_id, 'portal'::rule_name, d.portal FROM dossier d
    UNION ALL
    SELECT d.intake_day, d.unit_id, d.field_id, d.procedure_id, 'intake'::rule_name, d.intake
    FROM dossier d WHERE d.intake IS NOT NULL
), by_day AS MATERIALIZED (
    SELECT v.day, v.unit_id, v.field_id, v.procedure_id, v.rule, count(*) FILTER (WHERE v.class = 'early') AS early,
        count(*) FILTER (WHERE v.class = 'on_time') AS on_time, count(*) FILTER (WHERE v.class = 'late') AS late,
        count(*) FILTER (WHERE v.class = 'overdue') AS overdue, count(*) FILTER (WHERE v.class = 'in_time') AS in_time,
        count(*) FILTER (WHERE v.class = 'paused') AS paused, count(*) FILTER (WHERE v.class = 'excluded') AS excluded
    FROM verdict v
    GROUP BY v.day, v.unit_id, v.field_id, v.procedure_id, v.rule
), counted AS (
    SELECT 'day counts' AS kind, v.day, v.unit_id, v.field_id, v.procedure_id, v.rule,
        ARRAY[v.early, v.on_time, v.late, v.overdue, v.in_time, v.paused, v.excluded] AS counts
    FROM by_day v
    UNION ALL
    SELECT 'month counts', date_trunc('month', v.day::timestamp)::date, v.unit_id, v.field_id, 0, v.rule,
        ARRAY[sum(v.early), sum(v.on_time), sum(v.late), sum(v.overdue), sum(v.in_time), sum(v.paused),
            sum(v.excluded)]::bigint[]
    FROM by_day v
    GROUP BY 2, v.unit_id, v.field_id, v.rule
), stored AS (
    SELECT 'day counts' AS kind, c.day, c.unit_id, c.field_id, c.procedure_id, c.rule,
        ARRAY[c.early, c.on_time, c.late, c.overdue, c.in_time, c.paused, c.excluded]::bigint[] AS counts
    FROM day_count c
    UNION ALL
    SELECT 'month counts', c.month, c.unit_id, c.field_id, 0, c.rule,
        ARRAY[c.early, c.on_time, c.late, c.overdue, c.in_time, c.paused, c.excluded]::bigint[]
    FROM month_count c
), compared AS MATERIALIZED (
    SELECT kind, day, unit_id, field_id, procedure_id, rule,
        coalesce(s.counts, '{0,0,0,0,0,0,0}') AS stored, coalesce(c.counts, '{0,0,0,0,0,0,0}') AS counted
    FROM stored s FULL JOIN counted c USING (kind, day, unit_id, field_id, procedure_id, rule)
), named AS (
    SELECT x.kind, concat_ws(', ', CASE x.kind WHEN 'day counts' THEN x.day::text ELSE to_char(x.day, 'YYYY-MM') END, u.code,
        f.code, p.code, 'rule ' || x.rule) AS subject, t.stored, t.recounted
    FROM compared x
    LEFT JOIN unit u ON u.unit_id = x.unit_id
    LEFT JOIN field f ON f.field_id = x.field_id
    LEFT JOIN procedure p ON p.procedure_id = x.procedure_id AND x.kind = 'day counts'
    CROSS JOIN LATERAL (
        SELECT string_agg(v.class || ' ' || v.stored, ', ') AS stored, string_agg(v.class || ' ' || v.counted, ', ') AS recounted
        FROM unnest('{early,on_time,late,overdue,in_time,paused,excluded}'::text[], x.stored, x.counted)
            AS v (class, stored, counted)
        WHERE v.stored <> v.counted) t
    WHERE x.stored <> x.counted
), total AS (
    SELECT k.kind, (SELECT count(*) FROM compared x WHERE x.kind = k.kind) AS cells,
        (SELECT count(*) FROM named n WHERE n.kind = k.kind) AS differences
    FROM (VALUES ('day counts'), ('month counts')) AS k (kind)
)
SELECT t.kind, t.cells, t.differences, n.subject, n.stored, n.recounted
FROM total t
LEFT JOIN LATERAL (SELECT * FROM named m WHERE m.kind = t.kind ORDER BY m.subject LIMIT $1::bigint) n ON true
ORDER BY t.kind, n.subject
