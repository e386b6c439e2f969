-- audit_duty: every missed promise owes exactly one letter, and no other dossier owes one.  A letter that was sent before
-- the lateness was cleared stays sent; that it was not owed stands in duty_log.  Dossiers whose last change the notifier
-- has not seen yet are left out.  A letter that an official waived stands for the one owed (audit_exception counts them).
-- $1 differences wanted.  Result: check, dossiers compared, differences; subject, stored and recounted of some of them.
WITH waiting AS (
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid >= pg_snapshot_xmax(n.snapshot)
    UNION
    SELECT v.source_id, v.code
    FROM notifier_cursor n JOIN verdict_change v ON v.xid = ANY (ARRAY(SELECT pg_snapshot_xip(n.snapshot)))
), missed AS (
    SELECT d.source_id, d.code, d.promise, d.promise_due AS due, d.unit_id FROM dossier d WHERE d.promise IN ('late', 'overdue')
), owed AS (
    SELECT y.source_id, y.code, count(*) AS letters, string_agg(y.state::text, ', ' ORDER BY y.episode) AS states,
        bool_and(y.state = 'sent') AS sent, bool_and(y.state = 'void') AS waived, min(y.due) AS due, min(y.unit_id) AS unit_id
    FROM duty y WHERE y.state <> 'void' OR y.waived_at IS NOT NULL GROUP BY y.source_id, y.code
), compared AS MATERIALIZED (
    SELECT source_id, code, m.promise, coalesce(o.letters, 0) AS letters, o.states, coalesce(o.sent, false) AS sent,
        coalesce(o.waived, false) AS waived, NOT coalesce(o.sent OR o.waived, false) AND (m.due, m.unit_id) IS DISTINCT FROM (o.due, o.unit_id) AS strayed
    FROM missed m FULL JOIN owed o USING (source_id, code) LEFT JOIN waiting w USING (source_id, code)
    WHERE w.code IS NULL
), named AS (
    SELECT coalesce(s.name, x.source_id::text) || ' ' || x.code AS subject,
        CASE WHEN x.letters = 0 THEN 'no letter owed' WHEN x.promise IS NOT NULL AND x.letters = 1 THEN 'letter for another due or unit' ELSE x.letters || ' letter: ' || x.states END AS stored,
        CASE WHEN x.promise IS NULL THEN 'the promise was not missed' ELSE '1 letter, the dossier is ' || x.promise END AS recounted
    FROM compared x LEFT JOIN source s ON s.source_id = x.source_id
    WHERE CASE
        WHEN x.promise IS NOT NULL THEN x.letters <> 1 OR x.strayed
        WHEN x.waived THEN false
        ELSE NOT x.sent OR NOT EXISTS (
            SELECT FROM duty_log l
            WHERE l.source_id = x.source_id AND l.code = x.code AND l.was = 'sent' AND l.now = 'sent')
        END
)
SELECT 'duties', (SELECT count(*) FROM compared), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
