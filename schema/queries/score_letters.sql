-- score_letters: letters owed for dossiers whose promise was missed on a day of the window, and those of them sent by
-- their deadline.  Void duties owe nothing, but those that an official waived go on counting.  A unit's row holds what its
-- subordinates did too.
-- $1 first day, $2 last day, $3 by unit, $4 by procedure, $5 only this unit and those under it (NULL: all).
-- Result: unit (NULL: all of them), field, procedure (NULL: not asked), in time, not in time; by unit, field, procedure.
WITH RECURSIVE lineage (unit_id, above_id) AS (
    SELECT unit_id, unit_id FROM unit
    UNION
    SELECT l.unit_id, u.parent_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.parent_id IS NOT NULL),
inside AS (
    SELECT unit_id FROM unit WHERE $5::text IS NULL
    UNION ALL
    SELECT l.unit_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.code = $5::text),
cell AS MATERIALIZED (
    SELECT d.unit_id, d.field_id, CASE WHEN $4::boolean THEN d.procedure_id END AS procedure_id,
        count(*) FILTER (WHERE y.state = 'sent' AND y.sent_at <= y.deadline) AS timely, count(*) AS owed
    FROM dossier d
    JOIN duty y ON y.source_id = d.source_id AND y.code = d.code
    WHERE d.promise IN ('late', 'overdue') AND d.promise_day BETWEEN $1::date AND $2::date AND (y.state <> 'void' OR y.waived_at IS NOT NULL)
        AND d.unit_id IN (SELECT i.unit_id FROM inside i)
    GROUP BY 1, 2, 3),
standing AS (
    SELECT l.above_id AS unit_id, c.field_id, c.procedure_id, c.timely, c.owed
    FROM cell c JOIN lineage l ON l.unit_id = c.unit_id
    WHERE $3::boolean AND l.above_id IN (SELECT i.unit_id FROM inside i)
    UNION ALL
    SELECT NULL, c.field_id, c.procedure_id, c.timely, c.owed FROM cell c WHERE NOT $3::boolean)
SELECT u.code, f.code, p.code, sum(s.timely)::bigint, sum(s.owed - s.timely)::bigint
FROM standing s
LEFT JOIN unit u USING (unit_id)
JOIN field f USING (field_id)
LEFT JOIN procedure p USING (procedure_id)
GROUP BY u.code, f.code, p.code
ORDER BY u.code, f.code, p.code
