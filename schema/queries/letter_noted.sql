-- letter_noted: the forms of approved letters that are still to be compared with the legal text.
-- $1 source_ids, $2 codes, $3 episodes.  Result: name, note.
SELECT t.name, t.note
FROM letter_template t
WHERE t.note <> '' AND t.template_id IN (
    SELECT l.template_id
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    -- OFFSET 0: one by one by key, however many there are.
    CROSS JOIN LATERAL (
        SELECT i.state, i.template_id FROM letter i
        WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode OFFSET 0) l
    WHERE l.state = 'approved')
ORDER BY t.name, t.template_id
