-- letters_sent: notes that the letter of a dossier was sent, with its log line.  The newest duty that is not void
-- counts; one that was sent before stays as it is.
-- $1 source_id, $2 code, $3 letter number, $4 sent at, $5 by whom, $6 why, $7 the clock.
-- Result: episode, state before, letter number and time before.  No row: no duty.  Writes: duty, duty_log.
WITH found AS (
    SELECT y.source_id, y.code, y.episode, y.state, y.letter_no, y.sent_at
    FROM duty y
    WHERE y.source_id = $1::int AND y.code = $2::text
    ORDER BY y.state = 'void', y.episode DESC
    LIMIT 1
    FOR UPDATE),
done AS (
    UPDATE duty y SET state = 'sent', sent_at = $4::timestamptz, letter_no = $3::text, sent_by = $5::text
    FROM found f
    WHERE y.source_id = f.source_id AND y.code = f.code AND y.episode = f.episode
        AND f.state IN ('owed', 'drafted', 'approved')
    RETURNING y.source_id, y.code, y.episode, f.state AS was),
logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT d.source_id, d.episode, d.was, 'sent', $7::timestamptz, d.code, $5::text, $6::text FROM done d)
SELECT f.episode, f.state::text, f.letter_no, f.sent_at FROM found f
