-- code_alias_rows: what codes mean, for people and for the check of a file.
-- Result: source, list, code, means, from and to (days; NULL: without end), note, loaded at, by.
SELECT source, list, code, means, nullif(valid_from, '-infinity'), nullif(valid_to, 'infinity'), note, loaded_at, loaded_by
FROM code_alias
ORDER BY source, list, code, valid_from
