-- contact_show: who handed a dossier in.  $1 source_id, $2 code.
-- Result: name, address, phone, e-mail, receipt number, origin, changed, by whom, erased.
SELECT name, address, phone, email, receipt_number, origin, updated_at, updated_by, erased_at
FROM contact WHERE source_id = $1::int AND code = $2::text
