-- scorer_waiting: shards that have something to do, without locking or writing anything.
-- $1 now, $2 moment before which a judgement is stale.  Result: shard.
SELECT c.shard
FROM scorer_cursor c JOIN segment s ON s.segment = c.segment
WHERE (c.judged_at < $1::timestamptz AND c.judged_at < $2::timestamptz)
    OR c.behind
    OR s.sealed_at IS NOT NULL
    OR c.calendar <> coalesce((SELECT max(k.version) FROM calendar k WHERE k.in_force <= c.judged_at), 0)
    OR EXISTS (SELECT FROM event e WHERE e.segment = c.segment AND e.xid >= pg_snapshot_xmax(c.snapshot))
    OR EXISTS (
        SELECT FROM event e
        WHERE e.segment = c.segment AND e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(c.snapshot)))
            AND pg_visible_in_snapshot(e.xid, pg_current_snapshot()))
ORDER BY c.shard
