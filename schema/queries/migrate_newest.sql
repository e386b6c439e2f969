-- migrate_newest: the newest migration of the database.  Result: version, 0 when none.
SELECT coalesce(max(version), 0) FROM migration
