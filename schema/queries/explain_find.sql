-- explain_find: the sources that know a dossier code, by their indexes.  $1 code, $2 source (NULL: any).
-- Result: source_id, source, whether it has been folded.
SELECT s.source_id, s.name, d.folded
FROM source s
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM dossier d WHERE d.source_id = s.source_id AND d.code = $1::text) AS folded) d
WHERE ($2::text IS NULL OR s.name = $2::text)
    AND (d.folded OR EXISTS (SELECT FROM event e WHERE e.source_id = s.source_id AND e.dossier = $1::text))
ORDER BY s.name
