-- migrate_begin: one migrator at a time until the transaction ends, as the owner of the schema.
-- Result: whether the table of versions is there, whether those are that stages hold during a turn.
SELECT to_regclass('kipthoi.migration') IS NOT NULL, to_regclass('kipthoi.notifier_cursor') IS NOT NULL
FROM (
    SELECT pg_advisory_xact_lock(hashtext('kipthoi.migrate')), set_config('role', 'kipthoi_owner', true),
        set_config('search_path', 'kipthoi', true)
    OFFSET 0) s
