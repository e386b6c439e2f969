-- target_episode_open: the episodes that last.
-- Result: number, kind, plan, line, measure, period, unit, field (NULL: all of the group), field_group, procedure,
-- relation, bound, title.
SELECT e.episode_id, e.kind, e.plan, e.line, e.measure, e.period, e.unit, e.field, e.field_group, e.procedure,
    e.relation, e.bound, e.title
FROM target_episode e
WHERE e.closed_at IS NULL
