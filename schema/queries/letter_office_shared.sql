-- letter_office_shared: offices of a file that lend their numbers: units below have none of their own, and a number says
-- nothing of the unit, so that each of their registers would print the same ones.
-- $1 units.  Result: unit, how many units below; by unit.
WITH RECURSIVE below (office_id, unit_id, depth) AS (
    SELECT o.unit_id, o.unit_id, 0
    FROM letter_office o JOIN unit u ON u.unit_id = o.unit_id
    WHERE u.code = ANY ($1::text[]) AND position('{unit}' IN o.number_form) = 0
    UNION ALL
    SELECT b.office_id, u.unit_id, b.depth + 1
    FROM below b JOIN unit u ON u.parent_id = b.unit_id
    WHERE b.depth < 16 AND NOT EXISTS (SELECT FROM letter_office o WHERE o.unit_id = u.unit_id)
)
SELECT u.code, count(*)
FROM below b JOIN unit u ON u.unit_id = b.office_id
WHERE b.depth > 0
GROUP BY u.code
ORDER BY u.code
