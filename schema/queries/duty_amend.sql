-- duty_amend: open duties whose dossier has got another promise or unit follow it, with a line in duty_log.
-- Looks at the dossiers whose verdict changed between two snapshots and, when $4 is above 0, at all open duties.
-- $1 snapshot before, $2 snapshot after, $3 clock, $4 others.  Writes: duty, duty_log.
WITH change AS (
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax($2::text::pg_snapshot)
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.was IN ('late', 'overdue') AND v.now IN ('late', 'overdue')
    UNION
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.was IN ('late', 'overdue') AND v.now IN ('late', 'overdue')
    UNION
    SELECT y.source_id, y.code FROM duty y WHERE $4::bigint > 0 AND y.state IN ('owed', 'drafted', 'approved')
), moved AS MATERIALIZED (
    SELECT y.source_id, y.code, y.episode, y.state, d.unit_id, d.promise_due AS due, d.promise_due IS DISTINCT FROM y.due AS by_due
    FROM change c
    -- OFFSET 0: one by one by key, as in duty_open.
    CROSS JOIN LATERAL (
        SELECT * FROM duty k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) y
    CROSS JOIN LATERAL (
        SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d
    WHERE y.state IN ('owed', 'drafted', 'approved') AND d.promise IN ('late', 'overdue')
        AND (d.promise_due IS DISTINCT FROM y.due OR d.unit_id <> y.unit_id)
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT m.source_id, m.episode, m.state, m.state, $3::timestamptz, m.code, 'notifier',
        CASE WHEN m.by_due THEN 'the promised date is another now' ELSE 'the dossier went to another unit' END
    FROM moved m
)
UPDATE duty y SET unit_id = m.unit_id, due = m.due, deadline = m.due
FROM moved m
WHERE y.source_id = m.source_id AND y.code = m.code AND y.episode = m.episode
