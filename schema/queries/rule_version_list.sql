-- rule_version_list: every version of every rule, oldest first.  Result: rule, version, effective from, supplement and
-- extension limit, term's count and unit (NULL but for the intake rule), precision, due, finish, pause, measure, payment,
-- waiting, missing due, withdrawn, unaccepted, loaded at, by, note.
SELECT rule, version, effective_from, supplement_limit, extension_limit, term_count, term_unit, precision, due, finish,
    pause, measure, payment, waiting, missing_due, withdrawn, unaccepted, loaded_at, loaded_by, note
FROM rule_version
ORDER BY rule, effective_from
