-- explain_letters: letters of a dossier as documents, and how they stand against their deadline.  $1 source_id, $2 code.
-- Result: promise, number, state, against the deadline (sent: in_time or late; else NULL), promised, new date, drafted,
-- approved, sent, by which way.
SELECT l.episode, l.letter_no, l.state::text, CASE WHEN l.sent_at <= y.deadline OR y.code IS NULL AND l.sent_at <= l.due THEN 'in_time'
        WHEN l.sent_at IS NOT NULL THEN 'late' END,
    l.due, l.new_due, l.drafted_at, l.approved_at, l.sent_at, l.channel
FROM letter l
LEFT JOIN duty y ON y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode
WHERE l.source_id = $1::int AND l.code = $2::text
ORDER BY l.episode
