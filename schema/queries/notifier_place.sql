-- notifier_place: how far a look at everything has come.
-- $1 snapshot it goes up to, $2 source_id and $3 code of the last dossier seen.  Writes: notifier_cursor.
UPDATE notifier_cursor c
SET snapshot = '1:1:', epoch = h.system_identifier, updated_at = now(), upto = $1::text::pg_snapshot, place_source_id = $2::int,
    place_code = $3::text
FROM pg_control_system() h
