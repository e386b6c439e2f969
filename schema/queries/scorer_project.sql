-- scorer_project: the next dossiers that another calendar version may judge otherwise: open ones that were judged by one,
-- and those whose years none knew.
-- $1 version in force, $2 shard, $3 shards, $4 source and $5 code after which to go on, $6 most.  Result: source_id, code.
SELECT d.source_id, d.code
FROM dossier d
WHERE (d.calendar < 0 OR (d.calendar > 0 AND d.state IN ('received', 'in_process', 'paused')))
    AND d.calendar <> $1::smallint AND d.slot % $3::smallint = $2::smallint
    AND (d.source_id, d.code) > ($4::int, $5::text)
ORDER BY d.source_id, d.code
LIMIT $6::bigint
