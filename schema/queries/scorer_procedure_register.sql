-- scorer_procedure_register: the number of a procedure, made on first sight; fills a name that was not known.
-- $1 code, $2 name or NULL.  Result: id.
INSERT INTO procedure AS t (code, name) VALUES ($1::text, $2::text)
ON CONFLICT (code) DO UPDATE SET name = coalesce(t.name, excluded.name)
RETURNING procedure_id
