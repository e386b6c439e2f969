-- target_add: the targets of a file.  $1 plan, $2 lines, $3 bounds, $4 min_samples, $5 valid_from, $6 valid_to, $7 each,
-- $8 units, $9 groups of fields, $10 procedures, $11 measures, $12 relations, $13 periods, $14 titles, $15 sources,
-- $16 by whom.  Writes: target.
INSERT INTO target (plan, line, bound, min_sample, valid_from, valid_to, each, unit, field_group, procedure, measure,
    relation, period, title, source, loaded_by)
SELECT $1::text, t.line, t.bound, t.min_sample, t.valid_from, t.valid_to, t.each, t.unit, t.field_group, t.procedure,
    t.measure, t.relation, t.period, t.title, t.source, $16::text
FROM unnest($2::int[], $3::int[], $4::int[], $5::date[], $6::date[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
    AS t (line, bound, min_sample, valid_from, valid_to, each, unit, field_group, procedure, measure, relation, period,
        title, source)
