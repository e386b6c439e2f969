-- letter_newest: the letter of a dossier that an official means who names no promise: the newest that is still to be
-- sent, else the newest that is not void.  $1 source_id, $2 code, $3 episode (NULL: any).
-- Result: episode, state, letter number, sent at, whether it was waived; of a letter written here its number, when it
-- was drafted, and the delivery by which it waits to be mailed.
SELECT y.episode, y.state::text, y.letter_no, y.sent_at, y.waived_at IS NOT NULL, l.letter_no, l.drafted_at,
    (SELECT v.delivery_id::text FROM message m JOIN delivery v ON v.message_id = m.message_id
     WHERE m.key = 'letter/' || y.source_id || '/' || y.episode || '/' || y.code AND v.state IN ('waiting', 'claimed'))
FROM duty y LEFT JOIN letter l ON l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
WHERE y.source_id = $1::int AND y.code = $2::text AND ($3::smallint IS NULL OR y.episode = $3::smallint)
ORDER BY y.state NOT IN ('owed', 'drafted', 'approved'), y.state = 'void', y.episode DESC
LIMIT 1
