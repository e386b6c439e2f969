-- target_clear: takes a plan's targets away, for its file to be loaded anew.  $1 plan.  Writes: target.
DELETE FROM target WHERE plan = $1::text
