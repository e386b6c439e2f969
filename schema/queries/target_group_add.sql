-- target_group_add: the groups of a file.  $1 names, $2 fields, $3 notes.  Writes: field_group.
INSERT INTO field_group (name, field, note)
SELECT g.name, g.field, g.note FROM unnest($1::text[], $2::text[], $3::text[]) AS g (name, field, note)
