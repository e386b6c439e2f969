-- scorer_unit_list: what is registered.  Result: id, code, whether it has a name, whether it has a parent.
SELECT unit_id, code, name IS NOT NULL, parent_id IS NOT NULL FROM unit
