-- calendar_units: whose hours each version knows.  Result: version, unit_id, working day in seconds, cut-off in seconds
-- after midnight (-1: none); by version and unit.
SELECT version, unit_id, day_s, coalesce(extract(epoch FROM cut_off)::int, -1)
FROM calendar_unit
ORDER BY version, unit_id
