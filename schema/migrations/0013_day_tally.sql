-- 0013_day_tally: the day counters of all rules in one row, for they change together.

-- day_tally: how many dossiers stand in each class, by the local day that the class belongs to: the day of the end
-- for early, on_time, late; the due day for overdue (under portal the day of receipt); the day of receipt for in_time,
-- paused, excluded.  Every dossier stands in exactly one cell per rule that judges it.  None is NULL, never 0: most
-- cells are of one or two dossiers, and a row is half as long.
CREATE TABLE day_tally (
    day date NOT NULL,
    unit_id int NOT NULL,
    field_id int NOT NULL,
    procedure_id int NOT NULL,
    promise_early int, promise_on_time int, promise_late int, promise_overdue int,
    promise_in_time int, promise_paused int, promise_excluded int,
    portal_early int, portal_on_time int, portal_late int, portal_overdue int,
    portal_in_time int, portal_paused int, portal_excluded int,
    intake_early int, intake_on_time int, intake_late int, intake_overdue int,
    intake_in_time int, intake_paused int, intake_excluded int,
    CONSTRAINT day_tally_pkey PRIMARY KEY (day, unit_id, field_id, procedure_id)
-- No column of an index changes, so that an update stays in its page while there is room.
) WITH (fillfactor = 70);
INSERT INTO day_tally
SELECT day, unit_id, field_id, procedure_id,
    nullif(sum(early) FILTER (WHERE rule = 'promise'), 0), nullif(sum(on_time) FILTER (WHERE rule = 'promise'), 0),
    nullif(sum(late) FILTER (WHERE rule = 'promise'), 0), nullif(sum(overdue) FILTER (WHERE rule = 'promise'), 0),
    nullif(sum(in_time) FILTER (WHERE rule = 'promise'), 0), nullif(sum(paused) FILTER (WHERE rule = 'promise'), 0),
    nullif(sum(excluded) FILTER (WHERE rule = 'promise'), 0), nullif(sum(early) FILTER (WHERE rule = 'portal'), 0),
    nullif(sum(on_time) FILTER (WHERE rule = 'portal'), 0), nullif(sum(late) FILTER (WHERE rule = 'portal'), 0),
    nullif(sum(overdue) FILTER (WHERE rule = 'portal'), 0), nullif(sum(in_time) FILTER (WHERE rule = 'portal'), 0),
    nullif(sum(paused) FILTER (WHERE rule = 'portal'), 0), nullif(sum(excluded) FILTER (WHERE rule = 'portal'), 0),
    nullif(sum(early) FILTER (WHERE rule = 'intake'), 0), nullif(sum(on_time) FILTER (WHERE rule = 'intake'), 0),
    nullif(sum(late) FILTER (WHERE rule = 'intake'), 0), nullif(sum(overdue) FILTER (WHERE rule = 'intake'), 0),
    nullif(sum(in_time) FILTER (WHERE rule = 'intake'), 0), nullif(sum(paused) FILTER (WHERE rule = 'intake'), 0),
    nullif(sum(excluded) FILTER (WHERE rule = 'intake'), 0)
FROM day_count
GROUP BY day, unit_id, field_id, procedure_id
ORDER BY day, unit_id, field_id, procedure_id;
DROP TABLE day_count;

-- day_count: the same, one row per rule and cell in which somebody stands.
CREATE VIEW day_count AS
SELECT day, unit_id, field_id, procedure_id, 'promise'::rule_name AS rule,
    coalesce(promise_early, 0) AS early, coalesce(promise_on_time, 0) AS on_time, coalesce(promise_late, 0) AS late,
    coalesce(promise_overdue, 0) AS overdue, coalesce(promise_in_time, 0) AS in_time,
    coalesce(promise_paused, 0) AS paused, coalesce(promise_excluded, 0) AS excluded
FROM day_tally
WHERE coalesce(promise_early, promise_on_time, promise_late, promise_overdue,
    promise_in_time, promise_paused, promise_excluded) IS NOT NULL
UNION ALL
SELECT day, unit_id, field_id, procedure_id, 'portal'::rule_name AS rule,
    coalesce(portal_early, 0) AS early, coalesce(portal_on_time, 0) AS on_time, coalesce(portal_late, 0) AS late,
    coalesce(portal_overdue, 0) AS overdue, coalesce(portal_in_time, 0) AS in_time,
    coalesce(portal_paused, 0) AS paused, coalesce(portal_excluded, 0) AS excluded
FROM day_tally
WHERE coalesce(portal_early, portal_on_time, portal_late, portal_overdue,
    portal_in_time, portal_paused, portal_excluded) IS NOT NULL
