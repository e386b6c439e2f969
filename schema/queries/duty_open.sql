-- duty_open: opens a duty for each dossier past its promise that has none, and brings void ones back to owed, but for
-- those that an official waived.
-- Looks at the dossiers whose verdict changed between two snapshots and, when $4 is above 0, at up to $4 others that
-- are past their promise without a duty.  The caller holds the cursor and one snapshot: nobody else numbers alerts.
-- $1 snapshot before, $2 snapshot after, $3 clock, $4 others.
-- Result: topic, seq and body of the alerts, one a duty.  Writes: duty, duty_log, alert_topic, alert.
WITH change AS (
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND v.xid < pg_snapshot_xmax($2::text::pg_snapshot)
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.now IN ('late', 'overdue')
    UNION
    SELECT v.source_id, v.code FROM verdict_change v
    WHERE v.xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))
        AND pg_visible_in_snapshot(v.xid, $2::text::pg_snapshot) AND v.now IN ('late', 'overdue')
    UNION
    (SELECT d.source_id, d.code FROM dossier d
    WHERE d.promise IN ('late', 'overdue') AND d.promise_due IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM duty y
            WHERE y.source_id = d.source_id AND y.code = d.code AND y.episode = 1
                AND (y.state <> 'void' OR y.waived_at IS NOT NULL))
    LIMIT $4::bigint)
), wanted AS MATERIALIZED (
    SELECT d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.promise_due AS due, d.promise,
        y.state AS was
    FROM change c
    -- OFFSET 0: one by one by key.  Joined freely, all late dossiers of all time would be read for a handful.
    CROSS JOIN LATERAL (
        SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code OFFSET 0) d
    LEFT JOIN LATERAL (
        SELECT k.state, k.waived_at FROM duty k
        WHERE k.source_id = c.source_id AND k.code = c.code AND k.episode = 1 OFFSET 0) y ON true
    WHERE d.promise IN ('late', 'overdue') AND d.promise_due IS NOT NULL AND coalesce(y.state, 'void') = 'void'
        AND y.waived_at IS NULL
), opened AS (
    -- The letter is owed no later than the appointment date, so the deadline is the promise itself.
    INSERT INTO duty AS y (source_id, unit_id, episode, state, due, deadline, opened_at, code)
    SELECT w.source_id, w.unit_id, 1, 'owed', w.due, w.due, $3::timestamptz, w.code
    FROM wanted w ORDER BY w.source_id, w.code
    ON CONFLICT ON CONSTRAINT duty_pkey DO UPDATE SET
        unit_id = excluded.unit_id, state = 'owed', due = excluded.due, deadline = excluded.deadline,
        opened_at = excluded.opened_at
    WHERE y.state = 'void' AND y.waived_at IS NULL
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT w.source_id, 1, w.was, 'owed', $3::timestamptz, w.code, 'notifier', 'the dossier is ' || w.promise
    FROM wanted w
), named AS MATERIALIZED (
    SELECT w.*, s.name AS source, u.code AS unit, f.code AS field, p.code AS procedure,
        'letter.owed/' || u.code AS topic
    FROM wanted w
    JOIN source s ON s.source_id = w.source_id
    JOIN unit u ON u.unit_id = w.unit_id
    JOIN field f ON f.field_id = w.field_id
    JOIN procedure p ON p.procedure_id = w.procedure_id
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
    'topic', n.topic, 'seq', n.seq, 'kind', 'letter.owed', 'at', $3::timestamptz, 'source', n.source,
    'dossier', n.code, 'episode', 1, 'unit', n.unit, 'field', n.field, 'procedure', n.procedure,
    'due', n.due, 'deadline', n.due, 'promise', n.promise, 'state', 'owed')::text
FROM numbered n ORDER BY n.topic, n.seq
RETURNING topic, seq, body
