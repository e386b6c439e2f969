-- contact_load: contacts as an official knows them; payloads do not change them any more.
-- $1 sources, $2 dossiers, $3 names, $4 addresses, $5 phones, $6 e-mails, $7 receipt numbers, $8 who, $9 why.
-- Result: new, changed, the same.  Writes: contact, contact_log.
WITH line AS MATERIALIZED (
    SELECT s.source_id, l.*
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        AS l (source, code, name, address, phone, email, receipt_number)
    JOIN source s ON s.name = l.source
), written AS (
    INSERT INTO contact AS c (source_id, code, origin, updated_by, name, address, phone, email, receipt_number)
    SELECT l.source_id, l.code, 'file', $8::text, l.name, l.address, l.phone, l.email, l.receipt_number
    FROM line l ORDER BY l.source_id, l.code
    ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE SET origin = 'file', updated_by = excluded.updated_by, updated_at = now(),
        name = excluded.name, address = excluded.address, phone = excluded.phone, email = excluded.email,
        receipt_number = excluded.receipt_number
    WHERE c.erased_at IS NULL AND (c.origin, c.name, c.address, c.phone, c.email, c.receipt_number)
        IS DISTINCT FROM ('file', excluded.name, excluded.address, excluded.phone, excluded.email, excluded.receipt_number)
    RETURNING c.source_id, c.code, c.xmax = 0 AS fresh
), logged AS (
    INSERT INTO contact_log (source_id, code, what, who, why)
    SELECT w.source_id, w.code, 'loaded', $8::text, $9::text FROM written w
)
SELECT count(*) FILTER (WHERE w.fresh), count(*) FILTER (WHERE NOT w.fresh), (SELECT count(*) FROM line) - count(*)
FROM written w
