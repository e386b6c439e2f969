-- letter_pick_bulk: letters that are under way, the nearest deadline first, which is the order in which numbers are given.
-- Those written before their promise is missed are among them while it runs or once it is broken; one whose promise was
-- kept in the end goes nowhere by itself.
-- What is sent or void is not picked in bulk.
-- $1 only this unit and those under it (NULL: all), $2 also those printed before, $3 by number instead.
-- Result: source_id, code, episode, state.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $1::text IS NULL OR code = $1::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT x.source_id, x.code, x.episode, x.state
FROM (
    SELECT y.source_id, y.code, y.episode, y.state::text, y.unit_id, y.deadline, l.printed_at, l.unit_id AS register, l.year, l.number
    FROM duty y LEFT JOIN letter l ON l.source_id = y.source_id AND l.code = y.code AND l.episode = y.episode
    WHERE y.state IN ('owed', 'drafted', 'approved')
    UNION ALL
    SELECT l.source_id, l.code, l.episode, l.state::text, l.unit_id, l.due, l.printed_at, l.unit_id, l.year, l.number
    FROM letter l
    WHERE l.state IN ('drafted', 'approved')
        AND NOT EXISTS (
        SELECT FROM duty y WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode)
        AND EXISTS (
            SELECT FROM dossier d
            WHERE d.source_id = l.source_id AND d.code = l.code
                AND (l.episode <= d.broken OR (d.next_due IS NOT NULL AND l.episode = d.broken + 1)))) x
WHERE ($1::text IS NULL OR x.unit_id IN (SELECT i.unit_id FROM inside i)) AND ($2::boolean OR x.printed_at IS NULL)
ORDER BY CASE WHEN $3::boolean THEN x.register END, CASE WHEN $3::boolean THEN x.year END,
    CASE WHEN $3::boolean THEN x.number END, x.deadline, x.source_id, x.code, x.episode
