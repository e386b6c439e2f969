-- scorer_dossier_load: dossiers by key.  $1 sources, $2 codes.
-- Result: position in the arrays from 1, then the columns that scorer/dossier_store.c names.
SELECT u.ord, d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.due_moves, d.events, d.flags, d.supplements, d.pauses,
    d.calendar, d.online, d.last_happened, d.last_sequence, d.last_event_id, d.submitted_at, d.received_at, d.accepted_at,
    d.due_first, d.due_current, d.finished_first, d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at,
    d.told_at, d.due_computed, d.promise, d.promise_day, d.promise_due, d.portal, d.portal_day, d.portal_due, d.intake,
    d.intake_day, d.intake_due, d.slot, d.reappointments, d.broken, d.next_due
FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS u (source_id, code, ord)
JOIN dossier d ON d.source_id = u.source_id AND d.code = u.code COLLATE "C"
