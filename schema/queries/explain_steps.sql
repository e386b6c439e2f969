-- explain_steps: the steps of the ladder for a dossier.  $1 source_id, $2 code.
-- Result: promise, rung, due, due before it was postponed, state, outcome, taken.
SELECT s.episode, g.name, s.due_at, s.due_was, s.state, s.outcome, s.done_at
FROM step s JOIN rung g USING (rung)
WHERE s.source_id = $1::int AND s.code = $2::text
ORDER BY s.episode, s.due_at, s.rung
