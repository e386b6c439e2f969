-- quarantine_open: kept events that wait to be redriven, a page at a time.
-- $1 after this id, $2 only this id (NULL: all),
-- $3 at most so many.  Result: id, payload, sender.
SELECT quarantine_id, payload, sender FROM quarantine
WHERE redriven_at IS NULL AND quarantine_id > $1::bigint AND ($2::bigint IS NULL OR quarantine_id = $2::bigint)
ORDER BY quarantine_id
LIMIT $3::bigint
