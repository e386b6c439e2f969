-- scorer_horizon: a moment up to which time breaks about $2 promises; no row when fewer wait.
-- $1 now, $2 most, $3 shard, $4 shards.  Result: the due after which the next turn goes on.
SELECT d.due_first
FROM dossier d
WHERE d.promise = 'in_time' AND d.due_first < $1::timestamptz AND d.slot % $4::smallint = $3::smallint
ORDER BY d.due_first
OFFSET $2::bigint LIMIT 1
