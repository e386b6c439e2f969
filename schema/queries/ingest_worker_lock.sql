-- ingest_worker_lock: claims a worker's name for this session.  $1 worker.  Result: held (false: another process has it).
-- Writes: nothing.
SELECT pg_try_advisory_lock(hashtext('kipthoi.worker'), hashtext($1::text)) AS held
