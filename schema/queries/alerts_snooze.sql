-- alerts_snooze: the steps of a dossier that wait are not taken before a time; those of letters not after the letter's
-- deadline.  An earlier snooze of it ends.
-- $1 source_id, $2 code, $3 the clock, $4 until, $5 who, $6 why.
-- Result: its hush, steps that wait, of them moved to that time, of them held at the letter's deadline, when its promise
-- falls due (NULL: not before that time).  No row: no dossier.
-- Writes: hush, step.
WITH found AS (
    SELECT d.source_id, d.code, d.next_due,
        greatest(d.broken, CASE WHEN d.next_due IS NOT NULL THEN d.broken + 1 END, 1)::smallint AS episode
    FROM dossier d
    WHERE d.source_id = $1::int AND d.code = $2::text
), ended AS (
    UPDATE hush h SET ended_at = $3::timestamptz, ended_by = $5::text, ended_why = $6::text
    FROM found f
    WHERE h.source_id = f.source_id AND h.code = f.code AND h.kind = 'snooze' AND h.ended_at IS NULL
        AND h.until > $3::timestamptz
), made AS (
    INSERT INTO hush (source_id, episode, since, until, code, kind, owner, why)
    SELECT f.source_id, f.episode, $3::timestamptz, $4::timestamptz, f.code, 'snooze', $5::text, $6::text FROM found f
    RETURNING hush_id
), aimed AS (
    SELECT s.source_id, s.code, s.episode, s.rung, coalesce(s.due_was, s.due_at) AS planned, g.anchor,
        CASE WHEN g.anchor IN ('duty', 'deadline')
            THEN least($4::timestamptz, y.deadline, CASE g.anchor WHEN 'deadline' THEN s.anchor_at END)
            ELSE $4::timestamptz
            END AS aim
    FROM found f
    JOIN step s ON s.source_id = f.source_id AND s.code = f.code AND s.state = 'waiting'
    JOIN rung g USING (rung)
    LEFT JOIN duty y ON y.source_id = s.source_id AND y.code = s.code AND y.episode = s.episode AND y.state <> 'void'
), moved AS (
    UPDATE step s SET due_at = greatest(a.planned, a.aim), due_was = CASE WHEN a.aim > a.planned THEN a.planned END
    FROM aimed a
    WHERE s.source_id = a.source_id AND s.code = a.code AND s.episode = a.episode AND s.rung = a.rung
        AND s.state = 'waiting'
    RETURNING a.anchor, s.due_at)
SELECT (SELECT hush_id FROM made), (SELECT count(*) FROM aimed),
    (SELECT count(*) FROM moved WHERE due_at = $4::timestamptz),
    (SELECT count(*) FROM moved WHERE due_at < $4::timestamptz AND anchor IN ('duty', 'deadline')),
    CASE WHEN f.next_due > $3::timestamptz AND f.next_due < $4::timestamptz THEN f.next_due END
FROM found f
