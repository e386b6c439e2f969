-- scorer_field_list: what is registered.  Result: id, code, whether it has a name, whether it has a parent.
SELECT field_id, code, name IS NOT NULL, true FROM field
