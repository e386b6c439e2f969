-- calendar_day_hours_add: the hours of worked dates that have their own.  $1 version, $2 days, $3 begins and $4 ends as
-- '07:00' (up to '24:00').  Writes: calendar_day_hours.
INSERT INTO calendar_day_hours (version, day, begins, ends)
SELECT $1::smallint, l.day, l.begins::time, l.ends::time
FROM unnest($2::date[], $3::text[], $4::text[]) AS l (day, begins, ends)
