-- late_rows: dossiers whose promise was missed, the oldest promise first.
-- $1 open ones only, $2 only this unit and those under it (NULL: all), $3 first day, $4 last day (of the end, or of the
-- due date when open), $5 the clock, $6 at most so many.
-- Result: unit, field, code, source, class, promised due, first due reported where it is another, end, calendar days late, seconds late, state of the letter.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id),
missed AS (
    SELECT d.*, coalesce(d.finished_at, d.returned_at, least(d.refused_at, d.stopped_at), d.withdrawn_at) AS ended_at
    FROM dossier d
    WHERE d.promise IN ('late', 'overdue') AND (d.promise = 'overdue' OR NOT $1::boolean)
        AND d.promise_day BETWEEN $3::date AND $4::date
        AND ($2::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i))
    ORDER BY d.promise_due, d.source_id, d.code
    LIMIT nullif($6::bigint, 0))
SELECT u.code, f.code, m.code, s.name, m.promise::text, m.promise_due,
    nullif(m.due_first, m.promise_due), m.ended_at, coalesce(m.ended_at, $5::timestamptz)::date - m.promise_due::date,
    extract(epoch FROM coalesce(m.ended_at, $5::timestamptz) - m.promise_due)::bigint,
    (
    SELECT y.state::text FROM duty y WHERE y.source_id = m.source_id AND y.code = m.code
    ORDER BY y.episode DESC
    LIMIT 1)
FROM missed m
JOIN unit u USING (unit_id)
JOIN field f USING (field_id)
JOIN source s USING (source_id)
ORDER BY m.promise_due, m.source_id, m.code
