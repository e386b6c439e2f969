-- scorer_dossier_set: dossiers that changed.  $1..$42 one array per column, keys first.  Writes: dossier.
UPDATE dossier d SET
    unit_id = u.unit_id, field_id = u.field_id, procedure_id = u.procedure_id, due_moves = u.due_moves, events =
    u.events, flags = u.flags, supplements = u.supplements, pauses = u.pauses, calendar = u.calendar, online =
    u.online = 1, last_happened = u.last_happened, last_sequence = u.last_sequence, last_event_id = u.last_event_id,
    submitted_at = u.submitted_at, received_at = u.received_at, accepted_at = u.accepted_at, due_first =
    u.due_first, due_current = u.due_current, finished_first = u.finished_first, finished_at = u.finished_at,
    returned_at = u.returned_at, refused_at = u.refused_at, stopped_at = u.stopped_at, withdrawn_at =
    u.withdrawn_at, told_at = u.told_at, due_computed = u.due_computed, promise = u.promise::dossier_class,
    promise_day = u.promise_day, promise_due = u.promise_due, portal = u.portal::dossier_class, portal_day =
    u.portal_day, portal_due = u.portal_due, intake = u.intake::dossier_class, intake_day = u.intake_day, intake_due
    = u.intake_due, flips_at = u.flips_at, state = u.state::dossier_state, reappointments = u.reappointments,
    broken = u.broken, next_due = u.next_due
FROM unnest(
        $1::int[], $2::text[], $3::int[], $4::int[], $5::int[], $6::smallint[], $7::int[], $8::int[],
        $9::smallint[], $10::int[], $11::smallint[], $12::smallint[], $13::timestamptz[], $14::bigint[],
        $15::text[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[],
        $20::timestamptz[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[], $24::timestamptz[],
        $25::timestamptz[], $26::timestamptz[], $27::timestamptz[], $28::timestamptz[], $29::text[], $30::date[],
        $31::timestamptz[], $32::text[], $33::date[], $34::timestamptz[], $35::text[], $36::date[],
        $37::timestamptz[], $38::timestamptz[], $39::text[], $40::smallint[], $41::smallint[],
        $42::timestamptz[])
    AS u (
        source_id, code, unit_id, field_id, procedure_id, due_moves, events, flags, supplements, pauses, calendar,
        online, last_happened, last_sequence, last_event_id, submitted_at, received_at, accepted_at, due_first,
        due_current, finished_first, finished_at, returned_at, refused_at, stopped_at, withdrawn_at, told_at,
        due_computed, promise, promise_day, promise_due, portal, portal_day, portal_due, intake, intake_day,
        intake_due, flips_at, state, reappointments, broken, next_due)
WHERE d.source_id = u.source_id AND d.code = u.code COLLATE "C"
