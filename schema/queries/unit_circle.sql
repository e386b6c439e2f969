-- unit_circle: units that are above themselves.  Result: code.
WITH RECURSIVE above (unit_id, above_id) AS (
    SELECT unit_id, parent_id FROM unit WHERE parent_id IS NOT NULL
    UNION
    SELECT a.unit_id, u.parent_id FROM above a JOIN unit u ON u.unit_id = a.above_id WHERE u.parent_id IS NOT NULL)
SELECT u.code FROM above a JOIN unit u USING (unit_id) WHERE a.unit_id = a.above_id ORDER BY u.code
