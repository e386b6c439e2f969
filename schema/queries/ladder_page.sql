-- ladder_page: the next open dossiers with a promise to keep, by promise and key.
-- $1 promise, $2 source_id and $3 code of the last one seen, $4 how many, $5 clock.  Result: as ladder_look.
SELECT d.source_id, d.code, d.unit_id, (d.broken + 1)::smallint, d.next_due, $5::timestamptz
FROM dossier d
WHERE d.next_due >= $1::timestamptz AND (d.next_due, d.source_id, d.code) > ($1::timestamptz, $2::int, $3::text COLLATE "C")
ORDER BY d.next_due, d.source_id, d.code
LIMIT $4::bigint
