-- letter_office_rows: offices of units.  $1 of this unit only, its own or the nearest above it (NULL: all).
-- Result: unit, the unit it is of, name, superior, place, number form, signs for, title, signer, copies (as they were loaded,
-- lines parted by |), place of the new
-- due, phone, e-mail, template, reason, term in days, who, when; by unit.
WITH RECURSIVE above (unit_id, above_id, depth) AS (
    SELECT u.unit_id, u.unit_id, 0 FROM unit u WHERE u.code = $1::text
    UNION ALL
    SELECT a.unit_id, u.parent_id, a.depth + 1
    FROM above a JOIN unit u ON u.unit_id = a.above_id
    WHERE u.parent_id IS NOT NULL AND a.depth < 16
), chosen AS (
    SELECT o.unit_id AS for_id, o.unit_id FROM letter_office o WHERE $1::text IS NULL
    UNION ALL
    (SELECT a.unit_id, o.unit_id FROM above a JOIN letter_office o ON o.unit_id = a.above_id ORDER BY a.depth LIMIT 1)
)
SELECT f.code, u.code, o.name, o.superior, o.place, o.number_form, o.signer_for, o.signer_title, o.signer_name,
    replace(o.copies, E'\n', ' | '), o.new_due_place, o.phone, o.email, o.template, o.reason, o.term_days, o.updated_by, o.updated_at
FROM chosen c
JOIN letter_office o ON o.unit_id = c.unit_id
JOIN unit u ON u.unit_id = o.unit_id
JOIN unit f ON f.unit_id = c.for_id
ORDER BY f.code
