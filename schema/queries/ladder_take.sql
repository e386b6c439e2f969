-- ladder_take: takes the steps that are due.  Each is looked at once more: whether its reason still stands, whether a
-- later rung of the same promise is due as well, what officials hushed, and who is to hear of it.  The next rung of each
-- promise is planned.  The caller holds the cursor and one snapshot: nobody else numbers alerts or takes steps.
-- $1 clock, $2 at most so many, $3 rungs by name, $4 why each is told now; of promises whose step is due, that step, the rungs
-- due as well, and the next one: $5 sources, $6 codes, $7 episodes, $8 rungs, $9 units, $10 when they are due, $11 promises,
-- $12 due before they were postponed, $13 their order.
-- Result: a row a step: topic, seq and body of its alert, NULL for one of which the feed does not tell.
-- Writes: step, notice, alert_topic, alert.
WITH link AS MATERIALIZED (
    SELECT * FROM unnest($5::int[], $6::text[], $7::smallint[], $8::smallint[], $9::int[], $10::timestamptz[], $11::timestamptz[],
        $12::timestamptz[], $13::smallint[])
        AS u (source_id, code, episode, rung, unit_id, due_at, anchor_at, due_was, place)
), first AS MATERIALIZED (
    SELECT t.* FROM step t WHERE t.state = 'waiting' AND t.due_at <= $1::timestamptz
    ORDER BY t.due_at LIMIT $2::bigint
), head AS MATERIALIZED (
    -- One of a promise of which the caller has not seen that it is due, because as many others were due at that moment, waits
    -- for the next turn: what follows it is not known.
    SELECT f.source_id, f.code, f.episode, f.rung, f.unit_id, f.due_at, f.anchor_at, l.place
    FROM first f
    JOIN link l ON l.source_id = f.source_id AND l.code = f.code COLLATE "C" AND l.episode = f.episode AND l.rung = f.rung
), due AS MATERIALIZED (
    SELECT f.source_id, f.code, f.episode, f.rung, f.unit_id, f.due_at, f.anchor_at, NULL::timestamptz AS due_was,
        NULL::smallint AS place, true AS stored
    FROM first f JOIN rung r ON r.rung = f.rung AND r.anchor <> 'due'
    UNION ALL
    SELECT h.source_id, h.code, h.episode, h.rung, h.unit_id, h.due_at, h.anchor_at, NULL, h.place, true FROM head h
    UNION ALL
    SELECT l.source_id, l.code COLLATE "C", l.episode, l.rung, l.unit_id, l.due_at, l.anchor_at, l.due_was, l.place, false
    FROM head h
    JOIN link l ON l.source_id = h.source_id AND l.code = h.code COLLATE "C" AND l.episode = h.episode AND l.rung <> h.rung
    WHERE l.due_at <= $1::timestamptz
), seen AS (
    SELECT t.*, r.name AS kind, r.anchor, r.roles, r.superior, r.active,
        d.field_id, d.procedure_id, d.promise, d.broken, d.next_due, d.state IN ('received', 'in_process', 'paused') AS open,
        y.state AS duty, y.due AS duty_due, y.deadline, y.letter_no, u.code AS unit, f.code AS field, p.code AS procedure, s.name AS source,
        -- One that a mute of its rung keeps from being told overtakes none.
        r.anchor = 'due' AND r.active AND NOT EXISTS (
            SELECT FROM hush h
            WHERE h.kind = 'mute' AND h.rung = t.rung AND h.ended_at IS NULL AND h.since <= $1::timestamptz
                AND h.until > $1::timestamptz AND coalesce(h.unit_id, t.unit_id) = t.unit_id
                AND coalesce(h.field_id, d.field_id) = d.field_id) AS overtakes
    FROM due t
    JOIN rung r ON r.rung = t.rung
    JOIN unit u ON u.unit_id = t.unit_id
    JOIN source s ON s.source_id = t.source_id
    LEFT JOIN LATERAL (SELECT * FROM dossier k WHERE k.source_id = t.source_id AND k.code = t.code OFFSET 0) d ON true
    LEFT JOIN LATERAL (
        SELECT * FROM duty k WHERE k.source_id = t.source_id AND k.code = t.code AND k.episode = t.episode OFFSET 0) y ON true
    LEFT JOIN field f ON f.field_id = d.field_id
    LEFT JOIN procedure p ON p.procedure_id = d.procedure_id
), known AS MATERIALIZED (
    -- Sorted, not joined with itself: nobody tells the planner how many are due, and for few it would compare each with all.
    SELECT s.*, max(s.place) FILTER (WHERE s.overtakes) OVER (PARTITION BY s.source_id, s.code, s.episode) AS latest FROM seen s
), reach AS MATERIALIZED (
    SELECT h.* FROM recipient_reach h WHERE h.unit_id IN (SELECT k.unit_id FROM known k)
), judged AS MATERIALIZED (
    SELECT k.*, CASE WHEN k.anchor = 'due' THEN k.anchor_at ELSE k.duty_due END AS due, CASE
        WHEN NOT k.active THEN 'off'
        WHEN k.anchor = 'due' AND NOT coalesce(k.open, false) THEN 'ended'
        WHEN k.anchor = 'due' AND NOT (k.episode <= k.broken OR (k.next_due IS NOT NULL AND k.episode = k.broken + 1)) THEN 'moved'
        WHEN k.anchor IN ('duty', 'deadline') AND coalesce(k.duty, 'void') = 'void' THEN 'ended'
        WHEN k.anchor IN ('duty', 'deadline') AND k.duty = 'sent' THEN 'sent'
        WHEN k.place < k.latest THEN 'overtaken'
        WHEN k.anchor = 'due' AND EXISTS (
            SELECT FROM hush h
            WHERE h.kind = 'ack' AND h.source_id = k.source_id AND h.code = k.code AND h.episode = k.episode
                AND h.ended_at IS NULL) THEN 'acknowledged'
        WHEN EXISTS (
            SELECT FROM hush h
            WHERE h.kind = 'mute' AND h.ended_at IS NULL AND h.since <= $1::timestamptz AND h.until > $1::timestamptz
                AND coalesce(h.unit_id, k.unit_id) = k.unit_id AND coalesce(h.field_id, k.field_id) = k.field_id
                AND coalesce(h.rung, k.rung) = k.rung) THEN 'muted'
        -- Of no step in hand, so that it is asked once and looked up from then on.
        WHEN (k.unit_id, k.rung) NOT IN (
            SELECT h.unit_id, r.rung FROM reach h JOIN rung r ON h.role = ANY (r.roles)) THEN 'nobody'
        ELSE 'told'
        END AS outcome
    FROM known k
), closed AS (
    UPDATE step t SET outcome = j.outcome, done_at = $1::timestamptz,
        state = CASE WHEN j.outcome IN ('off', 'ended', 'moved', 'sent') THEN 'dropped' ELSE 'done' END
    FROM judged j
    WHERE j.stored AND t.source_id = j.source_id AND t.code = j.code AND t.episode = j.episode AND t.rung = j.rung
), planned AS (
    -- Of a promise that is none to keep no rung follows: should it become one again it is planned anew.
    INSERT INTO step (source_id, code, episode, rung, unit_id, due_at, anchor_at, due_was, state, outcome, done_at)
    SELECT j.source_id, j.code, j.episode, j.rung, j.unit_id, j.due_at, j.anchor_at, j.due_was,
        CASE j.outcome WHEN 'off' THEN 'dropped' ELSE 'done' END, j.outcome, $1::timestamptz
    FROM judged j WHERE NOT j.stored AND j.outcome NOT IN ('ended', 'moved')
    UNION ALL
    SELECT l.source_id, l.code, l.episode, l.rung, l.unit_id, l.due_at, l.anchor_at, NULL, 'waiting', NULL, NULL
    FROM judged j
    JOIN link l ON l.source_id = j.source_id AND l.code = j.code COLLATE "C" AND l.episode = j.episode
    WHERE j.stored AND j.place IS NOT NULL AND j.outcome NOT IN ('ended', 'moved') AND l.due_at > $1::timestamptz
), worded AS MATERIALIZED (
    SELECT j.*, jsonb_build_object('kind', j.kind, 'at', $1::timestamptz, 'source_id', j.source_id, 'source', j.source, 'dossier', j.code,
        'episode', j.episode, 'unit', j.unit, 'field', j.field, 'procedure', j.procedure, 'due', j.due,
        'deadline', j.deadline, 'promise', j.promise, 'state', j.duty, 'letter_no', j.letter_no, 'step_due', j.due_at) AS facts
    FROM judged j WHERE j.outcome = 'told'
), noticed AS (
    INSERT INTO notice (recipient_id, kind, key, due, facts)
    SELECT DISTINCT ON (q.recipient_id, w.source_id, w.code, w.episode, w.rung) q.recipient_id, w.kind,
        format('step/%s/%s/%s/%s', w.source_id, w.episode, w.rung, w.code),
        CASE WHEN w.anchor = 'due' THEN w.anchor_at ELSE w.deadline END, w.facts
    FROM worded w
    JOIN reach h ON h.unit_id = w.unit_id AND h.role = ANY (w.roles)
    JOIN recipient q ON q.role = h.role AND q.disabled IS NULL
        AND q.unit_id = CASE WHEN w.superior THEN h.superior_id ELSE h.at_unit_id END
    ON CONFLICT ON CONSTRAINT notice_once DO NOTHING
), numbered AS MATERIALIZED (
    -- That a letter came to be owed the feed has told when its duty was opened.
    SELECT j.*, x.topic,
        coalesce(t.last_seq, 0) + row_number() OVER (PARTITION BY x.topic ORDER BY j.source_id, j.code, j.episode) AS seq
    FROM judged j CROSS JOIN LATERAL (SELECT 'ladder.' || j.kind || '/' || j.unit AS topic) x
    LEFT JOIN alert_topic t ON t.topic = x.topic
    WHERE j.outcome IN ('told', 'nobody') AND j.anchor <> 'duty'
), counted AS (
    INSERT INTO alert_topic AS t (topic, last_seq)
    SELECT n.topic, max(n.seq) FROM numbered n GROUP BY n.topic ORDER BY n.topic
    ON CONFLICT (topic) DO UPDATE SET last_seq = excluded.last_seq
), told AS (
    INSERT INTO alert (topic, seq, source_id, code, at, body)
    SELECT n.topic, n.seq, n.source_id, n.code, $1::timestamptz, json_build_object(
        'topic', n.topic, 'seq', n.seq, 'kind', 'ladder.' || n.kind, 'why', y.why, 'at', $1::timestamptz, 'source', n.source,
        'dossier', n.code, 'episode', n.episode, 'unit', n.unit, 'field', n.field, 'procedure', n.procedure, 'due', n.due,
        'deadline', n.deadline, 'promise', n.promise, 'state', n.duty, 'letter_no', n.letter_no, 'step_due', n.due_at)::text
    FROM numbered n LEFT JOIN unnest($3::text[], $4::text[]) AS y (kind, why) USING (kind) ORDER BY n.topic, n.seq
    RETURNING topic, seq, body
)
SELECT t.topic, t.seq, t.body FROM told t
UNION ALL
SELECT NULL, NULL, NULL FROM judged j WHERE j.outcome NOT IN ('told', 'nobody') OR j.anchor = 'duty'
