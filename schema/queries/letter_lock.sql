-- letter_lock: holds some letters until the transaction ends, in the order in which all do it; after their duties.
-- $1 source_ids, $2 codes, $3 episodes.
SELECT l.state::text
FROM letter l
WHERE (l.source_id, l.code, l.episode) IN (
    SELECT k.source_id, k.code, k.episode FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode))
ORDER BY l.source_id, l.code, l.episode
FOR UPDATE
