-- db_commit: makes a transaction last.
COMMIT
