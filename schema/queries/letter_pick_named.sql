-- letter_pick_named: all letters of some dossiers, owed, written or void.
-- $1 source_ids, $2 codes, $3 episode (NULL: any).  Result: source_id, code, episode, state.
SELECT x.source_id, x.code, x.episode, x.state
FROM (SELECT DISTINCT k.source_id, k.code FROM unnest($1::int[], $2::text[]) AS k (source_id, code)) k
CROSS JOIN LATERAL (
    SELECT y.source_id, y.code, y.episode, y.state::text, y.deadline
    FROM duty y WHERE y.source_id = k.source_id AND y.code = k.code
    UNION ALL
    SELECT l.source_id, l.code, l.episode, l.state::text, l.due
    FROM letter l
    WHERE l.source_id = k.source_id AND l.code = k.code AND NOT EXISTS (
        SELECT FROM duty y WHERE y.source_id = l.source_id AND y.code = l.code AND y.episode = l.episode)) x
WHERE $3::smallint IS NULL OR x.episode = $3::smallint
ORDER BY x.deadline, x.source_id, x.code, x.episode
