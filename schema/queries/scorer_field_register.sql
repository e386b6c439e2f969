-- scorer_field_register: the number of a field, made on first sight; fills a name that was not known.
-- $1 code, $2 name or NULL.  Result: id.
INSERT INTO field AS t (code, name) VALUES ($1::text, $2::text)
ON CONFLICT (code) DO UPDATE SET name = coalesce(t.name, excluded.name)
RETURNING field_id
