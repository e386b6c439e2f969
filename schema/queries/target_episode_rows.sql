-- target_episode_rows: alerts about targets, those that last first, then the latest.  $1 only those that last, $2 only of
-- this unit and those under it (NULL: all), $3 at most so many (0: all).
-- Result: number, kind, unit, field, field_group, procedure, title, plan, line, measure, period, relation, bound, opened
-- at, of counts numerator and denominator, closed at, numerator, denominator, outcome; how many there are without $3.
WITH RECURSIVE inside AS (
    SELECT unit_id, code FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id, u.code FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT e.episode_id, e.kind, e.unit, e.field, e.field_group, e.procedure, e.title, e.plan, e.line, e.measure, e.period,
    e.relation, e.bound, e.opened_at, e.opened_numerator, e.opened_denominator, e.closed_at, e.closed_numerator,
    e.closed_denominator, e.outcome, count(*) OVER ()
FROM target_episode e
WHERE (NOT $1::boolean OR e.closed_at IS NULL)
    AND ($2::text IS NULL OR e.unit IN (SELECT i.code FROM inside i))
ORDER BY e.closed_at IS NOT NULL, coalesce(e.closed_at, e.opened_at) DESC, e.episode_id DESC
LIMIT nullif($3::bigint, 0)
