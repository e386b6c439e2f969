-- late_count: how many dossiers late_rows would list without its limit.  $1 open ones only, $2 unit, $3 first day,
-- $4 last day.  Result: late, overdue.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT count(*) FILTER (WHERE d.promise = 'late'), count(*) FILTER (WHERE d.promise = 'overdue')
FROM dossier d
WHERE d.promise IN ('late', 'overdue') AND (d.promise = 'overdue' OR NOT $1::boolean)
    AND d.promise_day BETWEEN $3::date AND $4::date
    AND ($2::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i))
