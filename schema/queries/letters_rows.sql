-- letters_rows: apology letters, the nearest deadline first.  $1 state (NULL: all that are not sent or void),
-- $2 only this unit and those under it (NULL: all), $3 at most so many (0: all).
-- Result: unit, code, source, episode, state, due, deadline, opened, letter number, sent, by whom.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT u.code, y.code, s.name, y.episode, y.state::text, y.due, y.deadline, y.opened_at, y.letter_no, y.sent_at,
    y.sent_by
FROM duty y
JOIN unit u USING (unit_id)
JOIN source s USING (source_id)
WHERE CASE WHEN $1::text IS NULL THEN y.state IN ('owed', 'drafted', 'approved') ELSE y.state = $1::text::duty_state END
    AND ($2::text IS NULL OR y.unit_id IN (SELECT i.unit_id FROM inside i))
ORDER BY y.deadline, y.source_id, y.code, y.episode
LIMIT nullif($3::bigint, 0)
