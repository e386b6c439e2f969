-- letter_waive: an official's decision that no letter goes out although the promise was missed.
-- $1 source_id, $2 code, $3 episode, $4 the clock, $5 who, $6 why.  The caller holds the duty.
-- Result: the state before.  No row: nothing that could be waived.  Writes: duty, duty_log.
WITH found AS (
    SELECT y.source_id, y.code, y.episode, y.state FROM duty y
    WHERE y.source_id = $1::int AND y.code = $2::text AND y.episode = $3::smallint
        AND y.state IN ('owed', 'drafted', 'approved')
), done AS (
    UPDATE duty y SET state = 'void', waived_at = $4::timestamptz FROM found f
    WHERE y.source_id = f.source_id AND y.code = f.code AND y.episode = f.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT f.source_id, f.episode, f.state, 'void', $4::timestamptz, f.code, $5::text, $6::text FROM found f
)
SELECT f.state::text FROM found f
