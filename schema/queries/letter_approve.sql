-- letter_approve: drafted letters are approved, with their duties and a line in duty_log each.  The caller holds both.
-- $1 source_ids, $2 codes, $3 episodes, $4 the clock, $5 who, $6 why.
-- Result: source_id, code, episode of those that were drafted.  Writes: letter, duty, duty_log.
WITH changed AS (
    UPDATE letter l SET state = 'approved', approved_at = $4::timestamptz, approved_by = $5::text
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    WHERE l.source_id = k.source_id AND l.code = k.code AND l.episode = k.episode AND l.state = 'drafted'
        AND NOT EXISTS (
            SELECT FROM duty y
            WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode AND y.state <> 'drafted')
    RETURNING l.source_id, l.code, l.episode
), taken AS (
    UPDATE duty y SET state = 'approved' FROM changed c
    WHERE y.source_id = c.source_id AND y.code = c.code AND y.episode = c.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT c.source_id, c.episode, 'drafted', 'approved', $4::timestamptz, c.code, $5::text, $6::text FROM changed c
)
SELECT c.source_id, c.code, c.episode FROM changed c
