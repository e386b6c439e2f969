-- duty_hold: holds the duties of some dossiers until the transaction ends, in the order in which all do it; before any letter.
-- $1 sources, $2 codes.  Result: states.
SELECT y.state::text
FROM (
    SELECT * FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
    ORDER BY u.source_id, u.code COLLATE "C") k
-- One by one by key and so in that order, which a join would not promise.
CROSS JOIN LATERAL (
    SELECT i.state FROM duty i
    WHERE i.source_id = k.source_id AND i.code = k.code ORDER BY i.episode FOR UPDATE) y
