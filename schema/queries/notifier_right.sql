-- notifier_right: takes the right to act, without waiting for it.  Result: no row when another notifier has it.
SELECT true FROM notifier_cursor FOR UPDATE SKIP LOCKED
