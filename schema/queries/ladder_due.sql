-- ladder_due: whether a step is due.  The one that is due first tells, and its index in order forgets those taken before:
-- looked for in any other way they would be passed over again each time.  $1 clock.  Result: one boolean.
SELECT coalesce((SELECT t.due_at <= $1::timestamptz FROM step t WHERE t.state = 'waiting' ORDER BY t.due_at LIMIT 1), false)
