-- code_alias_load: stores rows; one with the same source, list, code and first day is changed.  $1 sources, $2 lists,
-- $3 codes, $4 meanings, $5 first days and $6 last days ('-infinity', 'infinity': without end), $7 notes, $8 by whom.
-- Result: how many were new, were changed, were the same already; whether the ledger holds events of a source whose
-- meanings are others now.  Writes: code_alias.
WITH line AS (
    SELECT l.source COLLATE "C" AS source, l.list, l.code COLLATE "C" AS code, l.means COLLATE "C" AS means,
        l.valid_from::date AS valid_from, l.valid_to::date AS valid_to, l.note
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        AS l (source, list, code, means, valid_from, valid_to, note)),
compared AS (
    SELECT l.*, a.source IS NULL AS is_new,
        (l.means, l.valid_to, l.note) IS DISTINCT FROM (a.means, a.valid_to, a.note) AS differs,
        (l.means, l.valid_to) IS DISTINCT FROM (a.means, a.valid_to) AS means_other
    FROM line l
    LEFT JOIN code_alias a
        ON a.source = l.source AND a.list = l.list AND a.code = l.code AND a.valid_from = l.valid_from),
written AS (
    INSERT INTO code_alias (source, list, code, means, valid_from, valid_to, note, loaded_by)
    SELECT c.source, c.list, c.code, c.means, c.valid_from, c.valid_to, c.note, $8::text
    FROM compared c
    WHERE c.differs
    ON CONFLICT (source, list, code, valid_from) DO UPDATE SET means = excluded.means, valid_to = excluded.valid_to,
        note = excluded.note, loaded_at = now(), loaded_by = excluded.loaded_by)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE differs AND NOT is_new), count(*) FILTER (WHERE NOT differs),
    EXISTS (
        SELECT FROM source s
        WHERE s.source_id > 0 AND EXISTS (SELECT FROM compared c WHERE c.means_other AND c.source IN (s.name, '*'))
            AND EXISTS (SELECT FROM event e WHERE e.source_id = s.source_id))
FROM compared
