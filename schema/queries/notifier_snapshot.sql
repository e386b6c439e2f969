-- notifier_snapshot: the snapshot of a round that looks at everything.  Result: snapshot.
SELECT pg_current_snapshot()::text
