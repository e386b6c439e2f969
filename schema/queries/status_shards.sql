-- status_shards: how far each shard has come.  Result: shard, segment, folded, whether behind, judged_at, updated_at.
SELECT shard, segment, folded, behind, judged_at, updated_at FROM scorer_cursor ORDER BY shard
