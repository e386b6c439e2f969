-- audit_duty: every broken promise owes exactly one letter, and no other does.  A letter that was sent before the lateness
-- was cleared stays sent; that it was not owed stands in duty_log.  Dossiers whose last change the notifier has not seen
-- yet are left out.  A letter that an official waived stands for the one owed (audit_exception counts them).
-- $1 differences wanted.  Result: check, promises compared, differences; subject, stored and recounted of some of them.
WITH waiting AS (
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid >= pg_snapshot_xmax(n.snapshot)
    UNION
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid = ANY (ARRAY(SELECT pg_snapshot_xip(n.snapshot)))
), missed AS (
    SELECT d.source_id, d.code, e.episode::smallint, d.promise, d.unit_id,
        CASE WHEN e.episode = 1 THEN d.promise_due ELSE p.due_at END AS due
    FROM dossier d
    CROSS JOIN LATERAL generate_series(1, d.broken) AS e (episode)
    LEFT JOIN promise p ON p.source_id = d.source_id AND p.code = d.code AND p.episode = e.episode
    WHERE d.promise IN ('late', 'overdue')
), owed AS (
    SELECT y.source_id, y.code, y.episode, y.state, y.due, y.unit_id FROM duty y WHERE y.state <> 'void' OR y.waived_at IS NOT NULL
), compared AS MATERIALIZED (
    SELECT source_id, code, episode, m.promise, o.state,
        o.state NOT IN ('sent', 'void') AND (m.due, m.unit_id) IS DISTINCT FROM (o.due, o.unit_id) AS strayed
    FROM missed m FULL JOIN owed o USING (source_id, code, episode) LEFT JOIN waiting w USING (source_id, code)
    WHERE w.code IS NULL
), named AS (
    SELECT coalesce(s.name, x.source_id::text) || ' ' || x.code || ' promise ' || x.episode AS subject,
        CASE WHEN x.state IS NULL THEN 'no letter owed' WHEN x.promise IS NOT NULL THEN 'letter for another due or unit'
            ELSE '1 letter: ' || x.state END AS stored,
        CASE WHEN x.promise IS NULL THEN 'the promise was not missed' ELSE '1 letter, the dossier is ' || x.promise END AS recounted
    FROM compared x LEFT JOIN source s ON s.source_id = x.source_id
    WHERE CASE
        WHEN x.promise IS NOT NULL THEN x.state IS NULL OR x.strayed
        WHEN x.state = 'void' THEN false -- waived, and not owed any more
        ELSE x.state <> 'sent' OR NOT EXISTS (
            SELECT FROM duty_log l
            WHERE l.source_id = x.source_id AND l.code = x.code AND l.episode = x.episode AND l.was = 'sent' AND l.now = 'sent')
        END
)
SELECT 'duties', (SELECT count(*) FROM compared), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
