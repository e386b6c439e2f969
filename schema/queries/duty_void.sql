-- duty_void: voids the duties of dossiers whose promise is not broken after all, and drops their steps.  A letter that was
-- sent stays sent; that it would not have been owed is noted once.  The caller holds the cursor and one snapshot.
-- $1 sources, $2 codes, $3 clock.
-- Result: topic, seq and body of the alerts, one a duty.  Writes: duty, duty_log, step, alert_topic, alert.
WITH change AS (
    SELECT u.source_id, u.code COLLATE "C" AS code FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
), cleared AS MATERIALIZED (
    SELECT y.source_id, y.code, y.episode, y.state AS was,
        CASE y.state WHEN 'sent' THEN 'sent' ELSE 'void' END::duty_state AS now,
        coalesce(CASE WHEN d.broken = 0 THEN 'the dossier is ' || d.promise ELSE 'promise ' || y.episode || ' is not broken' END, 'the dossier is gone') AS why,
        y.unit_id, d.field_id, d.procedure_id, y.due, y.deadline, d.promise
    FROM change c
    -- OFFSET 0: one by one by key, as in duty_open.
    CROSS JOIN LATERAL (
        SELECT * FROM duty k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) y
    LEFT JOIN LATERAL (
        SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d ON true
    WHERE y.state <> 'void' AND y.episode > coalesce(d.broken, 0)
        AND (y.state <> 'sent' OR NOT EXISTS (
            SELECT FROM duty_log l
            WHERE l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
                AND l.was = 'sent' AND l.now = 'sent'))
), voided AS (
    -- The letter that was written keeps its number in table letter.
    UPDATE duty y SET state = 'void' FROM cleared c
    WHERE c.now = 'void' AND y.source_id = c.source_id AND y.code = c.code AND y.episode = c.episode
), pointless AS MATERIALIZED (
    SELECT c.source_id, c.code, c.episode, t.rung
    FROM cleared c
    -- By key first: joined freely, all steps that wait would be read.
    CROSS JOIN LATERAL (
        SELECT k.rung FROM step k
        WHERE k.source_id = c.source_id AND k.code = c.code AND k.episode = c.episode AND k.state = 'waiting' OFFSET 0) t
    JOIN rung r ON r.rung = t.rung AND r.anchor IN ('duty', 'deadline')
), dropped AS (
    UPDATE step t SET state = 'dropped', outcome = 'ended', done_at = $3::timestamptz
    FROM pointless p
    WHERE t.source_id = p.source_id AND t.code = p.code AND t.episode = p.episode AND t.rung = p.rung
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT c.source_id, c.episode, c.was, c.now, $3::timestamptz, c.code, 'notifier', c.why FROM cleared c
), named AS MATERIALIZED (
    SELECT c.*, s.name AS source, u.code AS unit, f.code AS field, p.code AS procedure,
        'letter.void/' || u.code AS topic
    FROM cleared c
    JOIN source s ON s.source_id = c.source_id
    JOIN unit u ON u.unit_id = c.unit_id
    LEFT JOIN field f ON f.field_id = c.field_id
    LEFT JOIN procedure p ON p.procedure_id = c.procedure_id
    WHERE c.now = 'void'
), numbered AS MATERIALIZED (
    SELECT n.*,
        coalesce(t.last_seq, 0) + row_number() OVER (PARTITION BY n.topic ORDER BY n.source_id, n.code) AS seq
    FROM named n LEFT JOIN alert_topic t ON t.topic = n.topic
), counted AS (
    INSERT INTO alert_topic AS t (topic, last_seq)
    SELECT n.topic, max(n.seq) FROM numbered n GROUP BY n.topic ORDER BY n.topic
    ON CONFLICT (topic) DO UPDATE SET last_seq = excluded.last_seq
)
INSERT INTO alert (topic, seq, source_id, code, at, body)
SELECT n.topic, n.seq, n.source_id, n.code, $3::timestamptz, json_build_object(
    'topic', n.topic, 'seq', n.seq, 'kind', 'letter.void', 'at', $3::timestamptz, 'source', n.source,
    'dossier', n.code, 'episode', n.episode, 'unit', n.unit, 'field', n.field, 'procedure', n.procedure,
    'due', n.due, 'deadline', n.deadline, 'promise', n.promise, 'state', 'void', 'why', upper(left(n.why, 1)) || substr(n.why, 2) || '.')::text
FROM numbered n ORDER BY n.topic, n.seq
RETURNING topic, seq, body
