-- quarantine_rows: what is kept and not yet redriven, the newest first.
-- $1 redriven ones too, $2 at most so many (0: all).
-- Result: id, source, code, reason, times seen, first seen, last seen, redriven.
SELECT q.quarantine_id, s.name, q.code, q.reason, q.seen, q.first_seen, q.last_seen, q.redriven_at
FROM quarantine q
LEFT JOIN source s USING (source_id)
WHERE $1::boolean OR q.redriven_at IS NULL
ORDER BY q.quarantine_id DESC
LIMIT nullif($2::bigint, 0)
