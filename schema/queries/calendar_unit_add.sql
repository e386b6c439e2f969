-- calendar_unit_add: whose hours a version knows.  $1 version, $2 unit codes ('': every other unit), $3 working days in
-- seconds, $4 cut-offs as '15:00' or NULL.  Writes: calendar_unit.
INSERT INTO calendar_unit (version, unit_id, day_s, cut_off)
SELECT $1::smallint, u.unit_id, l.day_s, l.cut_off::time
FROM unnest($2::text[], $3::int[], $4::text[]) AS l (code, day_s, cut_off)
JOIN unit u ON u.code = l.code
