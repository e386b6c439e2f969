-- letter_elsewhere: a letter that was written and numbered elsewhere was sent, with its log line.  A letter written here
-- counts when it has that number.  The caller holds duty and letter.
-- $1 source_id, $2 code, $3 episode, $4 letter number, $5 sent at, $6 who, $7 why, $8 channel, $9 proof, $10 the clock,
-- $11 year.  Result: the state before.  No row: it was sent before, is void, is written here under another number, or
-- waits to be e-mailed, or is being: it would go out twice (letter_unmail.sql).
-- Writes: letter, duty, duty_log.
WITH found AS (
    SELECT y.source_id, y.code, y.episode, y.state, y.due, y.unit_id
    FROM duty y LEFT JOIN letter l ON l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
    WHERE y.source_id = $1::int AND y.code = $2::text AND y.episode = $3::smallint
        AND y.state IN ('owed', 'drafted', 'approved') AND coalesce(l.letter_no = $4::text, true)
        AND NOT EXISTS (
            SELECT FROM message m JOIN delivery v ON v.message_id = m.message_id
            WHERE m.key = 'letter/' || y.source_id || '/' || y.episode || '/' || y.code AND v.state IN ('waiting', 'claimed'))
), written AS (
    INSERT INTO letter AS l (source_id, unit_id, episode, year, extension, state, due, drafted_at, sent_at, code, letter_no,
        reason, drafted_by, sent_by, channel, proof)
    SELECT f.source_id, f.unit_id, f.episode, $11::smallint, f.episode, 'sent', f.due, $10::timestamptz, $5::timestamptz,
        f.code, $4::text, '', $6::text, $6::text, $8::text, $9::text
    FROM found f
    ON CONFLICT ON CONSTRAINT letter_pkey DO UPDATE SET
        state = 'sent', sent_at = excluded.sent_at, sent_by = excluded.sent_by, channel = excluded.channel, proof = excluded.proof
), done AS (
    UPDATE duty y SET state = 'sent', sent_at = $5::timestamptz, letter_no = $4::text, sent_by = $6::text FROM found f
    WHERE y.source_id = f.source_id AND y.code = f.code AND y.episode = f.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT f.source_id, f.episode, f.state, 'sent', $10::timestamptz, f.code, $6::text, $7::text FROM found f
)
SELECT f.state::text FROM found f
