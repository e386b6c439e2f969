-- letter_lock_duty: holds the duties of some letters until the transaction ends, in the order in which all do it.
-- $1 source_ids, $2 codes, $3 episodes.
SELECT y.state::text
FROM duty y
WHERE (y.source_id, y.code, y.episode) IN (
    SELECT k.source_id, k.code, k.episode FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode))
ORDER BY y.source_id, y.code, y.episode
FOR UPDATE
