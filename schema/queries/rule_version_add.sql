-- rule_version_add: a new version of a rule.  $1 rule, $2 version, $3 effective from, $4 supplement limit, $5 extension
-- limit, $6 term's count and $7 its unit (NULL but for the intake rule), $8 precision, $9 due, $10 finish, $11 pause,
-- $12 measure, $13 payment, $14 waiting, $15 missing due, $16 withdrawn, $17 unaccepted, $18 by whom, $19 note.
-- Writes: rule_version.
INSERT INTO rule_version (rule, version, effective_from, supplement_limit, extension_limit, term_count, term_unit,
    precision, due, finish, pause, measure, payment, waiting, missing_due, withdrawn, unaccepted, loaded_by, note)
VALUES ($1::text::rule_name, $2::smallint, $3::timestamptz, $4::smallint, $5::smallint, nullif($6::int, 0), $7::text,
    $8::text, $9::text, $10::text, $11::text, $12::text, $13::text, $14::text, $15::text, $16::text, $17::text, $18::text,
    $19::text)
