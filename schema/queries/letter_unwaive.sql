-- letter_unwaive: takes such a decision back; the notifier looks at the dossier again, and opens the duty when its promise is
-- still broken.
-- $1 source_id, $2 code, $3 episode, $4 the clock, $5 who, $6 why.  The caller holds the duty.
-- Result: the state that the notifier gives it.  No row: it was not waived.  Writes: duty, duty_log, verdict_change.
WITH done AS (
    UPDATE duty y SET waived_at = NULL
    WHERE y.source_id = $1::int AND y.code = $2::text AND y.episode = $3::smallint AND y.waived_at IS NOT NULL
    RETURNING y.source_id, y.code, y.episode, y.state
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT d.source_id, d.episode, d.state, d.state, $4::timestamptz, d.code, $5::text, $6::text FROM done d
)
SELECT CASE WHEN d.episode <= k.broken THEN coalesce(l.state::text, 'owed') ELSE 'void' END
FROM done d
CROSS JOIN LATERAL duty_recall(d.source_id, d.code) r
LEFT JOIN dossier k ON k.source_id = d.source_id AND k.code = d.code
LEFT JOIN letter l ON l.source_id = d.source_id AND l.code = d.code AND l.episode = d.episode
