-- score_indicators: what was reported for a period.  Of several reports of one thing the latest stands, whoever sent
-- it.  A report of a longer period inside the one asked for stands for the shorter ones in it: a year's own, else its
-- quarters, else their months.  A unit's row holds what its subordinates reported too.
-- $1 first day, $2 last day, $3 by unit, $4 only this unit and those under it (NULL: all).
-- Result: unit (NULL: all of them), field, measure, numerator, denominator; by unit, field, measure.
WITH RECURSIVE lineage (unit_id, above_id) AS (
    SELECT unit_id, unit_id FROM unit
    UNION
    SELECT l.unit_id, u.parent_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.parent_id IS NOT NULL),
inside AS (
    SELECT l.unit_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.code = $4::text),
latest AS (
    SELECT DISTINCT ON (i.measure, i.period, i.unit, i.field) i.measure, i.period, i.unit, i.field, i.numerator,
        i.denominator,
        CASE WHEN length(i.period) = 4 THEN 12 WHEN substr(i.period, 6, 1) = 'Q' THEN 3 ELSE 1 END AS months
    FROM indicator i
    WHERE i.period ~ '^[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$'
        AND substr(i.period, 1, 4)::int BETWEEN extract(year FROM $1::date) AND extract(year FROM $2::date)
    ORDER BY i.measure, i.period, i.unit, i.field, i.last_happened DESC, i.last_sequence DESC, i.last_event_id DESC),
dated AS MATERIALIZED (
    SELECT l.*, make_date(substr(l.period, 1, 4)::int,
        CASE l.months WHEN 12 THEN 1 WHEN 3 THEN substr(l.period, 7, 1)::int * 3 - 2 ELSE substr(l.period, 6, 2)::int END,
        1) AS first_day
    FROM latest l),
told AS MATERIALIZED (
    SELECT d.*, (d.first_day + make_interval(months => d.months))::date - 1 AS last_day FROM dated d),
standing AS (
    SELECT t.measure, t.unit, t.field, t.numerator, t.denominator
    FROM told t
    WHERE t.first_day >= $1::date AND t.last_day <= $2::date
        AND NOT EXISTS (
            SELECT FROM told w
            WHERE w.measure = t.measure AND w.unit = t.unit AND w.field = t.field AND w.months > t.months
                AND w.first_day <= t.first_day AND w.last_day >= t.last_day
                AND w.first_day >= $1::date AND w.last_day <= $2::date)),
placed AS (
    SELECT a.code AS unit, s.field, s.measure, s.numerator, s.denominator
    FROM standing s
    JOIN unit u ON u.code = s.unit
    JOIN lineage l ON l.unit_id = u.unit_id
    JOIN unit a ON a.unit_id = l.above_id
    WHERE $3::boolean AND ($4::text IS NULL OR l.above_id IN (SELECT i.unit_id FROM inside i))
    UNION ALL
    -- Of the whole also what names a unit that nobody else has named.
    SELECT NULL, s.field, s.measure, s.numerator, s.denominator
    FROM standing s
    LEFT JOIN unit u ON u.code = s.unit
    WHERE NOT $3::boolean AND ($4::text IS NULL OR u.unit_id IN (SELECT i.unit_id FROM inside i)))
SELECT p.unit, p.field, p.measure, least(sum(p.numerator), 9e18)::bigint, least(sum(p.denominator), 9e18)::bigint
FROM placed p
GROUP BY p.unit, p.field, p.measure
ORDER BY p.unit, p.field, p.measure
