-- db_begin_repeatable: begins a transaction with one snapshot for all its statements: what a round moves its cursor past is
-- exactly what it has seen.  Whoever changes meanwhile what it is about to change makes it fail (class 40).
BEGIN ISOLATION LEVEL REPEATABLE READ
