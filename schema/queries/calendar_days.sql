-- calendar_days: the dates that differ from their weekday, a row for each stretch of work or one without.
-- Result: version, day, is it worked, begin and end in seconds after midnight (NULL: none); by version, day and begin.
SELECT d.version, d.day, d.kind = 'work', extract(epoch FROM h.begins)::int, extract(epoch FROM h.ends)::int
FROM calendar_day d
LEFT JOIN calendar_day_hours h USING (version, day)
ORDER BY d.version, d.day, h.begins
