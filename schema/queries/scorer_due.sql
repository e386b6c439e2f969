-- scorer_due: promises that time alone has broken, oldest first; equal dues are not parted.
-- $1 now, $2 most, $3 shard, $4 shards.  Result: as scorer_dossier_load.
SELECT row_number() OVER (), d.* FROM (
    SELECT d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.due_moves, d.events, d.flags, d.promise_day, d.promise,
    d.last_happened, d.last_sequence, d.last_event_id, d.received_at, d.accepted_at, d.due_first, d.due_current,
    d.finished_first, d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at, d.paused_at, d.slot
    FROM dossier d
    WHERE d.promise = 'in_time' AND d.due_first < $1::timestamptz AND d.slot % $4::smallint = $3::smallint
    ORDER BY d.due_first
    FETCH FIRST ($2::bigint) ROWS WITH TIES) d
