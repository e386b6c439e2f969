-- target_groups: the groups of fields.  Result: name, field, note.
SELECT g.name, g.field, g.note FROM field_group g ORDER BY g.name, g.field
