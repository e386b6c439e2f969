-- calendar_day_add: the dates that differ from their weekday.  $1 version, $2 days, $3 kinds, $4 provisional (1, 0),
-- $5 names.  Writes: calendar_day.
INSERT INTO calendar_day (version, day, kind, provisional, name)
SELECT $1::smallint, l.day, l.kind, l.provisional = 1, l.name
FROM unnest($2::date[], $3::text[], $4::smallint[], $5::text[]) AS l (day, kind, provisional, name)
