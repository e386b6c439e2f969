-- duty_open: opens duties, and brings void ones back; a letter that was written before gives its state.  Their steps of
-- the ladder begin.  The caller holds the cursor and one snapshot: nobody else numbers alerts.
-- $1 sources, $2 codes, $3 episodes, $4 units, $5 promises, $6 deadlines, $7 rules of the deadlines, $8 when the owed
-- letter is to be told, $9 when that it is late; $10 clock.
-- Result: topic, seq and body of the alerts, one a duty.  Writes: duty, duty_log, step, alert_topic, alert.
WITH wanted AS MATERIALIZED (
    SELECT w.*, l.state::text AS written, l.letter_no, l.sent_at, l.sent_by
    FROM unnest($1::int[], $2::text[], $3::smallint[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::smallint[],
        $8::timestamptz[], $9::timestamptz[])
        AS w (source_id, code, episode, unit_id, due, deadline, rule, tell_at, late_at)
    LEFT JOIN LATERAL (
        SELECT * FROM letter k
        WHERE k.source_id = w.source_id AND k.code = w.code COLLATE "C" AND k.episode = w.episode OFFSET 0) l ON true
), opened AS (
    INSERT INTO duty AS y (source_id, unit_id, episode, state, due, deadline, opened_at, code, letter_no, sent_at, sent_by, rule)
    SELECT w.source_id, w.unit_id, w.episode, coalesce(w.written, 'owed')::duty_state, w.due, w.deadline, $10::timestamptz,
        w.code, w.letter_no, w.sent_at, w.sent_by, w.rule
    FROM wanted w ORDER BY w.source_id, w.code, w.episode
    ON CONFLICT ON CONSTRAINT duty_pkey DO UPDATE SET
        unit_id = excluded.unit_id, state = excluded.state, due = excluded.due, deadline = excluded.deadline,
        opened_at = excluded.opened_at, letter_no = excluded.letter_no, sent_at = excluded.sent_at,
        sent_by = excluded.sent_by, rule = excluded.rule
    WHERE y.state = 'void'
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT w.source_id, w.episode, x.was, x.now, $10::timestamptz, w.code, 'notifier', x.why
    FROM wanted w
    LEFT JOIN duty y ON y.source_id = w.source_id AND y.code = w.code COLLATE "C" AND y.episode = w.episode
    CROSS JOIN LATERAL (
        VALUES (1, y.state, 'owed'::duty_state, 'promise ' || w.episode || ' was broken'),
            (2, 'owed', w.written::duty_state, 'the letter was written before')) AS x (n, was, now, why)
    WHERE x.now IS NOT NULL
    ORDER BY w.source_id, w.code, w.episode, x.n
), stepped AS (
    INSERT INTO step AS t (source_id, code, episode, rung, unit_id, due_at, anchor_at, state)
    SELECT w.source_id, w.code, w.episode, r.rung, w.unit_id, CASE r.anchor WHEN 'duty' THEN w.tell_at ELSE w.late_at END,
        CASE r.anchor WHEN 'duty' THEN $10::timestamptz ELSE w.deadline END, 'waiting'
    FROM wanted w JOIN rung r ON r.anchor IN ('duty', 'deadline') AND r.active
    WHERE w.written IS DISTINCT FROM 'sent'
    ON CONFLICT ON CONSTRAINT step_pkey DO UPDATE SET
        unit_id = excluded.unit_id, due_at = excluded.due_at, anchor_at = excluded.anchor_at, state = 'waiting',
        done_at = NULL, outcome = NULL, due_was = NULL
    WHERE t.state = 'dropped'
), named AS MATERIALIZED (
    SELECT w.*, s.name AS source, u.code AS unit, f.code AS field, p.code AS procedure, d.promise,
        'letter.owed/' || u.code AS topic
    FROM wanted w
    JOIN source s ON s.source_id = w.source_id
    JOIN unit u ON u.unit_id = w.unit_id
    CROSS JOIN LATERAL (
        SELECT * FROM dossier k WHERE k.source_id = w.source_id AND k.code = w.code COLLATE "C" OFFSET 0) d
    JOIN field f ON f.field_id = d.field_id
    JOIN procedure p ON p.procedure_id = d.procedure_id
), numbered AS MATERIALIZED (
    SELECT n.*,
        coalesce(t.last_seq, 0) + row_number() OVER (PARTITION BY n.topic ORDER BY n.source_id, n.code, n.episode) AS seq
    FROM named n LEFT JOIN alert_topic t ON t.topic = n.topic
), counted AS (
    INSERT INTO alert_topic AS t (topic, last_seq)
    SELECT n.topic, max(n.seq) FROM numbered n GROUP BY n.topic ORDER BY n.topic
    ON CONFLICT (topic) DO UPDATE SET last_seq = excluded.last_seq
)
INSERT INTO alert (topic, seq, source_id, code, at, body)
SELECT n.topic, n.seq, n.source_id, n.code, $10::timestamptz, json_build_object(
    'topic', n.topic, 'seq', n.seq, 'kind', 'letter.owed', 'at', $10::timestamptz, 'source', n.source,
    'dossier', n.code, 'episode', n.episode, 'unit', n.unit, 'field', n.field, 'procedure', n.procedure,
    'due', n.due, 'deadline', n.deadline, 'promise', n.promise, 'state', coalesce(n.written, 'owed'),
    'why', 'Promise ' || n.episode || ' was broken.')::text
FROM numbered n ORDER BY n.topic, n.seq
RETURNING topic, seq, body
