-- scorer_waiting: shards that have something to do, without locking or writing anything.  Asked at each poll: the newest
-- transaction number of a segment is one step in an index, however large the ledger.
-- $1 now, $2 moment before which a judgement is stale.  Result: shard.
SELECT c.shard
FROM scorer_cursor c JOIN segment s ON s.segment = c.segment
WHERE (c.judged_at < $1::timestamptz AND c.judged_at < $2::timestamptz)
    OR c.behind OR c.busy
    OR s.sealed_at IS NOT NULL
    OR c.calendar <> coalesce((SELECT max(k.version) FROM calendar k WHERE k.in_force <= c.judged_at), 0)
    OR (SELECT e.xid FROM event e WHERE e.segment = c.segment ORDER BY e.xid DESC LIMIT 1) >= pg_snapshot_xmax(c.snapshot)
    OR EXISTS (
        SELECT FROM pg_snapshot_xip(c.snapshot) AS x (xid)
        CROSS JOIN LATERAL (SELECT FROM event k WHERE k.segment = c.segment AND k.xid = x.xid OFFSET 0) e
        WHERE pg_visible_in_snapshot(x.xid, pg_current_snapshot()))
ORDER BY c.shard
