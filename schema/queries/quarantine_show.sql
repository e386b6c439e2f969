-- quarantine_show: one kept event.  $1 id.
-- Result: id, source, sender, its name, code, reason, seen, first seen, last seen, redriven, its outcome, payload.
SELECT q.quarantine_id, s.name, q.sender, k.name, q.code, q.reason, q.seen, q.first_seen, q.last_seen, q.redriven_at,
    q.redriven_outcome, q.payload
FROM quarantine q
LEFT JOIN source s USING (source_id)
LEFT JOIN sender_key k ON k.public_key = q.sender
WHERE q.quarantine_id = $1::bigint
