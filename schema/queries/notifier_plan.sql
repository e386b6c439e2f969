-- notifier_plan: has this transaction's statements planned for their parameters and for the tables as they are now.  A
-- plan kept from when the tables were small takes minutes after a back-fill.  A round's sorts fit in memory.  The first
-- steps that are due are read in the order of their index, not by sorting all of them.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true),
    set_config('enable_bitmapscan', 'off', true)
