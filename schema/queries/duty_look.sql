-- duty_look: what duties have to become: broken promises whose duty is missing or void (but for those that an official
-- waived), and open duties whose promise or
-- unit is another now.  Looks at the dossiers whose verdict changed between two snapshots and, when $3 is above 0, at
-- up to $3 others of each kind.
-- $1 snapshot before, $2 snapshot after, $3 others.
-- Result: source_id, code, episode, unit_id, due; the state of the duty that is there (NULL: none).
WITH change AS (
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax($2::text::pg_snapshot)
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.broken > 0
    UNION
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.broken > 0
    UNION
    (SELECT d.source_id, d.code FROM dossier d
    WHERE d.promise IN ('late', 'overdue') AND d.broken > (
        SELECT count(*) FROM duty y
        WHERE y.source_id = d.source_id AND y.code = d.code AND y.episode <= d.broken
            AND (y.state <> 'void' OR y.waived_at IS NOT NULL))
    LIMIT $3::bigint)
    UNION
    (SELECT y.source_id, y.code FROM duty y
    JOIN dossier d ON d.source_id = y.source_id AND d.code = y.code
    LEFT JOIN promise p ON p.source_id = y.source_id AND p.code = y.code AND p.episode = y.episode
    WHERE y.state IN ('owed', 'drafted', 'approved') AND y.episode <= d.broken
        AND (d.unit_id <> y.unit_id OR y.due <> CASE WHEN y.episode = 1 THEN d.promise_due ELSE p.due_at END)
    LIMIT $3::bigint)
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
