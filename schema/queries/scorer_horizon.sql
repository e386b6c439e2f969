-- scorer_horizon: a moment up to which time breaks about $2 promises; no row when fewer wait.
-- $1 now, $2 most, $3 shard, $4 shards.  Result: the moment after which the next turn goes on.
SELECT d.flips_at
FROM dossier d
WHERE d.flips_at < $1::timestamptz AND d.slot % $4::smallint = $3::smallint
ORDER BY d.flips_at
OFFSET $2::bigint LIMIT 1
