-- notifier_cursor: takes the right to act on verdict changes, without waiting for it.
-- Result: no row when another notifier has it, else: snapshot; whether it belongs to this cluster; whether all scorer
-- cursors do; whether a scorer has rows to fold or a rebuild under way, so that a verdict may be about to change; whether a
-- scorer catches up; of a look at everything: the snapshot it goes up to, source_id and code of the last dossier seen
-- (NULL: there is none under way).
SELECT c.snapshot::text, c.epoch = h.system_identifier, coalesce(s.same_epoch, false), coalesce(s.behind, true),
    coalesce(s.busy, false), c.upto::text, c.place_source_id, c.place_code
FROM notifier_cursor c
CROSS JOIN pg_control_system() h
CROSS JOIN (
    SELECT bool_and(r.epoch = k.system_identifier) AS same_epoch,
        bool_or(r.behind OR r.judged_at = '-infinity') AS behind, bool_or(r.busy) AS busy
    FROM scorer_cursor r CROSS JOIN pg_control_system() k) s
FOR UPDATE OF c SKIP LOCKED
