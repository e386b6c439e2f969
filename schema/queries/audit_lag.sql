-- audit_lag: what waits.  $1 steps due before this moment are to be taken.
-- Result: ledger rows not folded yet, verdict changes the notifier has not acted on, steps due and not taken.
-- In pieces that each find their rows by index: it is asked again and again while the audit waits.
SELECT
    (SELECT coalesce(sum(w.rows), 0)::bigint
    FROM scorer_cursor c
    CROSS JOIN LATERAL (
        SELECT sum(l.rows) AS rows
        FROM segment s
        CROSS JOIN LATERAL (
            SELECT count(*) AS rows FROM event e WHERE e.segment = s.segment AND e.slot % c.shards = c.shard) l
        WHERE s.segment > c.segment
        UNION ALL
        SELECT count(*) FROM event e
        WHERE e.segment = c.segment AND e.slot % c.shards = c.shard AND e.xid >= pg_snapshot_xmax(c.snapshot)
        UNION ALL
        SELECT count(*) FROM event e
        WHERE e.segment = c.segment AND e.slot % c.shards = c.shard
            AND e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(c.snapshot)))) w),
    -- At '1:1:' the notifier has yet to look at everything.
    (SELECT coalesce(sum(w.rows), 0)::bigint + count(*) FILTER (WHERE n.snapshot::text = '1:1:' AND w.everything)
    FROM notifier_cursor n
    CROSS JOIN LATERAL (
        SELECT count(*) AS rows, true AS everything FROM verdict_change v WHERE v.xid >= pg_snapshot_xmax(n.snapshot)
        UNION ALL
        SELECT count(*), false FROM verdict_change v WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip(n.snapshot)))) w),
    (SELECT count(*) FROM step s WHERE s.state = 'waiting' AND s.due_at < $1::timestamptz)