UNION ALL
SELECT day, unit_id, field_id, procedure_id, 'intake'::rule_name AS rule,
    coalesce(intake_early, 0) AS early, coalesce(intake_on_time, 0) AS on_time, coalesce(intake_late, 0) AS late,
    coalesce(intake_overdue, 0) AS overdue, coalesce(intake_in_time, 0) AS in_time,
    coalesce(intake_paused, 0) AS paused, coalesce(intake_excluded, 0) AS excluded
FROM day_tally
WHERE coalesce(intake_early, intake_on_time, intake_late, intake_overdue,
    intake_in_time, intake_paused, intake_excluded) IS NOT NULL;

-- month_tally: day_tally added up over calendar months and procedures, by the same transactions; month is its first day.
-- A window is whole months and the days at its ends.
CREATE TABLE month_tally (
    month date NOT NULL CONSTRAINT month_tally_first_day CHECK (extract(day FROM month) = 1),
    unit_id int NOT NULL,
    field_id int NOT NULL,
    promise_early int, promise_on_time int, promise_late int, promise_overdue int,
    promise_in_time int, promise_paused int, promise_excluded int,
    portal_early int, portal_on_time int, portal_late int, portal_overdue int,
    portal_in_time int, portal_paused int, portal_excluded int,
    intake_early int, intake_on_time int, intake_late int, intake_overdue int,
    intake_in_time int, intake_paused int, intake_excluded int,
    CONSTRAINT month_tally_pkey PRIMARY KEY (month, unit_id, field_id)
-- Nearly every slice changes most rows of the month: half of a page is for what they were before.
) WITH (fillfactor = 50);
INSERT INTO month_tally
SELECT date_trunc('month', day::timestamp)::date AS month, unit_id, field_id,
    sum(promise_early), sum(promise_on_time), sum(promise_late), sum(promise_overdue), sum(promise_in_time),
    sum(promise_paused), sum(promise_excluded), sum(portal_early), sum(portal_on_time), sum(portal_late),
    sum(portal_overdue), sum(portal_in_time), sum(portal_paused), sum(portal_excluded), sum(intake_early),
    sum(intake_on_time), sum(intake_late), sum(intake_overdue), sum(intake_in_time), sum(intake_paused),
    sum(intake_excluded)
FROM day_tally
GROUP BY 1, unit_id, field_id
ORDER BY 1, unit_id, field_id;

-- month_count: the same, one row per rule.
CREATE VIEW month_count AS
SELECT month, unit_id, field_id, 'promise'::rule_name AS rule,
    coalesce(promise_early, 0) AS early, coalesce(promise_on_time, 0) AS on_time, coalesce(promise_late, 0) AS late,
    coalesce(promise_overdue, 0) AS overdue, coalesce(promise_in_time, 0) AS in_time,
    coalesce(promise_paused, 0) AS paused, coalesce(promise_excluded, 0) AS excluded
FROM month_tally
WHERE coalesce(promise_early, promise_on_time, promise_late, promise_overdue,
    promise_in_time, promise_paused, promise_excluded) IS NOT NULL
UNION ALL
SELECT month, unit_id, field_id, 'portal'::rule_name AS rule,
    coalesce(portal_early, 0) AS early, coalesce(portal_on_time, 0) AS on_time, coalesce(portal_late, 0) AS late,
    coalesce(portal_overdue, 0) AS overdue, coalesce(portal_in_time, 0) AS in_time,
    coalesce(portal_paused, 0) AS paused, coalesce(portal_excluded, 0) AS excluded
FROM month_tally
WHERE coalesce(portal_early, portal_on_time, portal_late, portal_overdue,
    portal_in_time, portal_paused, portal_excluded) IS NOT NULL
UNION ALL
SELECT month, unit_id, field_id, 'intake'::rule_name AS rule,
    coalesce(intake_early, 0) AS early, coalesce(intake_on_time, 0) AS on_time, coalesce(intake_late, 0) AS late,
    coalesce(intake_overdue, 0) AS overdue, coalesce(intake_in_time, 0) AS in_time,
    coalesce(intake_paused, 0) AS paused, coalesce(intake_excluded, 0) AS excluded
FROM month_tally
WHERE coalesce(intake_early, intake_on_time, intake_late, intake_overdue,
    intake_in_time, intake_paused, intake_excluded) IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON day_tally, month_tally TO kipthoi_scorer;
GRANT SELECT ON day_count, month_count TO kipthoi_scorer, kipthoi_operator, kipthoi_notifier;

CREATE OR REPLACE FUNCTION rebuild_begin(p_shards int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    PERFORM alias_apply();
    TRUNCATE dossier, pause, promise, projection, day_tally, month_tally, verdict_change, indicator, apology;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:', upto = NULL, place_source_id = NULL, place_code = NULL;
END
$$;
