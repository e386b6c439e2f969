-- ladder_rungs: the rungs that are used.  Result: rung, anchor, working days and hours before it.
SELECT r.rung, r.anchor, r.before_days, r.before_hours FROM rung r WHERE r.active ORDER BY r.rung
