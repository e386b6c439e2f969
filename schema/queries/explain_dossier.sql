-- explain_dossier: one dossier as it was stored.  $1 source_id, $2 code.
-- Result: unit, its name, field, its name, procedure, its name, state, flags, calendar, due by the term, slot's
-- judged_at; then class, day and due under promise, portal and intake; promises broken, the next promise.
SELECT u.code, u.name, f.code, f.name, p.code, p.name, d.state::text, d.flags, d.calendar, d.due_computed,
    (SELECT c.judged_at FROM scorer_cursor c WHERE d.slot % c.shards = c.shard), d.promise::text, d.promise_day,
    d.promise_due, d.portal::text, d.portal_day, d.portal_due, d.intake::text, d.intake_day, d.intake_due,
    d.broken, d.next_due
FROM dossier d
JOIN unit u USING (unit_id)
JOIN field f USING (field_id)
JOIN procedure p USING (procedure_id)
WHERE d.source_id = $1::int AND d.code = $2::text
