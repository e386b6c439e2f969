-- target_plan_days: the days of a plan.  $1 plan.  Result: first day, last day; no row when there is no such plan.
SELECT min(t.valid_from), max(t.valid_to) FROM target t WHERE t.plan = $1::text HAVING count(*) > 0
