-- recipients_rows: who hears of what, with what became of the messages.  $1 unit (NULL: all).
-- Result: id, unit, role, channel, address, hours, language, sent, waiting, notices that wait to become a message, given up,
-- last sent, paused until, why disabled, files of the keys.
SELECT r.recipient_id, u.code, r.role, r.channel, r.address, r.hours, r.lang, y.sent, y.waiting, n.notices, y.stuck, y.last_sent,
    CASE WHEN r.paused_until > now() THEN r.paused_until END, r.disabled, r.secret_file
FROM recipient r
JOIN unit u USING (unit_id)
LEFT JOIN (
    SELECT recipient_id, count(*) FILTER (WHERE state = 'sent') AS sent,
        count(*) FILTER (WHERE state IN ('waiting', 'claimed')) AS waiting,
        count(*) FILTER (WHERE state IN ('dead', 'uncertain')) AS stuck, max(sent_at) AS last_sent
    FROM delivery
    WHERE recipient_id IS NOT NULL
    GROUP BY recipient_id) y USING (recipient_id)
LEFT JOIN (
    SELECT recipient_id, count(*) AS notices FROM notice WHERE message_id IS NULL GROUP BY recipient_id) n USING (recipient_id)
WHERE $1::text IS NULL OR u.code = $1::text
ORDER BY u.code, r.role, r.channel, r.address
