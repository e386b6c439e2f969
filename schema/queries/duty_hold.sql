-- duty_hold: holds the duties of those dossiers whose letters upstreams sent until the transaction ends, in the order in
-- which all do it; before any letter.  The others are not held: somebody else's work on them would break the round off.
-- $1 sources, $2 codes.  Result: states.
SELECT y.state::text
FROM (
    SELECT * FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
    WHERE EXISTS (SELECT FROM apology a WHERE a.source_id = u.source_id AND a.code = u.code COLLATE "C")
    ORDER BY u.source_id, u.code COLLATE "C") k
-- One by one by key and so in that order, which a join would not promise.
CROSS JOIN LATERAL (
    SELECT i.state FROM duty i
    WHERE i.source_id = k.source_id AND i.code = k.code ORDER BY i.episode FOR UPDATE) y
