-- letters_total: how many rows letters_rows has without a limit.  $1 state, $2 unit, $3 class, $4 ahead: as there, $5 at most so
-- many are counted.  Result: letters.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id
), wanted AS (
    SELECT unnest(CASE WHEN $1::text IS NOT NULL THEN ARRAY[$1::text] WHEN $3::text IN ('in_time', 'late') THEN '{sent}'
        ELSE '{owed,drafted,approved}' END) AS state)
SELECT count(*)
FROM (
    SELECT
    FROM duty y
    WHERE NOT $4::boolean AND y.state = ANY (ARRAY(SELECT w.state::duty_state FROM wanted w))
        -- Says once more, for the index of those open, what follows from the line before; so below.
        AND (coalesce($1::text IN ('sent', 'void') OR $3::text IN ('in_time', 'late'), false)
            OR y.state IN ('owed', 'drafted', 'approved'))
        AND ($2::text IS NULL OR y.unit_id IN (SELECT i.unit_id FROM inside i))
        AND CASE $3::text WHEN 'none' THEN y.sent_at IS NULL WHEN 'in_time' THEN y.sent_at <= y.deadline
            WHEN 'late' THEN y.sent_at > y.deadline ELSE true END
        AND ($3::text IS NULL OR y.state <> 'void')
    UNION ALL
    SELECT
    FROM letter l
    WHERE $4::boolean AND l.state = ANY (ARRAY(
            SELECT w.state::letter_state FROM wanted w WHERE w.state IN ('drafted', 'approved', 'sent')))
        AND (coalesce($1::text = 'sent' OR $3::text = 'in_time', false) OR l.state <> 'sent')
        AND ($2::text IS NULL OR l.unit_id IN (SELECT i.unit_id FROM inside i))
        AND CASE $3::text WHEN 'none' THEN l.sent_at IS NULL WHEN 'in_time' THEN l.sent_at IS NOT NULL WHEN 'late' THEN false
            ELSE true END
        AND NOT EXISTS (SELECT FROM duty y WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode)
    LIMIT $5::bigint) x
