-- scorer_due: open dossiers of which time alone has broken a promise.
-- $1 now, $2 shard, $3 shards.  Result: as scorer_dossier_load, position 0.
SELECT 0::bigint, d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.due_moves, d.events, d.flags, d.supplements, d.pauses,
    d.calendar, d.online, d.last_happened, d.last_sequence, d.last_event_id, d.submitted_at, d.received_at, d.accepted_at,
    d.due_first, d.due_current, d.finished_first, d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at,
    d.told_at, d.due_computed, d.promise, d.promise_day, d.promise_due, d.portal, d.portal_day, d.portal_due, d.intake,
    d.intake_day, d.intake_due, d.slot, d.reappointments, d.broken, d.next_due
FROM dossier d
WHERE d.flips_at < $1::timestamptz AND d.slot % $3::smallint = $2::smallint
