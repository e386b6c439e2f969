-- scorer_count_add: adds differences to the day counters, in key order so that two scorers cannot lock in a circle.
-- $1 days, $2 units, $3 fields, $4 procedures, $5 rules, $6..$12 early, on_time, late, overdue, in_time, paused,
-- excluded.  Writes: day_count.
INSERT INTO day_count AS c
    (day, unit_id, field_id, procedure_id, rule, early, on_time, late, overdue, in_time, paused, excluded)
SELECT u.day, u.unit_id, u.field_id, u.procedure_id, u.rule::rule_name, u.early, u.on_time, u.late, u.overdue, u.in_time,
    u.paused, u.excluded
FROM unnest($1::date[], $2::int[], $3::int[], $4::int[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[],
    $10::int[], $11::int[], $12::int[])
    AS u (day, unit_id, field_id, procedure_id, rule, early, on_time, late, overdue, in_time, paused, excluded)
ON CONFLICT (day, unit_id, field_id, procedure_id, rule) DO UPDATE SET
    early = c.early + excluded.early, on_time = c.on_time + excluded.on_time, late = c.late + excluded.late,
    overdue = c.overdue + excluded.overdue, in_time = c.in_time + excluded.in_time, paused = c.paused + excluded.paused,
    excluded = c.excluded + excluded.excluded
