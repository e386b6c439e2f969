-- ladder_plan: the steps of promises to keep.  What was taken stays taken; a step that waits goes with its promise; one
-- whose time was over when the promise became known is noted as passed.
-- $1 sources, $2 codes, $3 episodes, $4 rungs, $5 units, $6 when to take it, $7 promises, $8 since when each is known,
-- $9 clock.  Writes: step.
INSERT INTO step AS t (source_id, code, episode, rung, unit_id, due_at, anchor_at, state, outcome, done_at)
SELECT w.source_id, w.code, w.episode, w.rung, w.unit_id, w.due_at, w.anchor_at,
    CASE WHEN w.due_at > w.known_at THEN 'waiting' ELSE 'dropped' END,
    CASE WHEN w.due_at <= w.known_at THEN 'passed' END, CASE WHEN w.due_at <= w.known_at THEN $9::timestamptz END
FROM unnest($1::int[], $2::text[], $3::smallint[], $4::smallint[], $5::int[], $6::timestamptz[], $7::timestamptz[],
    $8::timestamptz[]) AS w (source_id, code, episode, rung, unit_id, due_at, anchor_at, known_at)
ORDER BY w.source_id, w.code, w.episode, w.rung
ON CONFLICT ON CONSTRAINT step_pkey DO UPDATE SET
    unit_id = excluded.unit_id, anchor_at = excluded.anchor_at, state = 'waiting', outcome = NULL, done_at = NULL,
    -- What an official postponed stays so as long as its promise does, also at another unit.
    due_at = CASE WHEN t.state = 'waiting' AND t.due_was IS NOT NULL AND t.anchor_at = excluded.anchor_at THEN t.due_at ELSE excluded.due_at END,
    due_was = CASE WHEN t.state = 'waiting' AND t.anchor_at = excluded.anchor_at THEN t.due_was END
WHERE CASE t.state
    WHEN 'waiting' THEN t.unit_id <> excluded.unit_id OR t.anchor_at <> excluded.anchor_at
        -- Another calendar counts.
        OR (t.due_at <> excluded.due_at AND t.due_was IS NULL)
    WHEN 'dropped' THEN excluded.state = 'waiting'
    ELSE false END
