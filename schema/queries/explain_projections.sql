-- explain_projections: how calendars have moved the promised due of a dossier while it was open.  $1 source_id, $2 code.
-- Result: judged_at, calendar before, calendar, due before, due.
SELECT judged_at, calendar_was, calendar, due_was, due FROM projection
WHERE source_id = $1::int AND code = $2::text
ORDER BY judged_at, calendar
