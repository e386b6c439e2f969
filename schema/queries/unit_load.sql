-- unit_load: makes and names units; superiors that are named but not listed are made too.
-- $1 codes, $2 names, $3 codes of superiors ('-': none), $4 confirmed (1, 0, -1: as it is); a NULL leaves as it is.
-- Result: how many were new.  Writes: unit.
WITH line AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[]) AS l (code, name, parent, confirmed)),
written AS (
    INSERT INTO unit AS u (code, name, confirmed)
    SELECT l.code COLLATE "C", l.name, l.confirmed = 1 FROM line l
    UNION ALL
    SELECT DISTINCT l.parent COLLATE "C", NULL, false FROM line l
    WHERE l.parent <> '-' AND l.parent NOT IN (SELECT k.code FROM line k)
    ORDER BY 1
    ON CONFLICT (code) DO UPDATE SET
        name = coalesce(excluded.name, u.name),
        confirmed = CASE (SELECT l.confirmed FROM line l WHERE l.code = u.code)
            WHEN 1 THEN true WHEN 0 THEN false ELSE u.confirmed END
    RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE w.is_new) FROM written w
