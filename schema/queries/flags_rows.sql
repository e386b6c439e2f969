-- flags_rows: dossiers that bear a flag, in the order of their key, so that a limit ends the reading.
-- $1 bit, $2 source (NULL: any), $3 only this unit and those under it (NULL: all), $4 at most so many (0: all).
-- Result: unit, code, source, state, class under promise, first due, due in force where it is another, end, when the end was told.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $3::text IS NULL OR code = $3::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id),
marked AS (
    SELECT d.*
    FROM dossier d
    WHERE d.flags & $1::int <> 0
        AND ($2::text IS NULL OR d.source_id = (SELECT s.source_id FROM source s WHERE s.name = $2::text))
        AND ($3::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i))
    ORDER BY d.source_id, d.code
    LIMIT nullif($4::bigint, 0))
SELECT u.code, m.code, s.name, m.state::text, m.promise::text, m.due_first, nullif(m.due_current, m.due_first),
    coalesce(m.finished_at, m.returned_at, least(m.refused_at, m.stopped_at), m.withdrawn_at), m.told_at
FROM marked m
JOIN unit u USING (unit_id)
JOIN source s USING (source_id)
ORDER BY m.source_id, m.code
