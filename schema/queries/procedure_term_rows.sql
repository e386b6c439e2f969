-- procedure_term_rows: how long procedures may take, for people.  $1 a procedure, NULL for all.
-- Result: procedure, name, effective from, term's count and unit (NULL: no term), pause mode, note, loaded at, by.
SELECT t.procedure, p.name, t.effective_from, t.term_count, t.term_unit, t.pause_mode, t.note, t.loaded_at, t.loaded_by
FROM procedure_term t
LEFT JOIN procedure p ON p.code = t.procedure
WHERE $1::text IS NULL OR t.procedure = $1::text
ORDER BY t.procedure, t.effective_from
