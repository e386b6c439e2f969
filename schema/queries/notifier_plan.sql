-- notifier_plan: has this transaction's statements planned for their parameters and for the tables as they are now.  A
-- plan kept from when the tables were small takes minutes after a back-fill.  A round's sorts fit in memory.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true)
