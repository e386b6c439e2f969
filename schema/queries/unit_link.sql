-- unit_link: sets superiors, after unit_load.  $1 codes, $2 names (unused), $3 codes of superiors ('-': none, NULL: as
-- it is), $4 confirmed (unused).  Writes: unit.
UPDATE unit u SET parent_id = p.unit_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[]) AS l (code, name, parent, confirmed)
LEFT JOIN unit p ON p.code = l.parent AND l.parent <> '-'
WHERE u.code = l.code AND l.parent IS NOT NULL AND u.parent_id IS DISTINCT FROM p.unit_id
