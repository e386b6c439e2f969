-- scorer_unit_register: the number of a unit, made on first sight; fills a name or a parent that was not known, never
-- replaces one (people confirm them).  $1 code, $2 name or NULL, $3 code of the parent or NULL.  Result: id.
WITH parent AS (
    INSERT INTO unit AS u (code)
    SELECT $3::text WHERE $3::text IS NOT NULL AND $3::text <> $1::text
    ON CONFLICT (code) DO UPDATE SET code = u.code
    RETURNING unit_id
)
INSERT INTO unit AS u (code, name, parent_id)
VALUES ($1::text, $2::text, (SELECT unit_id FROM parent))
ON CONFLICT (code) DO UPDATE SET
    name = coalesce(u.name, excluded.name), parent_id = coalesce(u.parent_id, excluded.parent_id)
RETURNING unit_id
