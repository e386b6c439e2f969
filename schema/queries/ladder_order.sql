-- ladder_order: has the first steps that are due read in the order of their index: sorting all that wait cost more than
-- taking some.  For this transaction.
SELECT set_config('enable_bitmapscan', 'off', true)
