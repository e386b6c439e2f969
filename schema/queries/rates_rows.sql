-- rates_rows: how many dossiers stand in each class; every view of rates reads this statement and no other.
-- Under portal, open dossiers count that were received by the last day, however long ago (docs/rules.md 10).
-- $1 first day, $2 last day, $3 rule, $4 by unit, $5 by field, $6 by procedure, $7 only this unit and those under it
-- (NULL: all).
-- A unit's row holds what its subordinates did too.  The last row is the total, in which everything counts once.
-- Result: whether total, unit, field, procedure, early, on_time, late, overdue, in_time, paused, excluded.
WITH RECURSIVE lineage (unit_id, above_id) AS (
    SELECT unit_id, unit_id FROM unit
    -- Not UNION ALL: a circle of superiors ends when it brings nothing new.
    UNION
    SELECT l.unit_id, u.parent_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.parent_id IS NOT NULL),
inside AS (
    SELECT unit_id FROM unit WHERE $7::text IS NULL
    UNION ALL
    SELECT l.unit_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.code = $7::text),
cell AS MATERIALIZED (
    SELECT d.unit_id, CASE WHEN $5::boolean THEN d.field_id END AS field_id,
        CASE WHEN $6::boolean THEN d.procedure_id END AS procedure_id,
        coalesce(sum(d.early) FILTER (WHERE d.day >= $1::date), 0)::bigint AS early,
        coalesce(sum(d.on_time) FILTER (WHERE d.day >= $1::date), 0)::bigint AS on_time,
        coalesce(sum(d.late) FILTER (WHERE d.day >= $1::date), 0)::bigint AS late,
        sum(d.overdue)::bigint AS overdue, sum(d.in_time)::bigint AS in_time, sum(d.paused)::bigint AS paused,
        coalesce(sum(d.excluded) FILTER (WHERE d.day >= $1::date), 0)::bigint AS excluded
    FROM day_count d
    WHERE d.day BETWEEN CASE WHEN $3::text = 'portal' THEN '-infinity' ELSE $1::date END AND $2::date
        AND d.rule = $3::text::rule_name
        AND d.unit_id IN (SELECT i.unit_id FROM inside i)
    GROUP BY 1, 2, 3),
standing AS (
    SELECT l.above_id AS unit_id, c.field_id, c.procedure_id, c.early, c.on_time, c.late, c.overdue, c.in_time,
        c.paused, c.excluded
    FROM cell c JOIN lineage l ON l.unit_id = c.unit_id
    WHERE $4::boolean AND l.above_id IN (SELECT i.unit_id FROM inside i)
    UNION ALL
    SELECT NULL, c.field_id, c.procedure_id, c.early, c.on_time, c.late, c.overdue, c.in_time, c.paused, c.excluded
    FROM cell c
    WHERE NOT $4::boolean),
counted AS (
    SELECT false AS is_total, s.unit_id, s.field_id, s.procedure_id, sum(s.early) AS early, sum(s.on_time) AS on_time,
        sum(s.late) AS late, sum(s.overdue) AS overdue, sum(s.in_time) AS in_time, sum(s.paused) AS paused,
        sum(s.excluded) AS excluded
    FROM standing s
    WHERE $4::boolean OR $5::boolean OR $6::boolean
    GROUP BY s.unit_id, s.field_id, s.procedure_id
    UNION ALL
    SELECT true, NULL, NULL, NULL, coalesce(sum(c.early), 0), coalesce(sum(c.on_time), 0), coalesce(sum(c.late), 0),
        coalesce(sum(c.overdue), 0), coalesce(sum(c.in_time), 0), coalesce(sum(c.paused), 0),
        coalesce(sum(c.excluded), 0)
    FROM cell c)
SELECT r.is_total, u.code, f.code, p.code, r.early::bigint, r.on_time::bigint, r.late::bigint, r.overdue::bigint,
    r.in_time::bigint, r.paused::bigint, r.excluded::bigint
FROM counted r
LEFT JOIN unit u USING (unit_id)
LEFT JOIN field f USING (field_id)
LEFT JOIN procedure p USING (procedure_id)
-- Cells that were emptied by corrections are no rows.
WHERE r.is_total OR r.early + r.on_time + r.late + r.overdue + r.in_time + r.paused + r.excluded > 0
ORDER BY r.is_total, u.code, f.code, p.code
