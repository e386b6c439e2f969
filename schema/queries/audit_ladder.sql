-- audit_ladder: every step that waits belongs to an open promise or a duty, and none was due and not taken, whether the
-- notifier runs or not; of each promise one step at most waits that is counted from it, and of a promise to keep one does as
-- long as a rung of it is to come; what was told is a notice; notices, messages and deliveries fit together.  Dossiers whose
-- last change the notifier has not seen yet are left out of the first, and all are left out of the third before it has looked
-- at every promise by the rungs that are used now.
-- $1 differences wanted, $2 steps due before this moment were to be taken: the clock less a turn of the notifier.
-- Result: check, steps and messages compared, differences; subject, stored and recounted of some of them.
WITH pending AS (
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid >= pg_snapshot_xmax(n.snapshot)
    UNION
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid = ANY (ARRAY(SELECT pg_snapshot_xip(n.snapshot)))
), aimless AS (
    SELECT s.source_id, s.code, s.episode, s.rung, 'waits until ' || s.due_at AS stored,
        CASE
            WHEN g.anchor IN ('duty', 'deadline') THEN 'no letter is owed'
            WHEN d.code IS NULL THEN 'there is no such dossier'
            ELSE 'the dossier is ' || d.promise
            END AS recounted
    FROM step s
    JOIN rung g USING (rung)
    LEFT JOIN dossier d ON d.source_id = s.source_id AND d.code = s.code
    -- Of a letter that was sent or is void by now the step is dropped when its time comes.
    LEFT JOIN duty y ON y.source_id = s.source_id AND y.code = s.code AND y.episode = s.episode
    LEFT JOIN pending w ON w.source_id = s.source_id AND w.code = s.code
    WHERE s.state = 'waiting' AND w.code IS NULL AND CASE
        WHEN g.anchor IN ('duty', 'deadline') THEN y.code IS NULL
        ELSE d.code IS NULL OR d.promise NOT IN ('in_time', 'paused', 'overdue')
        END
), missed AS (
    SELECT s.source_id, s.code, s.episode, s.rung, 'waits', 'was due at ' || s.due_at
    FROM step s
    WHERE s.state = 'waiting' AND s.due_at < $2::timestamptz
), begun AS MATERIALIZED (
    SELECT s.source_id, s.code, s.episode, count(*) FILTER (WHERE g.active) AS used,
        count(*) FILTER (WHERE s.state = 'waiting') AS waiting, max(s.rung) FILTER (WHERE s.state = 'waiting') AS rung
    FROM step s JOIN rung g ON g.rung = s.rung AND g.anchor = 'due'
    GROUP BY s.source_id, s.code, s.episode
), doubled AS (
    SELECT b.source_id, b.code, b.episode, b.rung, b.waiting || ' steps wait', '1 step' FROM begun b WHERE b.waiting > 1
), stalled AS (
    SELECT d.source_id, d.code, (d.broken + 1)::smallint, l.rung, 'no step waits', 'it is to come'
    FROM dossier d
    LEFT JOIN begun b ON b.source_id = d.source_id AND b.code = d.code AND b.episode = d.broken + 1
    LEFT JOIN pending w ON w.source_id = d.source_id AND w.code = d.code
    CROSS JOIN LATERAL (
        SELECT g.rung FROM rung g
        WHERE g.active AND g.anchor = 'due' AND NOT EXISTS (
            SELECT FROM step k
            WHERE k.source_id = d.source_id AND k.code = d.code AND k.episode = d.broken + 1 AND k.rung = g.rung)
        ORDER BY g.rung LIMIT 1) l
    WHERE d.next_due IS NOT NULL AND w.code IS NULL AND coalesce(b.waiting, 0) = 0
        AND coalesce(b.used, 0) < (SELECT count(*) FROM rung g WHERE g.active AND g.anchor = 'due')
        AND (SELECT n.rungs = rungs_stamp() AND n.snapshot::text <> '1:1:' FROM notifier_cursor n)
), untold AS (
    SELECT s.source_id, s.code, s.episode, s.rung, 'told', 'no notice'
    FROM step s
    WHERE s.outcome = 'told' AND NOT EXISTS (
        SELECT FROM notice n
        WHERE n.key = concat_ws('/', 'step', s.source_id, s.episode, s.rung, s.code) COLLATE "C")
), strayed AS (
    SELECT 'notice ' || n.key AS subject, 'message ' || n.message_id || ' for recipient ' || n.recipient_id AS stored,
        CASE WHEN m.message_id IS NULL THEN 'no such message' ELSE 'message for recipient ' || coalesce(m.recipient_id::text, 'nobody') END
            AS recounted
    FROM notice n LEFT JOIN message m USING (message_id)
    WHERE n.message_id IS NOT NULL AND n.recipient_id IS DISTINCT FROM m.recipient_id
    UNION ALL
    SELECT 'notice ' || n.key, count(*) || ' times for recipient ' || n.recipient_id, 'once'
    FROM notice n GROUP BY n.key, n.recipient_id HAVING count(*) > 1
    UNION ALL
    SELECT 'message ' || m.key, count(d.message_id) || ' deliveries', '1 delivery'
    FROM message m LEFT JOIN delivery d USING (message_id)
    GROUP BY m.message_id, m.key HAVING count(d.message_id) <> 1
), named AS MATERIALIZED (
    SELECT concat_ws(' ', coalesce(o.name, x.source_id::text), x.code, g.name, '(promise ' || x.episode || ')') AS subject,
        x.stored, x.recounted
    FROM (TABLE aimless UNION ALL TABLE missed UNION ALL TABLE doubled UNION ALL TABLE stalled UNION ALL TABLE untold) x
    JOIN rung g USING (rung)
    LEFT JOIN source o ON o.source_id = x.source_id
    UNION ALL
    SELECT subject, stored, recounted FROM strayed
)
SELECT 'ladder', (SELECT count(*) FROM step) + (SELECT count(*) FROM message), (SELECT count(*) FROM named), n.subject,
    n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject, stored LIMIT $1::bigint) n ON true
