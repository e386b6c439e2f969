-- scorer_month_add: adds differences to the counters of months, in key order, after those of days.
-- $1 as in scorer_count_add: the day is the first of its month, the procedure is passed over.
-- Writes: month_tally.
INSERT INTO month_tally AS c
    (month, unit_id, field_id,
    promise_early, promise_on_time, promise_late, promise_overdue, promise_in_time, promise_paused, promise_excluded,
    portal_early, portal_on_time, portal_late, portal_overdue, portal_in_time, portal_paused, portal_excluded,
    intake_early, intake_on_time, intake_late, intake_overdue, intake_in_time, intake_paused, intake_excluded)
SELECT date '1970-01-01' + $1[i], $1[i + 1], $1[i + 2],
    nullif($1[i + 4], 0), nullif($1[i + 5], 0), nullif($1[i + 6], 0), nullif($1[i + 7], 0), nullif($1[i + 8], 0),
    nullif($1[i + 9], 0), nullif($1[i + 10], 0), nullif($1[i + 11], 0), nullif($1[i + 12], 0), nullif($1[i + 13], 0),
    nullif($1[i + 14], 0), nullif($1[i + 15], 0), nullif($1[i + 16], 0), nullif($1[i + 17], 0),
    nullif($1[i + 18], 0), nullif($1[i + 19], 0), nullif($1[i + 20], 0), nullif($1[i + 21], 0),
    nullif($1[i + 22], 0), nullif($1[i + 23], 0), nullif($1[i + 24], 0)
FROM generate_series(1, cardinality($1::int[]), 25) AS i
ON CONFLICT (month, unit_id, field_id) DO UPDATE SET
    promise_early = nullif(coalesce(c.promise_early, 0) + coalesce(excluded.promise_early, 0), 0),
    promise_on_time = nullif(coalesce(c.promise_on_time, 0) + coalesce(excluded.promise_on_time, 0), 0),
    promise_late = nullif(coalesce(c.promise_late, 0) + coalesce(excluded.promise_late, 0), 0),
    promise_overdue = nullif(coalesce(c.promise_overdue, 0) + coalesce(excluded.promise_overdue, 0), 0),
    promise_in_time = nullif(coalesce(c.promise_in_time, 0) + coalesce(excluded.promise_in_time, 0), 0),
    promise_paused = nullif(coalesce(c.promise_paused, 0) + coalesce(excluded.promise_paused, 0), 0),
    promise_excluded = nullif(coalesce(c.promise_excluded, 0) + coalesce(excluded.promise_excluded, 0), 0),
    portal_early = nullif(coalesce(c.portal_early, 0) + coalesce(excluded.portal_early, 0), 0),
    portal_on_time = nullif(coalesce(c.portal_on_time, 0) + coalesce(excluded.portal_on_time, 0), 0),
    portal_late = nullif(coalesce(c.portal_late, 0) + coalesce(excluded.portal_late, 0), 0),
    portal_overdue = nullif(coalesce(c.portal_overdue, 0) + coalesce(excluded.portal_overdue, 0), 0),
    portal_in_time = nullif(coalesce(c.portal_in_time, 0) + coalesce(excluded.portal_in_time, 0), 0),
    portal_paused = nullif(coalesce(c.portal_paused, 0) + coalesce(excluded.portal_paused, 0), 0),
    portal_excluded = nullif(coalesce(c.portal_excluded, 0) + coalesce(excluded.portal_excluded, 0), 0),
    intake_early = nullif(coalesce(c.intake_early, 0) + coalesce(excluded.intake_early, 0), 0),
    intake_on_time = nullif(coalesce(c.intake_on_time, 0) + coalesce(excluded.intake_on_time, 0), 0),
    intake_late = nullif(coalesce(c.intake_late, 0) + coalesce(excluded.intake_late, 0), 0),
    intake_overdue = nullif(coalesce(c.intake_overdue, 0) + coalesce(excluded.intake_overdue, 0), 0),
    intake_in_time = nullif(coalesce(c.intake_in_time, 0) + coalesce(excluded.intake_in_time, 0), 0),
    intake_paused = nullif(coalesce(c.intake_paused, 0) + coalesce(excluded.intake_paused, 0), 0),
    intake_excluded = nullif(coalesce(c.intake_excluded, 0) + coalesce(excluded.intake_excluded, 0), 0)
