-- recipients_disable: nothing goes to a recipient any more (why), or (NULL) again.  $1 id, $2 why disabled, $3 who, $4 why.
-- Result: why it was disabled before; messages given up since, for that.  No row: there is none.  Writes: recipient, recipient_log.
WITH found AS (
    SELECT r.* FROM recipient r WHERE r.recipient_id = $1::int FOR UPDATE
), done AS (
    UPDATE recipient r SET disabled = $2::text, paused_until = CASE WHEN $2::text IS NULL THEN NULL ELSE r.paused_until END
    FROM found f
    WHERE r.recipient_id = f.recipient_id
), logged AS (
    INSERT INTO recipient_log (recipient_id, what, about, who, why)
    SELECT f.recipient_id, CASE WHEN $2::text IS NULL THEN 'enabled' ELSE 'disabled' END,
        concat_ws(' ', u.code, f.role, f.channel, f.address), $3::text, $4::text
    FROM found f JOIN unit u USING (unit_id))
SELECT f.disabled,
    (SELECT count(*) FROM delivery d
     WHERE d.recipient_id = f.recipient_id AND d.state = 'dead' AND d.last_error LIKE 'disabled: %')
FROM found f
