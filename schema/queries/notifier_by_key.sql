-- notifier_by_key: has this transaction's statements look up one key after the other, whatever the statistics say, and
-- planned once for all rounds: planning for each handful of keys took as long as the work, and a plan for tables as they
-- were when they were small takes minutes after a back-fill.  Every statement of the round starts from arrays of keys.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
