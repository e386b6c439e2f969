-- score_units: the units to be ranked: those under one (without it), or all.  $1 the unit above them (NULL: all).
-- Result: code, name, code of the superior; in the order of codes.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE code = $1::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT u.code, u.name, p.code
FROM unit u
LEFT JOIN unit p ON p.unit_id = u.parent_id
WHERE u.unit_id <> 0
    AND ($1::text IS NULL OR (u.code <> $1::text AND u.unit_id IN (SELECT i.unit_id FROM inside i)))
ORDER BY u.code
