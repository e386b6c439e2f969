-- deadline_rules: until when letters are in time, the earliest rule first.
-- Result: version, working days before the appointment, effective from, until the end of the day.
SELECT r.version, r.days_before, r.effective_from, r.clock = 'day' FROM letter_rule r ORDER BY r.effective_from
