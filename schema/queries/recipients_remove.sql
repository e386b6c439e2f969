-- recipients_remove: deletes a recipient to whom nothing was ever addressed; another one is disabled.  $1 id, $2 who, $3 why.
-- Result: whether it was deleted, files of its keys.  No row: there is none.  Writes: recipient, recipient_log.
WITH found AS (
    SELECT r.*, EXISTS (SELECT FROM delivery y WHERE y.recipient_id = r.recipient_id)
        OR EXISTS (SELECT FROM message m WHERE m.recipient_id = r.recipient_id)
        OR EXISTS (SELECT FROM notice n WHERE n.recipient_id = r.recipient_id) AS used
    FROM recipient r
    WHERE r.recipient_id = $1::int
    FOR UPDATE
), deleted AS (
    DELETE FROM recipient r USING found f WHERE r.recipient_id = f.recipient_id AND NOT f.used
), disabled AS (
    UPDATE recipient r SET disabled = coalesce(r.disabled, $2::text || ': ' || $3::text)
    FROM found f
    WHERE r.recipient_id = f.recipient_id AND f.used
), logged AS (
    INSERT INTO recipient_log (recipient_id, what, about, who, why)
    SELECT f.recipient_id, CASE WHEN f.used THEN 'disabled' ELSE 'removed' END,
        concat_ws(' ', u.code, f.role, f.channel, f.address), $2::text, $3::text
    FROM found f JOIN unit u USING (unit_id))
SELECT NOT f.used, f.secret_file FROM found f
