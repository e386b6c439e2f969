-- rates_rows: how many dossiers stand in each class in each of some windows; every view of rates reads this statement and
-- no other.  Under portal, open dossiers count that were received by the last day, however long ago (docs/rules.md 10).
-- Months come from the counters of months, days from those of days; by procedure all is days.
-- $1 first days, $2 last days, none before its first, $3 rule, $4 by unit, $5 by field, $6 by procedure, $7 only this unit and those under it
-- (NULL: all).
-- A unit's row holds what its subordinates did too.  The last row of a window is the total, in which everything counts
-- once.
-- Result: whether total, unit, field, procedure, early, on_time, late, overdue, in_time, paused, excluded, place of the
-- window in $1, the first being 1.
WITH RECURSIVE lineage (unit_id, above_id) AS (
    SELECT unit_id, unit_id FROM unit
    -- Not UNION ALL: a circle of superiors ends when it brings nothing new.
    UNION
    SELECT l.unit_id, u.parent_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.parent_id IS NOT NULL),
inside AS (
    SELECT unit_id FROM unit WHERE $7::text IS NULL
    UNION ALL
    SELECT l.unit_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.code = $7::text),
-- What each window adds up: its days; under portal also who is still open of those before.
stretch AS (
    SELECT w.place, x.from_day, x.below_day, x.ended, x.open,
        date_trunc('month', x.from_day::timestamp)::date AS from_month,
        (date_trunc('month', x.from_day::timestamp) + interval '1 month')::date AS from_next,
        date_trunc('month', x.below_day::timestamp)::date AS below_month,
        (date_trunc('month', x.below_day::timestamp) + interval '1 month')::date AS below_next
    FROM unnest($1::date[], $2::date[]) WITH ORDINALITY AS w (first_day, last_day, place)
    CROSS JOIN LATERAL (
        VALUES (w.first_day, w.last_day + 1, true, true), ('-infinity', w.first_day, false, $3::text = 'portal'))
        AS x (from_day, below_day, ended, open)
    WHERE x.ended OR x.open),
-- Of a month that it does not fill the days that belong to it are taken, or the month without the others: whichever is less
-- to read.  Days ahead of the clock have hardly a row.
taken AS (
    SELECT s.*, $6::boolean OR (s.from_month = s.below_month AND s.below_day <= s.from_day + (c.before + c.after)) AS by_days,
        c.before <= c.rest OR s.from_month = s.below_month AS first_whole,
        c.into > c.after OR s.from_month = s.below_month AS last_whole
    FROM stretch s
    CROSS JOIN LATERAL (
        SELECT CASE WHEN isfinite(s.from_day) THEN s.from_day - s.from_month ELSE 0 END AS before,
            CASE WHEN isfinite(s.from_day) THEN s.from_next - s.from_day ELSE 0 END AS rest,
            s.below_day - s.below_month AS into,
            greatest(s.below_day, least(s.below_next, (SELECT max(k.judged_at)::date + 2 FROM scorer_cursor k)))
                - s.below_day AS after) c),
span AS MATERIALIZED (
    SELECT t.place, t.ended, t.open, x.*, dense_rank() OVER (ORDER BY x.is_month, x.from_day, x.below_day) AS part
    FROM taken t
    CROSS JOIN LATERAL (
        SELECT false, t.from_day, t.below_day, 1 WHERE t.by_days
        UNION ALL
        SELECT true, CASE WHEN t.first_whole THEN t.from_month ELSE t.from_next END,
            CASE WHEN t.last_whole THEN t.below_next ELSE t.below_month END, 1
        WHERE NOT t.by_days
        UNION ALL
        SELECT false, CASE WHEN t.first_whole THEN t.from_month ELSE t.from_day END,
            CASE WHEN t.first_whole THEN t.from_day ELSE t.from_next END, CASE WHEN t.first_whole THEN -1 ELSE 1 END
        WHERE NOT t.by_days
        UNION ALL
        SELECT false, CASE WHEN t.last_whole THEN t.below_day ELSE t.below_month END,
            CASE WHEN t.last_whole THEN t.below_next ELSE t.below_day END, CASE WHEN t.last_whole THEN -1 ELSE 1 END
        WHERE NOT t.by_days) x (is_month, from_day, below_day, sign)
    WHERE x.from_day < x.below_day),
