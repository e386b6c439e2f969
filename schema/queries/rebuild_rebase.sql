-- rebuild_rebase: goes on in another cluster.  Result: the new segment, NULL when there was nothing to do.
-- Writes: segment, scorer_cursor.
SELECT rebase()
