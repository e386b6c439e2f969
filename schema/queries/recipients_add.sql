-- recipients_add: one more recipient; one who is there under the same unit, role, channel and address stays.
-- $1 unit, $2 role, $3 channel, $4 address, $5 hours, $6 language, $7 files of the keys (NULL for email), $8 who, $9 why.
-- Result: whether the unit is known, whether an active rung names the role, the recipient there was, why that one is
-- disabled, the recipient made.  Writes: recipient, recipient_log.
WITH named AS (
    SELECT (SELECT u.unit_id FROM unit u WHERE u.code = $1::text) AS unit_id,
        EXISTS (SELECT FROM rung g WHERE g.active AND $2::text = ANY (g.roles)) AS role_known
), known AS (
    SELECT r.recipient_id, r.disabled
    FROM named n JOIN recipient r USING (unit_id)
    WHERE r.role = $2::text COLLATE "C" AND r.channel = $3::text COLLATE "C" AND r.address = $4::text
), made AS (
    INSERT INTO recipient (unit_id, role, channel, address, hours, lang, secret_file)
    SELECT n.unit_id, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text
    FROM named n
    WHERE n.unit_id IS NOT NULL AND NOT EXISTS (SELECT FROM known)
    RETURNING recipient_id
), logged AS (
    INSERT INTO recipient_log (recipient_id, what, about, who, why)
    SELECT m.recipient_id, 'added', concat_ws(' ', $1::text, $2::text, $3::text, $4::text), $8::text, $9::text FROM made m)
SELECT n.unit_id IS NOT NULL, n.role_known, (SELECT recipient_id FROM known), (SELECT disabled FROM known),
    (SELECT recipient_id FROM made)
FROM named n
