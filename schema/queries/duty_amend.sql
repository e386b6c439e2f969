-- duty_amend: open duties whose dossier has got another promise or unit follow it, with a line in duty_log.
-- $1 sources, $2 codes, $3 episodes, $4 units, $5 promises, $6 deadlines, $7 rules of the deadlines, $8 when the owed
-- letter is to be told, $9 when that it is late; $10 clock.  Writes: duty, duty_log, step.
WITH moved AS MATERIALIZED (
    SELECT w.*, y.state, y.due <> w.due AS by_due
    FROM unnest($1::int[], $2::text[], $3::smallint[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::smallint[],
        $8::timestamptz[], $9::timestamptz[])
        AS w (source_id, code, episode, unit_id, due, deadline, rule, tell_at, late_at)
    CROSS JOIN LATERAL (
        SELECT * FROM duty k
        WHERE k.source_id = w.source_id AND k.code = w.code COLLATE "C" AND k.episode = w.episode OFFSET 0) y
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT m.source_id, m.episode, m.state, m.state, $10::timestamptz, m.code, 'notifier',
        CASE WHEN m.by_due THEN 'the promised date is another now' ELSE 'the dossier went to another unit' END
    FROM moved m
), waiting AS MATERIALIZED (
    SELECT m.*, t.rung, r.anchor
    FROM moved m
    -- By key first: joined freely, all steps that wait would be read.
    CROSS JOIN LATERAL (
        SELECT k.rung FROM step k
        WHERE k.source_id = m.source_id AND k.code = m.code COLLATE "C" AND k.episode = m.episode AND k.state = 'waiting'
        OFFSET 0) t
    JOIN rung r ON r.rung = t.rung AND r.anchor IN ('duty', 'deadline')
), stepped AS (
    UPDATE step t SET unit_id = w.unit_id,
        due_at = CASE WHEN w.anchor = 'deadline' AND w.by_due THEN w.late_at ELSE t.due_at END,
        anchor_at = CASE WHEN w.anchor = 'deadline' THEN w.deadline ELSE t.anchor_at END
    FROM waiting w
    WHERE t.source_id = w.source_id AND t.code = w.code COLLATE "C" AND t.episode = w.episode AND t.rung = w.rung
)
UPDATE duty y SET unit_id = m.unit_id, due = m.due, deadline = m.deadline, rule = m.rule
FROM moved m
WHERE y.source_id = m.source_id AND y.code = m.code COLLATE "C" AND y.episode = m.episode