-- Windows that end today share their last days: each is read once.
part AS MATERIALIZED (
    SELECT s.part, c.unit_id, c.field_id, c.procedure_id, c.early, c.on_time, c.late, c.overdue,
        c.in_time, c.paused, c.excluded
    FROM (SELECT DISTINCT x.part, x.is_month, x.from_day, x.below_day FROM span x) s
    CROSS JOIN LATERAL (
        SELECT t.unit_id, CASE WHEN $5::boolean THEN t.field_id END AS field_id,
            CASE WHEN $6::boolean THEN t.procedure_id END AS procedure_id, sum(t.early)::int AS early,
            sum(t.on_time)::int AS on_time, sum(t.late)::int AS late, sum(t.overdue)::int AS overdue,
            sum(t.in_time)::int AS in_time, sum(t.paused)::int AS paused, sum(t.excluded)::int AS excluded
        FROM (
            SELECT m.unit_id, m.field_id, NULL::int AS procedure_id, m.early, m.on_time, m.late, m.overdue, m.in_time,
                m.paused, m.excluded
            FROM month_count m
            WHERE s.is_month AND m.month >= s.from_day AND m.month < s.below_day AND m.rule = $3::text::rule_name
            UNION ALL
            SELECT d.unit_id, d.field_id, d.procedure_id, d.early, d.on_time, d.late, d.overdue, d.in_time, d.paused,
                d.excluded
            FROM day_count d
            WHERE NOT s.is_month AND d.day >= s.from_day AND d.day < s.below_day AND d.rule = $3::text::rule_name) t
        WHERE $7::text IS NULL OR t.unit_id IN (SELECT i.unit_id FROM inside i)
        GROUP BY 1, 2, 3) c),
cell AS MATERIALIZED (
    SELECT s.place, c.unit_id, c.field_id, c.procedure_id, coalesce(sum(s.sign * c.early) FILTER (WHERE s.ended), 0)::int AS early,
        coalesce(sum(s.sign * c.on_time) FILTER (WHERE s.ended), 0)::int AS on_time,
        coalesce(sum(s.sign * c.late) FILTER (WHERE s.ended), 0)::int AS late,
        coalesce(sum(s.sign * c.overdue) FILTER (WHERE s.open), 0)::int AS overdue,
        coalesce(sum(s.sign * c.in_time) FILTER (WHERE s.open), 0)::int AS in_time,
        coalesce(sum(s.sign * c.paused) FILTER (WHERE s.open), 0)::int AS paused,
        coalesce(sum(s.sign * c.excluded) FILTER (WHERE s.ended), 0)::int AS excluded
    FROM span s JOIN part c USING (part)
    GROUP BY s.place, c.unit_id, c.field_id, c.procedure_id),
standing AS (
    SELECT c.place, l.above_id AS unit_id, c.field_id, c.procedure_id, c.early, c.on_time, c.late, c.overdue, c.in_time,
        c.paused, c.excluded
    FROM cell c JOIN lineage l ON l.unit_id = c.unit_id
    WHERE $4::boolean AND l.above_id IN (SELECT i.unit_id FROM inside i)
    UNION ALL
    SELECT c.place, NULL, c.field_id, c.procedure_id, c.early, c.on_time, c.late, c.overdue, c.in_time, c.paused,
        c.excluded
    FROM cell c
    WHERE NOT $4::boolean),
counted AS (
    SELECT s.place, false AS is_total, s.unit_id, s.field_id, s.procedure_id, sum(s.early) AS early,
        sum(s.on_time) AS on_time, sum(s.late) AS late, sum(s.overdue) AS overdue, sum(s.in_time) AS in_time,
        sum(s.paused) AS paused, sum(s.excluded) AS excluded
    FROM standing s
    WHERE $4::boolean OR $5::boolean OR $6::boolean
    GROUP BY s.place, s.unit_id, s.field_id, s.procedure_id
    UNION ALL
    SELECT w.place, true, NULL, NULL, NULL, coalesce(sum(c.early), 0), coalesce(sum(c.on_time), 0),
        coalesce(sum(c.late), 0), coalesce(sum(c.overdue), 0), coalesce(sum(c.in_time), 0), coalesce(sum(c.paused), 0),
        coalesce(sum(c.excluded), 0)
    FROM generate_series(1, cardinality($1::date[])) AS w (place) LEFT JOIN cell c ON c.place = w.place
    GROUP BY w.place)
SELECT r.is_total, u.code, f.code, p.code, r.early, r.on_time, r.late, r.overdue, r.in_time, r.paused, r.excluded, r.place
FROM counted r
LEFT JOIN unit u USING (unit_id)
LEFT JOIN field f USING (field_id)
LEFT JOIN procedure p USING (procedure_id)
-- Cells that were emptied by corrections, or by the days outside of a window, are no rows.
WHERE r.is_total OR r.early + r.on_time + r.late + r.overdue + r.in_time + r.paused + r.excluded > 0
ORDER BY r.place, r.is_total, u.code, f.code, p.code
