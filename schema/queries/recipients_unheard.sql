-- recipients_unheard: units with open dossiers or letters to send, and rungs of which nobody would hear: no recipient of
-- one of the rung's roles at the unit or a unit above.
-- Result: unit, name, open dossiers, letters to send, rungs, their roles.
WITH RECURSIVE busy AS (
    SELECT unit_id, sum(open)::bigint AS open, sum(owed)::bigint AS owed
    FROM (
        SELECT unit_id, sum(overdue + in_time + paused) AS open, 0 AS owed FROM day_count WHERE rule = 'promise' GROUP BY unit_id
        UNION ALL
        SELECT unit_id, 0, count(*) FROM duty WHERE state IN ('owed', 'drafted', 'approved') GROUP BY unit_id) b
    GROUP BY unit_id
    HAVING sum(open) + sum(owed) > 0
), above (unit_id, above_id, steps) AS (
    SELECT unit_id, unit_id, 0 FROM busy
    UNION ALL
    -- A circle of units ends here.
    SELECT a.unit_id, u.parent_id, a.steps + 1 FROM above a JOIN unit u ON u.unit_id = a.above_id
    WHERE u.parent_id IS NOT NULL AND a.steps < 16
), heard AS (
    SELECT DISTINCT a.unit_id, r.role FROM above a JOIN recipient r ON r.unit_id = a.above_id WHERE r.disabled IS NULL
), unheard AS (
    SELECT b.unit_id, g.rung, g.name, g.roles
    FROM busy b CROSS JOIN rung g
    WHERE g.active AND NOT EXISTS (SELECT FROM heard h WHERE h.unit_id = b.unit_id AND h.role = ANY (g.roles))
)
SELECT u.code, u.name, b.open, b.owed, x.rungs, x.roles
FROM busy b
JOIN unit u USING (unit_id)
JOIN (
    SELECT n.unit_id, string_agg(DISTINCT n.name, ' ') AS rungs, string_agg(DISTINCT r.role, ' ') AS roles
    FROM unheard n CROSS JOIN LATERAL unnest(n.roles) AS r (role)
    GROUP BY n.unit_id) x USING (unit_id)
ORDER BY u.code
