-- ladder_look: open dossiers with a promise to keep, among those whose verdict changed between two snapshots.
-- $1 snapshot before, $2 snapshot after.
-- Result: source_id, code, unit_id, episode and moment of the promise, since when it is known.
WITH change AS (
    SELECT x.source_id, x.code, max(x.judged_at) AS judged_at
    FROM (
        SELECT v.source_id, v.code, v.judged_at FROM verdict_change v
        WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax($2::text::pg_snapshot)
            AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot)
        UNION ALL
        SELECT v.source_id, v.code, v.judged_at FROM verdict_change v
        WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
            AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot)) x
    GROUP BY x.source_id, x.code
)
SELECT c.source_id, c.code, d.unit_id, (d.broken + 1)::smallint, d.next_due, c.judged_at
FROM change c
CROSS JOIN LATERAL (
    SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d
WHERE d.next_due IS NOT NULL
