-- scorer_promise_add: later promises of dossiers.  Rows: scorer/promise_store.c.  Writes: promise.
COPY promise (source_id, code, episode, due_at) FROM STDIN (FORMAT binary)
