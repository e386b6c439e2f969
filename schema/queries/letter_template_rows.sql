-- letter_template_rows: forms of letters.  $1 the local day.  Result: name, effective from, whether it is in force, whether
-- it has a note, bytes, loaded at, by whom; by name, newest first.
SELECT t.name, t.effective_from, t.template_id = (
        SELECT n.template_id FROM letter_template n
        WHERE n.name = t.name AND n.effective_from <= $1::date
        ORDER BY n.effective_from DESC, n.template_id DESC LIMIT 1) IS TRUE, t.note <> '',
    octet_length(t.body), t.loaded_at, t.loaded_by
FROM letter_template t
ORDER BY t.name, t.effective_from DESC, t.template_id DESC
