-- doctor_schema: facts of the schema.
-- Result: newest migration, zone, shards, shards that ought to be, shards behind, shards of another epoch,
-- open segments, open segments of another epoch, segments, events not folded, oldest judged_at, notifier of another epoch.
SELECT (SELECT max(version) FROM migration), (SELECT time_zone FROM deployment), count(*), max(c.shards)::bigint,
    count(*) FILTER (WHERE c.behind), count(*) FILTER (WHERE c.epoch <> here.system_identifier),
    (SELECT count(*) FROM segment s WHERE s.sealed_at IS NULL),
    (
    SELECT count(*) FROM segment s, pg_control_system() h
    WHERE s.sealed_at IS NULL AND s.epoch <> h.system_identifier),
    (SELECT count(*) FROM segment s),
    (SELECT coalesce(sum(i.accepted), 0)::bigint FROM intake i)
        + (SELECT count(*) FROM quarantine q WHERE q.redriven_outcome = 0) - coalesce(sum(c.folded), 0)::bigint,
    min(c.judged_at),
    (SELECT count(*) FROM notifier_cursor n, pg_control_system() h WHERE n.epoch <> h.system_identifier)
FROM scorer_cursor c, pg_control_system() here
