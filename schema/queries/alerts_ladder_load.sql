-- alerts_ladder_load: changes rungs that are known.  $1 names, $2 used (0 or 1), $3 days and $4 hours before, $5 roles
-- (separated by blanks), $6 superior (0 or 1).
-- Result: name and anchor of each line ("" when there is no such rung), whether it changes anything.  Writes: rung.
WITH line AS (
    SELECT l.n, l.name, l.active = 1 AS active, l.before_days::smallint AS before_days, l.before_hours::smallint AS before_hours,
        string_to_array(l.roles, ' ') AS roles, l.superior = 1 AS superior
    FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::text[], $6::int[])
        WITH ORDINALITY AS l (name, active, before_days, before_hours, roles, superior, n)
), compared AS (
    SELECT l.*, g.anchor, (l.active, l.before_days, l.before_hours, l.roles, l.superior)
        IS DISTINCT FROM (g.active, g.before_days, g.before_hours, g.roles, g.superior) AS differs
    FROM line l LEFT JOIN rung g ON g.name = l.name COLLATE "C"
), changed AS (
    UPDATE rung g SET active = c.active, before_days = c.before_days, before_hours = c.before_hours, roles = c.roles,
        superior = c.superior
    FROM compared c
    WHERE g.name = c.name COLLATE "C" AND c.differs AND (c.anchor = 'due' OR (c.before_days = 0 AND c.before_hours = 0)))
SELECT c.name, coalesce(c.anchor, ''), c.differs FROM compared c ORDER BY c.n
