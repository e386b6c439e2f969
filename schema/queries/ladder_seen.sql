-- ladder_seen: by which rungs all open promises have been planned; '': not all of them yet.  When that is so already by those
-- that are used a look begun once more takes nothing back.
-- $1 what ladder_rungs tells them by, or '', $2 that of those used.  Writes: notifier_cursor.
UPDATE notifier_cursor SET rungs = $1::text WHERE rungs NOT IN ($1::text, $2::text)
