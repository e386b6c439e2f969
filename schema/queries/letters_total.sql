-- letters_total: how many rows letters_rows has without a limit.  $1 state (NULL: all that are not sent or void),
-- $2 only this unit and those under it (NULL: all).  Result: letters.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT count(*)
FROM duty y
WHERE CASE WHEN $1::text IS NULL THEN y.state IN ('owed', 'drafted', 'approved') ELSE y.state = $1::text::duty_state END
    AND ($2::text IS NULL OR y.unit_id IN (SELECT i.unit_id FROM inside i))
