-- recipients_one: one recipient.  $1 id.
-- Result: id, unit, role, channel, address, files of the keys, why disabled, language.
SELECT r.recipient_id, u.code, r.role, r.channel, r.address, r.secret_file, r.disabled, r.lang
FROM recipient r JOIN unit u USING (unit_id)
WHERE r.recipient_id = $1::int
