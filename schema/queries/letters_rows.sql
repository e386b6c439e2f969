-- letters_rows: apology letters, the nearest deadline first.  $1 state (NULL: all that are not sent or void),
-- $2 only this unit and those under it (NULL: all), $3 class against the deadline: none (not sent), in_time, late (NULL:
-- all; with a class all states but void), $4 only letters whose promise is not missed yet, $5 at most so many (0: all).
-- Result: unit, code, source, episode, state, due, deadline, opened, letter number, sent, by whom, new due, class, waived.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id
), wanted AS (
    SELECT unnest(CASE WHEN $1::text IS NOT NULL THEN ARRAY[$1::text] WHEN $3::text IN ('in_time', 'late') THEN '{sent}'
        ELSE '{owed,drafted,approved}' END) AS state)
SELECT u.code, x.code, s.name, x.episode, x.state, x.due, x.deadline, x.opened_at, x.letter_no, x.sent_at, x.sent_by,
    x.new_due, x.class, x.waived
FROM (
    SELECT y.source_id, y.unit_id, y.code, y.episode, w.state, y.due, y.deadline, y.opened_at,
        coalesce(y.letter_no, l.letter_no) AS letter_no, y.sent_at, y.sent_by, l.new_due, y.waived_at IS NOT NULL AS waived,
        CASE WHEN y.sent_at IS NULL THEN 'none' WHEN y.sent_at <= y.deadline THEN 'in_time' ELSE 'late' END AS class, y.deadline AS place
    FROM wanted w
    -- State by state along the index of deadlines, so that no more is read than is shown.
    CROSS JOIN LATERAL (
        SELECT * FROM duty k
        WHERE k.state = w.state::duty_state AND ($2::text IS NULL OR k.unit_id IN (SELECT i.unit_id FROM inside i))
            AND CASE $3::text WHEN 'none' THEN k.sent_at IS NULL WHEN 'in_time' THEN k.sent_at <= k.deadline
                WHEN 'late' THEN k.sent_at > k.deadline ELSE true END
            AND ($3::text IS NULL OR w.state <> 'void')
        ORDER BY k.deadline, k.source_id, k.code, k.episode LIMIT nullif($5::bigint, 0)) y
    LEFT JOIN letter l ON l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
    WHERE NOT $4::boolean
    UNION ALL
    SELECT l.source_id, l.unit_id, l.code, l.episode, l.state::text, l.due, NULL, NULL, l.letter_no, l.sent_at, l.sent_by, l.new_due,
        false, CASE WHEN l.sent_at IS NULL THEN 'none' ELSE 'in_time' END, l.due
    FROM letter l
    WHERE $4::boolean AND l.state = ANY (ARRAY(
            SELECT w.state::letter_state FROM wanted w WHERE w.state IN ('drafted', 'approved', 'sent')))
        -- Says once more, for the index of those not sent, what follows from the line before.
        AND (coalesce($1::text = 'sent' OR $3::text = 'in_time', false) OR l.state <> 'sent')
        AND ($2::text IS NULL OR l.unit_id IN (SELECT i.unit_id FROM inside i))
        AND CASE $3::text WHEN 'none' THEN l.sent_at IS NULL WHEN 'in_time' THEN l.sent_at IS NOT NULL WHEN 'late' THEN false
            ELSE true END
        AND NOT EXISTS (SELECT FROM duty y WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode)) x
JOIN unit u USING (unit_id)
JOIN source s USING (source_id)
ORDER BY x.place, x.source_id, x.code, x.episode
LIMIT nullif($5::bigint, 0)
