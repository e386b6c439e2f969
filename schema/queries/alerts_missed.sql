-- alerts_missed: how many steps of the ladder wait although they were due before a moment (index step_waiting).
-- $1 before, $2 unit (NULL: all).  Result: their number, the longest due.
SELECT count(*), min(s.due_at)
FROM step s
WHERE s.state = 'waiting' AND s.due_at < $1::timestamptz
    AND ($2::text IS NULL OR s.unit_id = (SELECT u.unit_id FROM unit u WHERE u.code = $2::text))
