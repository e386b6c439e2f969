-- ladder_look: those of these dossiers that are open and have a promise to keep.
-- $1 sources, $2 codes, $3 since when each is known.
-- Result: source_id, code, unit_id, episode and moment of the promise, since when it is known.
SELECT c.source_id, c.code, d.unit_id, (d.broken + 1)::smallint, d.next_due, c.known_at
FROM unnest($1::int[], $2::text[], $3::timestamptz[]) AS c (source_id, code, known_at)
CROSS JOIN LATERAL (
    SELECT * FROM dossier k WHERE k.source_id = c.source_id AND k.code = c.code COLLATE "C" OFFSET 0) d
WHERE d.next_due IS NOT NULL
