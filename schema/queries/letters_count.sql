-- letters_count: letters by unit.  $1 only this unit and those under it (NULL: all), $2 the clock.
-- Result: unit, owed in all (missed promises, also those an official waived), not sent, of these past their deadline,
-- sent, of these in time, void, waived; the last row is the total and its unit NULL.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $1::text IS NULL OR code = $1::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT u.code, count(*) FILTER (WHERE y.state <> 'void' OR y.waived_at IS NOT NULL),
    count(*) FILTER (WHERE y.state IN ('owed', 'drafted', 'approved')),
    count(*) FILTER (WHERE y.state IN ('owed', 'drafted', 'approved') AND y.deadline < $2::timestamptz),
    count(*) FILTER (WHERE y.state = 'sent'), count(*) FILTER (WHERE y.state = 'sent' AND y.sent_at <= y.deadline),
    count(*) FILTER (WHERE y.state = 'void'), count(*) FILTER (WHERE y.waived_at IS NOT NULL)
FROM duty y
JOIN unit u USING (unit_id)
WHERE $1::text IS NULL OR y.unit_id IN (SELECT i.unit_id FROM inside i)
GROUP BY GROUPING SETS ((u.code), ())
ORDER BY u.code NULLS LAST
