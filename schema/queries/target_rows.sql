-- target_rows: targets.  $1 only those of this plan (NULL: all), $2, $3 only those that hold on a day between these
-- two.  Result: plan, line, bound, min_sample, valid_from, valid_to, each, unit, group of fields, procedure, measure,
-- relation, period, title, source, loaded at, loaded by.
SELECT t.plan, t.line, t.bound, t.min_sample, t.valid_from, t.valid_to, t.each, t.unit, t.field_group, t.procedure,
    t.measure, t.relation, t.period, t.title, t.source, t.loaded_at, t.loaded_by
FROM target t
WHERE ($1::text IS NULL OR t.plan = $1::text) AND t.valid_from <= $3::date AND t.valid_to >= $2::date
ORDER BY t.plan, t.line
