-- ladder_due: whether a step is due.  $1 clock.  Result: one boolean.
SELECT EXISTS (SELECT FROM step t WHERE t.state = 'waiting' AND t.due_at <= $1::timestamptz)
