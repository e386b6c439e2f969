-- letter_rule_add: the next version of the rule for letters, unless one from that day on says the same.
-- $1 the day (NULL: since ever), $2 working days before, $3 clock, $4 name, $5 note, $6 who.
-- Result: version, outcome: new, same, or earlier (a version from that day or later is there; nothing is stored).
-- Writes: letter_rule.
WITH wanted AS (
    SELECT coalesce($1::date::timestamp AT TIME ZONE d.time_zone, '-infinity') AS effective_from FROM deployment d
), same AS (
    SELECT r.version FROM letter_rule r JOIN wanted w USING (effective_from)
    WHERE r.days_before = $2::smallint AND r.clock = $3::text
), added AS (
    INSERT INTO letter_rule (version, days_before, effective_from, clock, name, note, loaded_by)
    SELECT (SELECT max(r.version) + 1 FROM letter_rule r), $2::smallint, w.effective_from, $3::text, $4::text, $5::text, $6::text
    FROM wanted w
    WHERE NOT EXISTS (SELECT FROM letter_rule r WHERE r.effective_from >= w.effective_from)
    RETURNING version
)
SELECT a.version, 'new' FROM added a
UNION ALL
SELECT s.version, 'same' FROM same s
UNION ALL
SELECT 0::smallint, 'earlier' WHERE NOT EXISTS (SELECT FROM added) AND NOT EXISTS (SELECT FROM same)
