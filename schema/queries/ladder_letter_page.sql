-- ladder_letter_page: the next steps of letters that are to come, by their time and key.
-- $1 time, $2 source_id, $3 code, $4 episode and $5 rung of the last one seen, $6 how many, $7 clock.
-- Result: source_id, code, episode, rung, unit_id, time, and the moment from which on the step is to be told.
SELECT t.source_id, t.code, t.episode, t.rung, t.unit_id, t.due_at,
    greatest(t.anchor_at + CASE r.anchor WHEN 'deadline' THEN interval '1 us' ELSE interval '0' END, $7::timestamptz)
FROM step t JOIN rung r ON r.rung = t.rung AND r.anchor IN ('duty', 'deadline')
WHERE t.state = 'waiting' AND t.due_at > $7::timestamptz AND t.due_at >= $1::timestamptz
    AND (t.due_at, t.source_id, t.code, t.episode, t.rung)
        > ($1::timestamptz, $2::int, $3::text COLLATE "C", $4::smallint, $5::smallint)
ORDER BY t.due_at, t.source_id, t.code, t.episode, t.rung
LIMIT $6::bigint
