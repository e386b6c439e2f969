-- calendar_names: what the dates of a version are called.  $1 version.
-- Result: day, is it worked, is it provisional, name; by day.
SELECT day, kind = 'work', provisional, name FROM calendar_day WHERE version = $1::smallint ORDER BY day
