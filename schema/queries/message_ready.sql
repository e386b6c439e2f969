-- message_ready: recipients whose notices have waited long enough for others, the longest waiting first.
-- $1 milliseconds that the first notice waits, $2 milliseconds between two messages to one recipient.
-- Result: recipient_id, unit_id, hears in working hours only.
SELECT r.recipient_id, r.unit_id, r.hours = 'work'
FROM recipient r
-- One look into the index a recipient, however many notices wait.
CROSS JOIN LATERAL (
    SELECT n.queued_at FROM notice n WHERE n.recipient_id = r.recipient_id AND n.message_id IS NULL
    ORDER BY n.queued_at LIMIT 1) n
WHERE r.disabled IS NULL AND n.queued_at <= now() - $1::bigint * interval '1 ms'
    AND NOT EXISTS (
        SELECT FROM message m
        WHERE m.recipient_id = r.recipient_id AND m.kind = 'notices' AND m.created_at > now() - $2::bigint * interval '1 ms'
            -- The server's clock may have been set back.
            AND m.created_at <= now())
ORDER BY n.queued_at, r.recipient_id
