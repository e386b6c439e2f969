-- recipients_keys: the files of the keys of a webhook become others, or its key is shown ($3 is what $2 is).
-- $1 id, $2 files as they were, $3 files, $4 what, $5 who, $6 why.
-- Result: a row, unless somebody else changed them in between.  Writes: recipient, recipient_log.
WITH changed AS (
    UPDATE recipient r SET secret_file = $3::text
    WHERE r.recipient_id = $1::int AND r.secret_file = $2::text
    RETURNING r.recipient_id, r.unit_id, r.role, r.channel, r.address)
INSERT INTO recipient_log (recipient_id, what, about, who, why)
SELECT c.recipient_id, $4::text, concat_ws(' ', u.code, c.role, c.channel, c.address), $5::text, $6::text
FROM changed c JOIN unit u USING (unit_id)
RETURNING recipient_id
