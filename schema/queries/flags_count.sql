-- flags_count: how many dossiers bear each flag; reads table dossier once.  $1 source (NULL: any), $2 only this unit and
-- those under it (NULL: all).  Result: bit, dossiers that bear it, dossiers; by bit.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id),
kind AS (
    SELECT d.flags, count(*) AS dossiers
    FROM dossier d
    WHERE ($1::text IS NULL OR d.source_id = (SELECT s.source_id FROM source s WHERE s.name = $1::text))
        AND ($2::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i))
    GROUP BY d.flags)
SELECT 1 << b.n, coalesce(sum(k.dossiers) FILTER (WHERE k.flags & (1 << b.n) <> 0), 0)::bigint,
    coalesce(sum(k.dossiers), 0)::bigint
FROM generate_series(0, 13) AS b (n)
LEFT JOIN kind k ON true
GROUP BY b.n
ORDER BY b.n
