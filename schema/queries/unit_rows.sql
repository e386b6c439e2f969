-- unit_rows: every unit but "none".  Result: code, name, code of the superior, confirmed, first seen.
SELECT u.code, u.name, p.code, u.confirmed, u.first_seen
FROM unit u
LEFT JOIN unit p ON p.unit_id = u.parent_id
WHERE u.unit_id <> 0
ORDER BY u.code
