-- explain_duties: letters of a dossier.  $1 source_id, $2 code.
-- Result: episode, state, due, deadline, opened, letter number, sent, by whom.
SELECT episode, state::text, due, deadline, opened_at, letter_no, sent_at, sent_by FROM duty
WHERE source_id = $1::int AND code = $2::text
ORDER BY episode
