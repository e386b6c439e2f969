-- scorer_dossier_add: dossiers seen for the first time.  Rows: scorer/dossier_store.c.  Writes: dossier.
COPY dossier (
    source_id, code, unit_id, field_id, procedure_id, due_moves, events, flags, supplements, pauses, calendar,
    online, last_happened, last_sequence, last_event_id, submitted_at, received_at, accepted_at, due_first,
    due_current, finished_first, finished_at, returned_at, refused_at, stopped_at, withdrawn_at, told_at,
    due_computed, promise, promise_day, promise_due, portal, portal_day, portal_due, intake, intake_day, intake_due,
    flips_at, state, slot, reappointments, broken, next_due)
FROM STDIN (FORMAT binary)
