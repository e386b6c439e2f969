-- ladder_plan: steps that come to wait, and those whose time was over when the promise became known.  The caller holds the
-- cursor and has looked that there are none of these rungs; should another notifier have planned one just before, this round
-- fails and starts again.
-- $1 sources, $2 codes, $3 episodes, $4 rungs, $5 units, $6 when to take it, $7 promises, $8 when it was to be taken before it
-- was postponed, $9 outcomes (NULL: it waits), $10 clock.  Writes: step.
INSERT INTO step (source_id, code, episode, rung, unit_id, due_at, anchor_at, due_was, state, outcome, done_at)
SELECT w.source_id, w.code, w.episode, w.rung, w.unit_id, w.due_at, w.anchor_at, w.due_was,
    CASE WHEN w.outcome IS NULL THEN 'waiting' ELSE 'dropped' END, w.outcome, CASE WHEN w.outcome IS NOT NULL THEN $10::timestamptz END
FROM (
    SELECT unnest($1::int[]) AS source_id, unnest($2::text[]) AS code, unnest($3::smallint[]) AS episode,
        unnest($4::smallint[]) AS rung, unnest($5::int[]) AS unit_id, unnest($6::timestamptz[]) AS due_at,
        unnest($7::timestamptz[]) AS anchor_at, unnest($8::timestamptz[]) AS due_was, unnest($9::text[]) AS outcome) w
