-- notifier_changes: the dossiers whose verdict changed between two snapshots.
-- $1 snapshot before, $2 snapshot after.  Result: source_id, code, since when what it is planned by is known: the first of those
-- changes.  The last would be too late when a promise that stayed changed its unit: what fell due in between is to be told.  Of
-- a promise that was moved twice a rung that was over when its date became known may so be told: rather that than none.
-- Last, whether a duty may have to be opened: a promise was broken after one of them, or it is no change at all (duty_recall),
-- whose row may be older than what the scorer has stored since.
SELECT x.source_id, x.code, min(x.judged_at), bool_or(x.broken > 0 OR x.was IS NOT DISTINCT FROM x.now)
FROM (
    SELECT v.source_id, v.code, v.judged_at, v.broken, v.was, v.now FROM verdict_change v
    WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax($2::text::pg_snapshot)
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot)
    UNION ALL
    SELECT v.source_id, v.code, v.judged_at, v.broken, v.was, v.now FROM verdict_change v
    WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot)) x
GROUP BY x.source_id, x.code
ORDER BY x.source_id, x.code
