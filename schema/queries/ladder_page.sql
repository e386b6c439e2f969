-- ladder_page: the next open dossiers with a promise to keep, by promise and key, and their steps.
-- $1 promise, $2 source_id and $3 code of the last one seen, $4 how many, $5 clock, $6 the rungs counted from promises.
-- Result: as ladder_look, with the place in the page first.
SELECT d.n, d.source_id, d.code, $5::timestamptz, d.unit_id, d.next_due, d.broken,
    d.state IN ('received', 'in_process', 'paused'), t.episode, t.rung, t.state, t.unit_id, t.due_at, t.anchor_at, t.due_was
FROM (
    SELECT k.source_id, k.code, k.unit_id, k.next_due, k.broken, k.state,
        row_number() OVER (ORDER BY k.next_due, k.source_id, k.code) AS n
    FROM dossier k
    WHERE k.next_due >= $1::timestamptz AND (k.next_due, k.source_id, k.code) > ($1::timestamptz, $2::int, $3::text COLLATE "C")
    ORDER BY k.next_due, k.source_id, k.code
    LIMIT $4::bigint) d
LEFT JOIN LATERAL (
    SELECT * FROM step k
    WHERE k.source_id = d.source_id AND k.code = d.code
        AND (k.state = 'waiting' OR k.episode = d.broken + 1) AND k.rung = ANY ($6::smallint[]) OFFSET 0) t ON true
ORDER BY d.n
