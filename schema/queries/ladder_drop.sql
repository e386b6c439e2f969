-- ladder_drop: drops the steps of dossiers that wait for a promise that is no longer to keep: the dossier has ended, waits for
-- the citizen, or has another promise.  A broken promise of an open dossier is still told at its time.
-- $1 sources, $2 codes, $3 clock.  Writes: step.
WITH change AS (
    SELECT u.source_id, u.code COLLATE "C" AS code FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
), gone AS MATERIALIZED (
    SELECT t.source_id, t.code, t.episode, t.rung,
        CASE WHEN d.state IN ('received', 'in_process', 'paused') THEN 'moved' ELSE 'ended' END AS outcome
    FROM change c
    CROSS JOIN LATERAL (
        SELECT * FROM step k WHERE k.source_id = c.source_id AND k.code = c.code AND k.state = 'waiting' OFFSET 0) t
    JOIN rung r ON r.rung = t.rung AND r.anchor = 'due'
    LEFT JOIN LATERAL (
        SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d ON true
    WHERE NOT coalesce(d.next_due IS NOT NULL AND t.episode = d.broken + 1, false)
        AND NOT coalesce(t.episode <= d.broken AND d.state IN ('received', 'in_process', 'paused'), false)
)
UPDATE step t SET state = 'dropped', outcome = g.outcome, done_at = $3::timestamptz
FROM gone g
WHERE t.source_id = g.source_id AND t.code = g.code AND t.episode = g.episode AND t.rung = g.rung
