-- ladder_page: the next open dossiers with a promise to keep, by key.
-- $1 source_id and $2 code of the last one seen, $3 how many, $4 clock.  Result: as ladder_look.
SELECT d.source_id, d.code, d.unit_id, (d.broken + 1)::smallint, d.next_due, $4::timestamptz
FROM dossier d
WHERE d.next_due IS NOT NULL AND (d.source_id, d.code) > ($1::int, $2::text COLLATE "C")
ORDER BY d.source_id, d.code
LIMIT $3::bigint
