-- calendar_hours: the hours of the weekdays.  Result: version, unit_id, weekday (1 Monday), begin and end in seconds
-- after midnight; by version, unit, weekday and begin.
SELECT version, unit_id, weekday, extract(epoch FROM begins)::int, extract(epoch FROM ends)::int
FROM calendar_hours
ORDER BY version, unit_id, weekday, begins
