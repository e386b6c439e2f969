-- scorer_segment_roll: opens the next ledger segment when the open one holds $1 events, by the server's estimate.
-- Result: the new segment; NULL or no row when nothing was to be done.
SELECT segment_open(s.segment)
FROM segment s JOIN pg_class c ON c.oid = to_regclass('kipthoi.event_' || s.segment)
WHERE s.sealed_at IS NULL AND c.reltuples >= $1::bigint
