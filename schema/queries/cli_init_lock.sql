-- cli_init_lock: one administrator at a time until the transaction ends (as migrate_begin).  Result: how many of the
-- roles are there already.
WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('kipthoi.migrate')))
SELECT (
    SELECT count(*)::int FROM pg_roles
    WHERE rolname IN ('kipthoi_ingest', 'kipthoi_scorer', 'kipthoi_notifier', 'kipthoi_operator'))
FROM locked
