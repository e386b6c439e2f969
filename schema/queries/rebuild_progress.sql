-- rebuild_progress: how far the scorers have come.
-- Result: events folded, events in the ledger, newest change of a cursor, whether a shard is behind.
SELECT coalesce(sum(c.folded), 0)::bigint,
    coalesce((SELECT sum(i.accepted) FROM intake i), 0)::bigint
        + (SELECT count(*) FROM quarantine q WHERE q.redriven_outcome = 0),
    max(c.updated_at), coalesce(bool_or(c.behind), true)
FROM scorer_cursor c
