-- letter_unwaive: takes such a decision back; the duty gets the state of its letter again.
-- $1 source_id, $2 code, $3 episode, $4 the clock, $5 who, $6 why.  The caller holds the duty.
-- Result: the state it has now.  No row: it was not waived.  Writes: duty, duty_log.
WITH found AS (
    SELECT y.source_id, y.code, y.episode, coalesce(l.state::text, 'owed')::duty_state AS now, l.sent_at, l.letter_no, l.sent_by
    FROM duty y LEFT JOIN letter l ON l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
    WHERE y.source_id = $1::int AND y.code = $2::text AND y.episode = $3::smallint AND y.waived_at IS NOT NULL
), done AS (
    UPDATE duty y SET state = f.now, waived_at = NULL, sent_at = f.sent_at, letter_no = f.letter_no, sent_by = f.sent_by
    FROM found f
    WHERE y.source_id = f.source_id AND y.code = f.code AND y.episode = f.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT f.source_id, f.episode, 'void', f.now, $4::timestamptz, f.code, $5::text, $6::text FROM found f
)
SELECT f.now::text FROM found f
