-- scorer_registry_soft: registrations of this session do not wait for the disk; a slice that uses them does.
SELECT set_config('synchronous_commit', 'off', false)
