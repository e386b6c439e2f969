-- target_alert_lock: takes the right to tell of targets, without waiting for it: that of telling of duties.
-- Result: no row when another notifier has it, else: whether all scorer cursors belong to this cluster; whether a scorer
-- has rows to fold or a rebuild under way, so that a figure may be about to change.
SELECT coalesce(s.same_epoch, false), coalesce(s.behind, true)
FROM notifier_cursor c
CROSS JOIN (
    SELECT bool_and(r.epoch = k.system_identifier) AS same_epoch,
        bool_or(r.behind OR r.judged_at = '-infinity') AS behind
    FROM scorer_cursor r CROSS JOIN pg_control_system() k) s
FOR UPDATE OF c SKIP LOCKED
