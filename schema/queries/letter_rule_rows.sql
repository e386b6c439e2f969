-- letter_rule_rows: until when letters are in time, every version.  Result: version, name, effective from, working days
-- before the appointment, clock, note, loaded at, by whom; by version.
SELECT version, name, effective_from, days_before, clock, note, loaded_at, loaded_by FROM letter_rule ORDER BY version
