-- ladder_look: what the steps of dossiers are planned by: the promise to keep, and its steps; of other promises those that
-- wait.  $1 sources, $2 codes, $3 since when each is known, $4 the rungs counted from promises.
-- Result, a row a step, those of a dossier together (a promise without any: one row): place in the arrays, source_id, code,
-- since when it is known, unit_id, moment of the promise to keep (NULL: none), promises broken, whether it is open; of the
-- step: episode (NULL: none), rung, state, unit_id, when it is due, its promise, due before it was postponed.
SELECT c.n, c.source_id, c.code, c.known_at, d.unit_id, d.next_due, coalesce(d.broken, 0::smallint),
    coalesce(d.state IN ('received', 'in_process', 'paused'), false), t.episode, t.rung, t.state, t.unit_id, t.due_at, t.anchor_at,
    t.due_was
FROM unnest($1::int[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS c (source_id, code, known_at, n)
-- OFFSET 0: one by one by key.
LEFT JOIN LATERAL (
    SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code COLLATE "C" OFFSET 0) d ON true
LEFT JOIN LATERAL (
    SELECT * FROM step k
    WHERE k.source_id = c.source_id AND k.code = c.code COLLATE "C" AND (k.state = 'waiting' OR k.episode = d.broken + 1)
        AND k.rung = ANY ($4::smallint[]) OFFSET 0) t ON true
WHERE d.next_due IS NOT NULL OR t.rung IS NOT NULL
ORDER BY c.n
