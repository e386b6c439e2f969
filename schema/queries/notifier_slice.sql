-- notifier_slice: the snapshot that this round goes up to, so that it has about $2 changes to look at.  A transaction
-- is never cut in two: when one alone has more, it is taken whole.
-- $1 snapshot of the cursor, $2 changes.
-- Result: snapshot; changes to look at, 0 when there are none.
WITH edge AS (
    SELECT pg_current_snapshot() AS this
), ahead AS MATERIALIZED (
    SELECT v.xid FROM verdict_change v
    WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax(pg_current_snapshot())
        AND pg_visible_in_snapshot(v.xid, pg_current_snapshot())
    ORDER BY v.xid LIMIT $2::bigint + 1
), found AS (
    SELECT min(xid) AS low, max(xid) AS high, count(*) AS count FROM ahead
), cut AS (
    SELECT CASE
        WHEN found.count <= $2 THEN pg_snapshot_xmax(edge.this)
        WHEN found.low < found.high THEN found.high
        ELSE coalesce((
            SELECT v.xid FROM verdict_change v
            WHERE v.xid > found.high AND v.xid < pg_snapshot_xmax(edge.this)
                AND pg_visible_in_snapshot(v.xid, edge.this)
            ORDER BY v.xid LIMIT 1), pg_snapshot_xmax(edge.this))
        END AS xmax
    FROM found CROSS JOIN edge
)
SELECT
    format('%s:%s:%s', least(pg_snapshot_xmin(edge.this), cut.xmax), cut.xmax, (
        SELECT string_agg(x.xid::text, ',' ORDER BY x.xid)
        FROM pg_snapshot_xip(edge.this) AS x (xid) WHERE x.xid < cut.xmax)),
    found.count + (
        SELECT count(*) FROM verdict_change v
        WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
            AND pg_visible_in_snapshot(v.xid, edge.this))
FROM edge CROSS JOIN found CROSS JOIN cut
