-- procedure_term_list: how long procedures may take.  Result: procedure, effective from, term's count and unit (NULL: no
-- term), whether a supplement starts the clock anew.
SELECT procedure, effective_from, term_count, term_unit, pause_mode = 'restart'
FROM procedure_term
ORDER BY procedure, effective_from
