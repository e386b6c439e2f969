-- letter_gather: takes over who handed dossiers in.  $1 source_ids, $2 codes.  Result: contacts new or changed.
-- Writes: contact.
SELECT contact_gather($1::int[], $2::text[])
