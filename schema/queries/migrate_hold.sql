-- migrate_hold: waits for the turn in hand of each scorer and notifier, and keeps them from the next until the transaction
-- ends: a migration that moves what they write would lose what is committed while it reads.
SELECT (SELECT count(*) FROM (SELECT 1 FROM scorer_cursor FOR UPDATE) s),
    (SELECT count(*) FROM (SELECT 1 FROM notifier_cursor FOR UPDATE) n)
