-- migrate_known: has a migration been applied.  $1 version.  Result: one row when it has.
SELECT version FROM migration WHERE version = $1::int
