-- ladder_letter_plan: steps of letters are told at another time now; what an official postponed stays so.
-- $1 sources, $2 codes, $3 episodes, $4 rungs, $5 times.  Writes: step.
UPDATE step t SET due_at = w.due_at
FROM unnest($1::int[], $2::text[], $3::smallint[], $4::smallint[], $5::timestamptz[]) AS w (source_id, code, episode, rung, due_at)
WHERE t.source_id = w.source_id AND t.code = w.code COLLATE "C" AND t.episode = w.episode AND t.rung = w.rung
    AND t.state = 'waiting' AND t.due_was IS NULL AND t.due_at <> w.due_at
