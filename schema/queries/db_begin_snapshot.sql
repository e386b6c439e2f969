-- db_begin_snapshot: opens a transaction that sees one state of everything, for reports.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
