-- scorer_pause_add: pauses of dossiers.  Rows: scorer/pause_store.c.  Writes: pause.
COPY pause (source_id, code, n, kind, from_at, to_at, reason) FROM STDIN (FORMAT binary)
