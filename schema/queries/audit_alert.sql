-- audit_alert: each topic of the feed is numbered 1, 2, 3 ... without a gap; every letter that came to be owed or void and
-- every step of the ladder that was taken was told once; so was every episode of a target that began, and every end that is
-- not told by another beginning.
-- $1 differences wanted.  Result: check, alerts compared, differences; subject, stored and recounted of some of them.
WITH numbered AS (
    SELECT a.topic, count(*) AS alerts, min(a.seq) AS first, max(a.seq) AS last FROM alert a GROUP BY a.topic
), told AS (
    SELECT a.source_id, a.code, split_part(a.topic, '/', 1) AS kind, count(*) AS times
    FROM alert a WHERE a.source_id IS NOT NULL GROUP BY 1, 2, 3
), logged AS (
    SELECT l.source_id, l.code, 'letter.' || l.now AS kind, count(*) AS times
    FROM duty_log l
    WHERE l.now IN ('owed', 'void') AND l.who = 'notifier' AND l.was IS DISTINCT FROM l.now
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT t.source_id, t.code, 'ladder.' || r.name, count(*)
    FROM step t JOIN rung r USING (rung)
    WHERE t.outcome IN ('told', 'nobody') AND r.anchor <> 'duty'
    GROUP BY 1, 2, 3
), of_target AS (
    SELECT (a.body::jsonb ->> 'episode')::bigint AS episode_id, a.body::jsonb ->> 'kind' AS kind, count(*) AS times
    FROM alert a WHERE a.source_id IS NULL GROUP BY 1, 2
), lived AS (
    SELECT e.episode_id, 'target.' || e.kind AS kind FROM target_episode e
    UNION ALL
    SELECT e.episode_id, 'target.' || e.outcome FROM target_episode e WHERE e.outcome IN ('recovered', 'ended')
), named AS MATERIALIZED (
    SELECT topic AS subject, 'last number ' || coalesce(t.last_seq, 0) AS stored,
        coalesce(n.alerts, 0) || ' alerts, ' || coalesce(n.first, 0) || ' to ' || coalesce(n.last, 0) AS recounted
    FROM alert_topic t FULL JOIN numbered n USING (topic)
    WHERE coalesce(t.last_seq, 0) <> coalesce(n.alerts, 0) OR coalesce(n.last, 0) <> coalesce(n.alerts, 0)
        OR coalesce(n.first, 1) <> 1
    UNION ALL
    SELECT coalesce(s.name, source_id::text) || ' ' || code || ' ' || kind,
        coalesce(a.times, 0) || ' alerts', coalesce(l.times, 0) || ' changes of the duty or steps'
    FROM told a FULL JOIN logged l USING (source_id, code, kind) LEFT JOIN source s USING (source_id)
    WHERE coalesce(a.times, 0) <> coalesce(l.times, 0)
    UNION ALL
    SELECT kind || ' of episode ' || episode_id, coalesce(a.times, 0) || ' alerts',
        CASE WHEN l.episode_id IS NULL THEN 0 ELSE 1 END || ' in target_episode'
    FROM of_target a FULL JOIN lived l USING (episode_id, kind)
    WHERE a.times IS DISTINCT FROM 1 OR l.episode_id IS NULL
)
SELECT 'alerts', (SELECT count(*) FROM alert), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
