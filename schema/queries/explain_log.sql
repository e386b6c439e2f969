-- explain_log: every change of a dossier's letters.  $1 source_id, $2 code.
-- Result: episode, at, was, now, who, why.
SELECT episode, at, was::text, now::text, who, why FROM duty_log
WHERE source_id = $1::int AND code = $2::text
ORDER BY logged_at, episode, at
