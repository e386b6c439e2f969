-- ingest_append: stores and counts one batch.  $1 worker, $2 batch, $3-$11 the events (source, id, kind, slot, happened,
-- sequence, dossier, digest, payload), $12 their senders, $13-$16 counts (source, rejected, denied, busy), $17-$22 the
-- quarantined (source, sender, code, reason, digest, payload).  Result: outcomes, NULL when all were accepted.
-- Writes: event, quarantine, intake, intake_worker.
SELECT event_append(
    $1::text, $2::bigint,
    $3::int[], $4::text[], $5::smallint[], $6::smallint[], $7::timestamptz[], $8::bigint[], $9::text[], $10::bytea[],
    $11::text[], $12::text[],
    $13::int[], $14::bigint[], $15::bigint[], $16::bigint[],
    $17::int[], $18::text[], $19::text[], $20::text[], $21::bytea[], $22::bytea[]) AS outcome
