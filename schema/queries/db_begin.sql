-- db_begin: opens a transaction.
BEGIN
