-- audit_plan: for the audit's few large statements: no time for compiling, memory for sorting, until the transaction ends.
SELECT set_config('jit', 'off', true), set_config('work_mem', '128MB', true)
