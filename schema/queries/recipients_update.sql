-- recipients_update: hours and language of a recipient that a file names again.  $1 id, $2 hours, $3 language, $4 who,
-- $5 why.
-- Result: a row when that was a change.  Writes: recipient, recipient_log.
WITH changed AS (
    UPDATE recipient r SET hours = $2::text, lang = $3::text
    WHERE r.recipient_id = $1::int AND (r.hours, r.lang) IS DISTINCT FROM ($2::text, $3::text)
    RETURNING r.recipient_id, r.unit_id, r.role, r.channel, r.address)
INSERT INTO recipient_log (recipient_id, what, about, who, why)
SELECT c.recipient_id, 'changed', concat_ws(' ', u.code, c.role, c.channel, c.address), $4::text, $5::text
FROM changed c JOIN unit u USING (unit_id)
RETURNING recipient_id
