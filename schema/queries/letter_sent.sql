-- letter_sent: approved letters were sent, with their duties and a line in duty_log each.  The caller holds both.
-- $1 source_ids, $2 codes, $3 episodes, $4 sent at, $5 who, $6 why, $7 channel, $8 proof, $9 the clock.
-- Result: source_id, code, episode of those that were approved.  Writes: letter, duty, duty_log.
WITH changed AS (
    UPDATE letter l SET state = 'sent', sent_at = $4::timestamptz, sent_by = $5::text, channel = $7::text, proof = $8::text
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    WHERE l.source_id = k.source_id AND l.code = k.code AND l.episode = k.episode AND l.state = 'approved'
        AND NOT EXISTS (
            SELECT FROM duty y
            WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode AND y.state <> 'approved')
    RETURNING l.source_id, l.code, l.episode, l.letter_no
), taken AS (
    UPDATE duty y SET state = 'sent', sent_at = $4::timestamptz, letter_no = c.letter_no, sent_by = $5::text FROM changed c
    WHERE y.source_id = c.source_id AND y.code = c.code AND y.episode = c.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT c.source_id, c.episode, 'approved', 'sent', $9::timestamptz, c.code, $5::text, $6::text FROM changed c
)
SELECT c.source_id, c.code, c.episode FROM changed c
