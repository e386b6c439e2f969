-- cli_database_known: is there a database.  $1 name.  Result: one row when it is.
SELECT 1 FROM pg_database WHERE datname = $1::text
