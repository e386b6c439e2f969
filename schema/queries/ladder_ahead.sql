-- ladder_ahead: of the steps that are due next those of promises: the rungs behind them are planned as they are taken.
-- $1 clock, $2 at most so many are looked at.
-- Result: source_id, code, episode, rung, unit_id, when it was due, its promise, due before it was postponed, the set of rungs
-- of the promise that have a step (1 << rung).
SELECT t.source_id, t.code, t.episode, t.rung, t.unit_id, t.due_at, t.anchor_at, t.due_was, k.rungs
FROM (
    SELECT * FROM step s WHERE s.state = 'waiting' AND s.due_at <= $1::timestamptz ORDER BY s.due_at LIMIT $2::bigint) t
JOIN rung r ON r.rung = t.rung AND r.anchor = 'due'
CROSS JOIN LATERAL (
    SELECT bit_or(1::bigint << s.rung) AS rungs FROM step s
    WHERE s.source_id = t.source_id AND s.code = t.code AND s.episode = t.episode OFFSET 0) k
