-- contact_erase_one: erases a person's data of one dossier.  $1 source_id, $2 code, $3 who, $4 why.
-- Result: payloads changed.  Writes: contact, contact_log, event, event_redaction.
SELECT contact_erase($1::int, $2::text, $3::text, $4::text)
