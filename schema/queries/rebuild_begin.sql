-- rebuild_begin: drops what is derived and sends the scorers back to the start.  $1 shards (NULL: as many as now).
-- Writes: dossier, pause, promise, projection, day_tally, month_tally, verdict_change, indicator, scorer_cursor, notifier_cursor.
SELECT rebuild_begin(coalesce($1::int, (SELECT max(c.shards) FROM scorer_cursor c)::int, 2))
