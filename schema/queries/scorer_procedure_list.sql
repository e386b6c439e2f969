-- scorer_procedure_list: what is registered.  Result: id, code, whether it has a name, whether it has a parent.
SELECT procedure_id, code, name IS NOT NULL, true FROM procedure
