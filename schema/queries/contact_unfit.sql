-- contact_unfit: which rows of a file of contacts cannot be taken.  $1 sources, $2 dossiers.
-- Result: place in the file from 0, 'dossier' (nobody knows it) or 'erased'; by place.
SELECT l.place - 1, CASE WHEN c.erased_at IS NOT NULL THEN 'erased' ELSE 'dossier' END
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS l (source, code, place)
LEFT JOIN source s ON s.name = l.source
LEFT JOIN LATERAL (
    SELECT i.code FROM dossier i WHERE i.source_id = s.source_id AND i.code = l.code OFFSET 0) d ON true
LEFT JOIN LATERAL (
    SELECT i.erased_at FROM contact i WHERE i.source_id = s.source_id AND i.code = l.code OFFSET 0) c ON true
WHERE d.code IS NULL OR c.erased_at IS NOT NULL
ORDER BY l.place
