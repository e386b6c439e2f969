-- ladder_seen: by which rungs all open promises have been planned; '': not all of them yet.  $1 what ladder_rungs tells them by.
-- Writes: notifier_cursor.
UPDATE notifier_cursor SET rungs = $1::text WHERE rungs <> $1::text
