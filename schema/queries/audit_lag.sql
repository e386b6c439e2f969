-- audit_lag: what waits.  Result: ledger rows not folded yet, verdict changes the notifier has not acted on.
SELECT
    (SELECT coalesce(sum(w.rows), 0)::bigint
    FROM scorer_cursor c
    CROSS JOIN LATERAL (
        SELECT count(*) AS rows FROM event e
        WHERE e.segment > c.segment AND e.slot % c.shards = c.shard
        UNION ALL
        SELECT count(*) FROM event e
        WHERE e.segment = c.segment AND e.slot % c.shards = c.shard AND e.xid >= pg_snapshot_xmax(c.snapshot)
        UNION ALL
        SELECT count(*) FROM event e
        WHERE e.segment = c.segment AND e.slot % c.shards = c.shard
            AND e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(c.snapshot)))) w),
    (SELECT count(*)
    FROM notifier_cursor n
    JOIN verdict_change v ON v.xid >= pg_snapshot_xmax(n.snapshot) OR v.xid = ANY (ARRAY(SELECT pg_snapshot_xip(n.snapshot))))
