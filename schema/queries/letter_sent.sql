-- letter_sent: approved letters were sent, with their duties and a line in duty_log each.  The caller holds both.
-- $1 source_ids, $2 codes, $3 episodes, $4 sent at, $5 who, $6 why, $7 channel, $8 proof, $9 the clock.
-- Those that wait to be e-mailed, or are being, are left: they would go out twice (letter_unmail.sql).
-- Result: source_id, code, episode of those that were approved.  Writes: letter, duty, duty_log.
WITH held AS MATERIALIZED (
    SELECT k.*
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    -- OFFSET 0: one by one by key, however many there are.
    CROSS JOIN LATERAL (
        SELECT i.state FROM letter i
        WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode OFFSET 0) l
    LEFT JOIN LATERAL (
        SELECT i.state FROM duty i
        WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode OFFSET 0) y ON true
    WHERE l.state = 'approved' AND coalesce(y.state = 'approved', true)
        AND NOT EXISTS (
            SELECT FROM message m JOIN delivery v ON v.message_id = m.message_id
            WHERE m.key = 'letter/' || k.source_id || '/' || k.episode || '/' || k.code AND v.state IN ('waiting', 'claimed'))
), changed AS (
    UPDATE letter l SET state = 'sent', sent_at = $4::timestamptz, sent_by = $5::text, channel = $7::text, proof = $8::text
    FROM held h
    WHERE l.source_id = h.source_id AND l.code = h.code AND l.episode = h.episode
    RETURNING l.source_id, l.code, l.episode, l.letter_no
), taken AS (
    UPDATE duty y SET state = 'sent', sent_at = $4::timestamptz, letter_no = c.letter_no, sent_by = $5::text FROM changed c
    WHERE y.source_id = c.source_id AND y.code = c.code AND y.episode = c.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT c.source_id, c.episode, 'approved', 'sent', $9::timestamptz, c.code, $5::text, $6::text FROM changed c
)
SELECT c.source_id, c.code, c.episode FROM changed c
