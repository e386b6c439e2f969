-- scorer_due: promises that time alone has broken.
-- $1 now, $2 shard, $3 shards.  Result: as scorer_dossier_load, position 0.
SELECT 0::bigint, d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.due_moves, d.events, d.flags, d.promise_day, d.promise,
    d.last_happened, d.last_sequence, d.last_event_id, d.received_at, d.accepted_at, d.due_first, d.due_current,
    d.finished_first, d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at, d.paused_at, d.slot
FROM dossier d
WHERE d.promise = 'in_time' AND d.due_first < $1::timestamptz AND d.slot % $3::smallint = $2::smallint
