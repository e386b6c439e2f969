-- alerts_ladder: the rungs.  Result: number, rung, whether it is used, counted from, days and hours before, roles, whether
-- the superior is told.
SELECT rung, name, active, anchor, before_days, before_hours, array_to_string(roles, ' '), superior FROM rung ORDER BY rung
