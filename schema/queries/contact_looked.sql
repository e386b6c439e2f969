-- contact_looked: notes who looked at a name.  $1 source_id, $2 code, $3 who, $4 why.  Writes: contact_log.
INSERT INTO contact_log (source_id, code, what, who, why) VALUES ($1::int, $2::text, 'shown', $3::text, $4::text)
