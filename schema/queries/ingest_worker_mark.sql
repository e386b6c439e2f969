-- ingest_worker_mark: the highest batch number that a worker has committed on any connection.  $1 worker.  Result: mark.
-- Writes: nothing.
SELECT coalesce(max(w.batch), 0) AS mark FROM intake_worker w WHERE starts_with(w.worker, $1::text || '/')
