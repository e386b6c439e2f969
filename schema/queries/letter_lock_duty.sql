-- letter_lock_duty: holds the duties of some letters until the transaction ends, in the order in which all do it.
-- $1 source_ids, $2 codes, $3 episodes.  Result: states.
SELECT x.state::text
FROM (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[]) AS u (source_id, code, episode)
    ORDER BY u.source_id, u.code COLLATE "C", u.episode) k
-- One by one by key and so in that order, which a join would not promise.
CROSS JOIN LATERAL (
    SELECT i.state FROM duty i
    WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode FOR UPDATE) x
