-- deliveries_show: one delivery and its message.  $1 id.
-- Result: id, state, channel, recipient, unit, role, address, kind, key, items, attempts, made, next attempt, claimed until,
-- sent, id on the wire, last error, why the recipient is disabled, message, what it says (NULL for a letter, which names
-- people), when that was put together, the recipient's language, the unit's name.
SELECT d.delivery_id, d.state, d.channel, d.recipient_id, u.code, r.role, r.address, m.kind, m.key, m.items, d.attempts,
    d.created_at, CASE WHEN d.state = 'waiting' THEN d.next_at END, d.claimed_until, d.sent_at, d.wire_id, d.last_error,
    r.disabled, m.message_id, CASE WHEN m.kind <> 'letter' THEN m.facts::text END,
    m.at, r.lang, u.name
FROM delivery d
JOIN message m USING (message_id)
LEFT JOIN recipient r ON r.recipient_id = d.recipient_id
LEFT JOIN unit u USING (unit_id)
WHERE d.delivery_id = $1::bigint
