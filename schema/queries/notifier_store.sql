-- notifier_store: everything up to a snapshot has been acted on.  $1 snapshot.  Writes: notifier_cursor.
UPDATE notifier_cursor c
SET snapshot = $1::text::pg_snapshot, epoch = h.system_identifier, updated_at = now(), upto = NULL, place_source_id = NULL,
    place_code = NULL
FROM pg_control_system() h
