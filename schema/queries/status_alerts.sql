-- status_alerts: how alerts stand, on one line.  $1 steps due before this moment are missed.
-- Result: letters to send, steps missed, deliveries waiting, given up, uncertain, notices of recipients that are disabled.
SELECT (SELECT count(*) FROM duty WHERE state IN ('owed', 'drafted', 'approved')),
    (SELECT count(*) FROM step WHERE state = 'waiting' AND due_at < $1::timestamptz),
    count(*) FILTER (WHERE state IN ('waiting', 'claimed')), count(*) FILTER (WHERE state = 'dead'),
    count(*) FILTER (WHERE state = 'uncertain'),
    (SELECT count(*) FROM notice n JOIN recipient r USING (recipient_id) WHERE n.message_id IS NULL AND r.disabled IS NOT NULL)
FROM delivery
WHERE state <> 'sent'
