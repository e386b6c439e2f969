-- letter_office_unknown: what a file of offices names and nothing knows.  $1 units, $2 templates (NULL: none named).
-- Result: place in the file from 0, 'unit' or 'template', the name; by place.
SELECT x.place, x.what, x.name
FROM (
    SELECT l.place - 1 AS place, 'unit' AS what, l.unit AS name
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS l (unit, template, place)
    WHERE NOT EXISTS (SELECT FROM unit u WHERE u.code = l.unit)
    UNION ALL
    SELECT l.place - 1, 'template', l.template
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS l (unit, template, place)
    WHERE l.template IS NOT NULL AND NOT EXISTS (SELECT FROM letter_template t WHERE t.name = l.template)) x
ORDER BY x.place, x.what DESC
