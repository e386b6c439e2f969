-- db_rollback: drops a transaction.
ROLLBACK
