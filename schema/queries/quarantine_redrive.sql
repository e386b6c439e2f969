-- quarantine_redrive: puts a kept event, valid after all, into the ledger.  $1 id, $2 source, $3 event id, $4 kind,
-- $5 slot, $6 happened, $7 sequence, $8 dossier.  Result: 0 accepted, 1 duplicate, 2 conflict, NULL no longer waiting.
-- Writes: source, event, quarantine.
SELECT quarantine_redrive($1::bigint, $2::text, $3::text, $4::smallint, $5::smallint, $6::timestamptz, $7::bigint,
    $8::text)
