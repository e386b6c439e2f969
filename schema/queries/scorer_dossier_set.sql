-- scorer_dossier_set: dossiers that changed.  $1..$25 one array per column, keys first.  Writes: dossier.
UPDATE dossier d SET
    unit_id = u.unit_id, field_id = u.field_id, procedure_id = u.procedure_id, due_moves = u.due_moves,
    events = u.events, flags = u.flags, promise_day = u.promise_day, promise = u.promise::dossier_class,
    last_happened = u.last_happened, last_sequence = u.last_sequence, last_event_id = u.last_event_id,
    received_at = u.received_at, accepted_at = u.accepted_at, due_first = u.due_first, due_current = u.due_current,
    finished_first = u.finished_first, finished_at = u.finished_at, returned_at = u.returned_at,
    refused_at = u.refused_at, stopped_at = u.stopped_at, withdrawn_at = u.withdrawn_at, paused_at = u.paused_at,
    state = u.state::dossier_state
FROM unnest($1::int[], $2::text[], $3::int[], $4::int[], $5::int[], $6::smallint[], $7::int[], $8::int[], $9::date[],
    $10::text[], $11::timestamptz[], $12::bigint[], $13::text[], $14::timestamptz[], $15::timestamptz[],
    $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
    $21::timestamptz[], $22::timestamptz[], $23::timestamptz[], $24::timestamptz[], $25::text[])
    AS u (source_id, code, unit_id, field_id, procedure_id, due_moves, events, flags, promise_day, promise,
        last_happened, last_sequence, last_event_id, received_at, accepted_at, due_first, due_current, finished_first,
        finished_at, returned_at, refused_at, stopped_at, withdrawn_at, paused_at, state)
WHERE d.source_id = u.source_id AND d.code = u.code COLLATE "C"
