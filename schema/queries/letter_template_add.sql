-- letter_template_add: a form of letters, unless the newest of its name and day says the same.
-- $1 name, $2 effective from, $3 text, $4 note, $5 who, $6 the local day.
-- Result: the form that letters were drafted with until now where no other is named (NULL: none), the day from which it
-- is in force.  No row: the same is there.  Writes: letter_template.
WITH until_now AS (
    SELECT t.name, t.effective_from FROM letter_template t WHERE t.effective_from <= $6::date
    ORDER BY t.effective_from DESC, t.template_id DESC LIMIT 1)
INSERT INTO letter_template (name, effective_from, body, note, loaded_by)
SELECT $1::text, $2::date, $3::text, $4::text, $5::text
WHERE $3::text IS DISTINCT FROM (
    SELECT t.body FROM letter_template t
    WHERE t.name = $1::text AND t.effective_from = $2::date ORDER BY t.template_id DESC LIMIT 1)
RETURNING (SELECT u.name FROM until_now u), (SELECT u.effective_from FROM until_now u)
