-- scorer_cursor_lock: the right to write a shard's dossiers, until the transaction ends.  No row: another scorer has it.
-- $1 shard.  Result: shards, segment, snapshot, whether the epoch is another cluster's, judged_at, behind, number up to which
-- the snapshot sees, calendar version, stamp of the book, busy.
SELECT c.shards, c.segment, c.snapshot::text, c.epoch <> (SELECT system_identifier FROM pg_control_system()),
    c.judged_at, c.behind, pg_snapshot_xmax(c.snapshot), c.calendar, (SELECT b.stamp FROM book b), c.busy
FROM scorer_cursor c
WHERE c.shard = $1::smallint
FOR UPDATE SKIP LOCKED
