-- scorer_field_register: the number of a field, made on first sight; fills a name that was not known.
-- $1 code, $2 name or NULL, $3 unused.  Result: id.
INSERT INTO field AS t (code, name)
SELECT $1::text, $2::text WHERE $3::text IS NULL OR true
ON CONFLICT (code) DO UPDATE SET name = coalesce(t.name, excluded.name)
RETURNING field_id
