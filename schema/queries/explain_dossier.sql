-- explain_dossier: one dossier as it stands.  $1 source_id, $2 code.
-- Result: unit, its name, field, its name, procedure, its name, state, promise, promise_day, portal, received,
-- accepted, first due, current due, first finish, current finish, returned, refused, stopped, withdrawn, paused, end, due moves,
-- flags, events, slot's judged_at.
SELECT u.code, u.name, f.code, f.name, p.code, p.name, d.state::text, d.promise::text, d.promise_day, d.portal::text,
    d.received_at, d.accepted_at, d.due_first, d.due_current, d.finished_first, d.finished_at, d.returned_at,
    d.refused_at, d.stopped_at, d.withdrawn_at, d.paused_at,
    coalesce(d.finished_at, d.returned_at, least(d.refused_at, d.stopped_at), d.withdrawn_at), d.due_moves, d.flags,
    d.events, (SELECT c.judged_at FROM scorer_cursor c WHERE d.slot % c.shards = c.shard)
FROM dossier d
JOIN unit u USING (unit_id)
JOIN field f USING (field_id)
JOIN procedure p USING (procedure_id)
WHERE d.source_id = $1::int AND d.code = $2::text
