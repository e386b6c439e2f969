-- letter_pick_ahead: open dossiers whose next promise has no letter and is not missed yet, the nearest promise first.
-- $1 source_ids, $2 codes (NULL: those that follow), $3 only this unit and those under it (NULL: all), $4 promised no
-- later than that (NULL: whenever).  Result: source_id, code, episode, state (NULL).
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $3::text IS NULL OR code = $3::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id)
SELECT d.source_id, d.code, (d.broken + 1)::smallint, NULL::text
FROM dossier d
WHERE d.next_due IS NOT NULL AND ($4::timestamptz IS NULL OR d.next_due <= $4::timestamptz)
    AND ($1::int[] IS NULL OR (d.source_id, d.code) IN (SELECT * FROM unnest($1::int[], $2::text[])))
    AND ($3::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i))
    AND NOT EXISTS (SELECT FROM duty y WHERE y.source_id = d.source_id AND y.code = d.code AND y.episode = d.broken + 1)
    AND NOT EXISTS (SELECT FROM letter l WHERE l.source_id = d.source_id AND l.code = d.code AND l.episode = d.broken + 1)
ORDER BY d.next_due, d.source_id, d.code
