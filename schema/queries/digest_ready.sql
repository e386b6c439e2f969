-- digest_ready: recipients who have not had their digest of a day.  $1 the local day.
-- Result: recipient_id, unit_id, hears in working hours only.
SELECT r.recipient_id, r.unit_id, r.hours = 'work'
FROM recipient r
WHERE r.disabled IS NULL AND r.digest_day IS DISTINCT FROM $1::date
    AND EXISTS (SELECT FROM rung g WHERE g.anchor = 'daily' AND g.active AND r.role = ANY (g.roles))
ORDER BY r.recipient_id
