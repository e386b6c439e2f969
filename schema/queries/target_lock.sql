-- target_lock: one loader of targets at a time, to the end of the transaction; readers go on.
LOCK TABLE target IN SHARE ROW EXCLUSIVE MODE
