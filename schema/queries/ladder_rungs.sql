-- ladder_rungs: the rungs counted from promises, used or not.
-- Result: rung, working days and hours before it, whether it is used; what all of them together are told from others by; by which
-- all open promises have been planned.
SELECT r.rung, r.before_days, r.before_hours, r.active, (SELECT rungs_stamp()), (SELECT n.rungs FROM notifier_cursor n)
FROM rung r WHERE r.anchor = 'due' ORDER BY r.rung
