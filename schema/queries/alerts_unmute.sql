-- alerts_unmute: takes a mute, an ack or a snooze back; steps that a snooze moved are due again when they were before.
-- $1 hush, $2 the clock, $3 who, $4 why.
-- Result: kind, dossier, until, whether it was over already.  No row: there is none.  Writes: hush, step.
WITH found AS (
    SELECT h.* FROM hush h WHERE h.hush_id = $1::int FOR UPDATE
), over AS (
    SELECT f.*, f.ended_at IS NOT NULL OR f.until <= $2::timestamptz AS is_over FROM found f
), done AS (
    UPDATE hush h SET ended_at = $2::timestamptz, ended_by = $3::text, ended_why = $4::text
    FROM over o
    WHERE h.hush_id = o.hush_id AND NOT o.is_over
), back AS (
    -- Held at the letter's deadline, or moved to the end of the snooze; what was planned anew since then stays.
    UPDATE step s SET due_at = s.due_was, due_was = NULL
    FROM over o, rung g
    WHERE o.kind = 'snooze' AND NOT o.is_over AND s.source_id = o.source_id AND s.code = o.code AND s.state = 'waiting'
        AND s.due_was IS NOT NULL AND g.rung = s.rung AND (s.due_at = o.until OR g.anchor IN ('duty', 'deadline')))
SELECT o.kind, o.code, o.until, o.is_over FROM over o
