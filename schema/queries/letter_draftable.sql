-- letter_draftable: letters owed that nobody has drafted, by deadline, where some office says what letters say by themselves.
-- $1 only duties opened since, $2 behind this deadline, $3 source_id, $4 code and $5 episode, $6 at most so many.
-- Result: source_id, code, episode, deadline.
SELECT y.source_id, y.code, y.episode, y.deadline
FROM duty y
WHERE y.state = 'owed' AND y.opened_at >= $1::timestamptz
    AND (y.deadline, y.source_id, y.code, y.episode) > ($2::timestamptz, $3::int, $4::text COLLATE "C", $5::smallint)
    AND NOT EXISTS (
        SELECT FROM letter l WHERE l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode)
    AND EXISTS (SELECT FROM letter_office o WHERE o.reason IS NOT NULL AND o.term_days IS NOT NULL)
ORDER BY y.deadline, y.source_id, y.code, y.episode
LIMIT $6::bigint
