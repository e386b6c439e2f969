-- deliveries_rows: the outbox, the newest first.  $1 state, $2 recipient (each NULL: all), $3 at most so many (0: all).
-- Result: id, state, channel, unit, role, address (each NULL for a letter), kind, key, items, attempts, made, next attempt,
-- sent, last error, recipient.
SELECT d.delivery_id, d.state, d.channel, u.code, r.role, r.address, m.kind, m.key, m.items, d.attempts, d.created_at,
    CASE WHEN d.state = 'waiting' THEN d.next_at END, d.sent_at, d.last_error, d.recipient_id
FROM delivery d
JOIN message m USING (message_id)
LEFT JOIN recipient r ON r.recipient_id = d.recipient_id
LEFT JOIN unit u USING (unit_id)
WHERE ($1::text IS NULL OR d.state = $1::text) AND ($2::int IS NULL OR d.recipient_id = $2::int)
ORDER BY d.delivery_id DESC
LIMIT nullif($3::bigint, 0)
