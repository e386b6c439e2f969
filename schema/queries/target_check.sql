-- target_check: what targets and groups of fields name and nothing knows.
-- Result: plan (NULL: a group's), line, finding, value.
SELECT t.plan, t.line, 'unit' AS finding, t.unit AS value
FROM target t WHERE t.unit <> '' AND NOT EXISTS (SELECT FROM unit u WHERE u.code = t.unit)
UNION ALL
SELECT t.plan, t.line, 'procedure', t.procedure
FROM target t WHERE t.procedure <> '' AND NOT EXISTS (SELECT FROM procedure p WHERE p.code = t.procedure)
UNION ALL
SELECT t.plan, t.line, 'group', t.field_group
FROM target t WHERE t.field_group <> '' AND NOT EXISTS (SELECT FROM field_group g WHERE g.name = t.field_group)
UNION ALL
SELECT t.plan, t.line, 'measure', t.measure
FROM target t
WHERE t.measure NOT IN ('on_time', 'late', 'on_time_portal', 'letters_timely', 'intake_on_time')
    AND NOT EXISTS (SELECT FROM indicator i WHERE i.measure = t.measure)
UNION ALL
SELECT NULL, NULL, 'field', g.name || ': ' || g.field
FROM field_group g
WHERE NOT EXISTS (SELECT FROM field f WHERE f.code = g.field)
    AND NOT EXISTS (SELECT FROM indicator i WHERE i.field = g.field)
UNION ALL
-- Two groups of equal rank: which target decides in the field would hang on dates and names of plans.
SELECT DISTINCT NULL, NULL::int, 'groups', a.field || ': ' || a.name || ', ' || b.name
FROM field_group a
JOIN field_group b ON b.field = a.field AND b.name > a.name
JOIN target x ON x.field_group = a.name
JOIN target y ON y.field_group = b.name AND y.unit = x.unit AND y.procedure = x.procedure
    AND y.valid_from <= x.valid_to AND y.valid_to >= x.valid_from
    AND (y.measure = x.measure OR (y.measure IN ('on_time', 'late') AND x.measure IN ('on_time', 'late')))
ORDER BY 1 NULLS LAST, 2, 3, 4
