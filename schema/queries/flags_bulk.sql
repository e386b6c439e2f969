-- flags_bulk: bulk resets (docs/rules.md 11): at least 20 dossiers of a source whose latest finish is exactly a due date
-- (flag 512) and was stored in the same ten minutes.  Of the ledger only the events of such dossiers are read, by index.
-- $1 source (NULL: any), $2 only this unit and those under it (NULL: all), $3 at most so many (0: all).
-- Result: source, begin of the ten minutes, dossiers, of those with a rewritten finish (flag 2), three codes.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id),
told AS (
    SELECT d.source_id, d.code, d.flags, date_bin('10 minutes', l.stored, 'epoch'::timestamptz) AS span
    FROM dossier d
    CROSS JOIN LATERAL (
        SELECT e.stored
        FROM event e
        WHERE e.source_id = d.source_id AND e.dossier = d.code
            -- finished, or a record that tells a finish
            AND (e.kind = 8
                OR (e.kind = 14 AND (e.payload::jsonb -> 'data' ->> 'NgayKetThucXuLy' <> ''
                    OR coalesce(e.payload::jsonb -> 'data' ->> 'TrangThaiHoSo',
                        e.payload::jsonb -> 'data' ->> 'TrangThai') = '9')))
        ORDER BY e.happened DESC, e.sequence DESC, e.event_id DESC
        LIMIT 1) l
    WHERE d.flags & 512 <> 0
        AND ($1::text IS NULL OR d.source_id = (SELECT s.source_id FROM source s WHERE s.name = $1::text))
        AND ($2::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i)))
SELECT s.name, t.span, count(*), count(*) FILTER (WHERE t.flags & 2 <> 0),
    array_to_string((array_agg(t.code ORDER BY t.code))[1:3], ' ')
FROM told t
JOIN source s USING (source_id)
GROUP BY s.name, t.span
HAVING count(*) >= 20
ORDER BY count(*) DESC, s.name, t.span
LIMIT nullif($3::bigint, 0)
