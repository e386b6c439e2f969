-- duty_look: what duties of dossiers have to become: broken promises whose duty is missing or void (but for those that an
-- official waived), and open duties whose promise or unit is another now.
-- $1 sources, $2 codes.
-- Result: source_id, code, episode, unit_id, due; the state of the duty that is there (NULL: none).
WITH change AS (
    SELECT u.source_id, u.code COLLATE "C" AS code FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
)
SELECT d.source_id, d.code, e.episode::smallint, d.unit_id, w.due, y.state::text
FROM change c
-- OFFSET 0: one by one by key.  Joined freely, all late dossiers of all time would be read for a handful.
CROSS JOIN LATERAL (
    SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d
CROSS JOIN LATERAL generate_series(1, d.broken) AS e (episode)
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.episode = 1 THEN d.promise_due ELSE (
        SELECT p.due_at FROM promise p
        WHERE p.source_id = c.source_id AND p.code = c.code AND p.episode = e.episode) END AS due OFFSET 0) w
LEFT JOIN LATERAL (
    SELECT * FROM duty k
    WHERE k.source_id = c.source_id AND k.code = c.code AND k.episode = e.episode OFFSET 0) y ON true
WHERE w.due IS NOT NULL AND ((coalesce(y.state, 'void') = 'void' AND y.waived_at IS NULL)
    OR (y.state IN ('owed', 'drafted', 'approved') AND (y.due <> w.due OR y.unit_id <> d.unit_id)))
ORDER BY d.source_id, d.code, e.episode
