-- scorer_target: how far a turn may read.  Run after the lock is held, in a statement of its own, so that its snapshot is
-- not older than the one the cursor holds.
-- A sealed segment is complete, so everything in it counts as seen; that also holds for rows whose transaction numbers
-- belong to another cluster.
-- $1 segment.  Result: snapshot, whether the segment is sealed.
SELECT CASE WHEN s.sealed_at IS NULL THEN pg_current_snapshot()::text ELSE '9223372036854775807:9223372036854775807:' END,
    s.sealed_at IS NOT NULL
FROM segment s
WHERE s.segment = $1::int
