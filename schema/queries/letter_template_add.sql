-- letter_template_add: a form of letters, unless the newest of its name and day says the same.
-- $1 name, $2 effective from, $3 text, $4 who.  Result: template_id.  No row: it is there.  Writes: letter_template.
INSERT INTO letter_template (name, effective_from, body, loaded_by)
SELECT $1::text, $2::date, $3::text, $4::text
WHERE $3::text IS DISTINCT FROM (
    SELECT t.body FROM letter_template t
    WHERE t.name = $1::text AND t.effective_from = $2::date ORDER BY t.template_id DESC LIMIT 1)
RETURNING template_id
