-- scorer_dossier_set: dossiers that changed.  $1..$42 one array per column, keys first; unrolled a row at a time, for as
-- tables they would all be copied first.  Writes: dossier.
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
FROM (
    SELECT unnest($1::int[]) AS source_id, unnest($2::text[]) AS code, unnest($3::int[]) AS unit_id,
        unnest($4::int[]) AS field_id, unnest($5::int[]) AS procedure_id, unnest($6::smallint[]) AS due_moves,
        unnest($7::int[]) AS events, unnest($8::int[]) AS flags, unnest($9::smallint[]) AS supplements,
        unnest($10::int[]) AS pauses, unnest($11::smallint[]) AS calendar, unnest($12::smallint[]) AS online,
        unnest($13::timestamptz[]) AS last_happened, unnest($14::bigint[]) AS last_sequence,
        unnest($15::text[]) AS last_event_id, unnest($16::timestamptz[]) AS submitted_at,
        unnest($17::timestamptz[]) AS received_at, unnest($18::timestamptz[]) AS accepted_at,
        unnest($19::timestamptz[]) AS due_first, unnest($20::timestamptz[]) AS due_current,
        unnest($21::timestamptz[]) AS finished_first, unnest($22::timestamptz[]) AS finished_at,
        unnest($23::timestamptz[]) AS returned_at, unnest($24::timestamptz[]) AS refused_at,
        unnest($25::timestamptz[]) AS stopped_at, unnest($26::timestamptz[]) AS withdrawn_at,
        unnest($27::timestamptz[]) AS told_at, unnest($28::timestamptz[]) AS due_computed, unnest($29::text[]) AS promise,
        unnest($30::date[]) AS promise_day, unnest($31::timestamptz[]) AS promise_due, unnest($32::text[]) AS portal,
        unnest($33::date[]) AS portal_day, unnest($34::timestamptz[]) AS portal_due, unnest($35::text[]) AS intake,
        unnest($36::date[]) AS intake_day, unnest($37::timestamptz[]) AS intake_due, unnest($38::timestamptz[]) AS flips_at,
        unnest($39::text[]) AS state, unnest($40::smallint[]) AS reappointments, unnest($41::smallint[]) AS broken,
        unnest($42::timestamptz[]) AS next_due) u
WHERE d.source_id = u.source_id AND d.code = u.code COLLATE "C"
