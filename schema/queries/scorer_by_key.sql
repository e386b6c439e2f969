-- scorer_by_key: has this session's statements look up one key after the other, by plans that are kept: planning for each
-- handful of events took as long as folding them, and a plan that reads whole tables does not last as they grow.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false),
    set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
    set_config('enable_bitmapscan', 'off', false), set_config('work_mem', '32MB', false)
