-- scorer_slice_bound: how far the next slice may reach.  Run after the lock is held, in a statement of its own, so that
-- its snapshot is not older than the one the cursor holds.
-- A sealed segment is complete, so everything in it counts as seen; that also holds for rows whose transaction numbers
-- belong to another cluster.  A long backlog is cut at a transaction number: what is below it and not in flight.
-- $1 segment, $2 snapshot of the cursor, $3 most events, $4 most bytes of payload.  Result: snapshot to read up to, whether it was cut, sealed.
WITH target AS (
    SELECT s.sealed_at IS NOT NULL AS sealed,
        CASE WHEN s.sealed_at IS NULL THEN pg_current_snapshot()
            ELSE '9223372036854775807:9223372036854775807:'::pg_snapshot END AS snapshot
    FROM segment s
    WHERE s.segment = $1::int
), crossing AS MATERIALIZED (
    SELECT r.xid
    FROM (
        SELECT e.xid, row_number() OVER w AS events, sum(octet_length(e.payload)) OVER w AS bytes
        FROM event e
        WHERE e.segment = $1::int AND e.xid >= pg_snapshot_xmax($2::text::pg_snapshot)
        WINDOW w AS (ORDER BY e.xid ROWS UNBOUNDED PRECEDING)
        LIMIT $3::bigint + 1) r
    WHERE r.events > $3::bigint OR r.bytes > $4::bigint
    ORDER BY r.xid LIMIT 1
), cut AS (
    -- One transaction larger than a slice is taken whole.
    SELECT CASE WHEN c.xid > pg_snapshot_xmax($2::text::pg_snapshot) THEN c.xid ELSE (c.xid::text::bigint + 1)::text::xid8 END AS xid
    FROM crossing c
)
SELECT
    CASE WHEN coalesce(c.xid < pg_snapshot_xmax(t.snapshot), false)
        THEN least(pg_snapshot_xmin(t.snapshot), c.xid) || ':' || c.xid || ':' || coalesce(
            (SELECT string_agg(i.xid::text, ',' ORDER BY i.xid) FROM pg_snapshot_xip(t.snapshot) AS i (xid) WHERE i.xid < c.xid),
            '')
        ELSE t.snapshot::text END,
    coalesce(c.xid < pg_snapshot_xmax(t.snapshot), false),
    t.sealed
FROM target t LEFT JOIN cut c ON true
