-- calendar_hours_add: the hours of the weekdays.  $1 version, $2 unit codes, $3 weekdays (1 Monday), $4 begins and
-- $5 ends as '07:00' (up to '24:00').  Writes: calendar_hours.
INSERT INTO calendar_hours (version, unit_id, weekday, begins, ends)
SELECT $1::smallint, u.unit_id, l.weekday, l.begins::time, l.ends::time
FROM unnest($2::text[], $3::smallint[], $4::text[], $5::text[]) AS l (code, weekday, begins, ends)
JOIN unit u ON u.code = l.code
