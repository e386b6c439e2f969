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
), stepped AS (
    UPDATE step t SET unit_id = m.unit_id,
        due_at = CASE WHEN r.anchor = 'deadline' AND m.by_due THEN m.late_at ELSE t.due_at END,
        anchor_at = CASE WHEN r.anchor = 'deadline' THEN m.deadline ELSE t.anchor_at END
    FROM moved m JOIN rung r ON r.anchor IN ('duty', 'deadline')
    WHERE t.source_id = m.source_id AND t.code = m.code COLLATE "C" AND t.episode = m.episode AND t.rung = r.rung
        AND t.state = 'waiting'
)
UPDATE duty y SET unit_id = m.unit_id, due = m.due, deadline = m.deadline, rule = m.rule
FROM moved m
WHERE y.source_id = m.source_id AND y.code = m.code COLLATE "C" AND y.episode = m.episode
