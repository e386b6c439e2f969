-- scorer_dossier_add: dossiers seen for the first time.  Rows: scorer/dossier_store.c.  Writes: dossier.
COPY dossier (source_id, code, unit_id, field_id, procedure_id, due_moves, events, flags, promise_day, promise,
    last_happened, last_sequence, last_event_id, received_at, accepted_at, due_first, due_current, finished_first,
    finished_at, returned_at, refused_at, stopped_at, withdrawn_at, paused_at, slot, state)
FROM STDIN (FORMAT binary)
