-- doctor_holder: what holds back the cleaning of dead rows the longest.
-- Result: kind (session, prepared, slot), its pid or name, its program, transactions since, seconds since (NULL:
-- not known).
--
-- When a session of another role began is not ours to see.  It is at least as old as the first event that was stored
-- after its snapshot was taken.  A snapshot taken while a transaction runs is held back by that one: of several equally
-- old the one whose own number is the oldest comes first.
SELECT h.kind, h.who, h.program, h.age, coalesce(h.seconds, extract(epoch FROM clock_timestamp() - after.stored)::bigint)
FROM (
    SELECT 'session' AS kind, a.pid::text AS who,
        coalesce(nullif(a.application_name, ''), a.usename::text, '') AS program,
        greatest(age(a.backend_xid), age(a.backend_xmin))::bigint AS age,
        extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds,
        age(a.backend_xid) IS NOT DISTINCT FROM greatest(age(a.backend_xid), age(a.backend_xmin)) AS own
    FROM pg_stat_activity a
    WHERE (a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL) AND a.pid <> pg_backend_pid()
    UNION ALL
    SELECT 'prepared', p.gid, p.owner::text, age(p.transaction)::bigint,
        extract(epoch FROM clock_timestamp() - p.prepared)::bigint, true
    FROM pg_prepared_xacts p
    UNION ALL
    SELECT 'slot', s.slot_name::text, coalesce(s.plugin::text, 'physical'),
        age(coalesce(s.xmin, s.catalog_xmin))::bigint, NULL, true
    FROM pg_replication_slots s
    WHERE coalesce(s.xmin, s.catalog_xmin) IS NOT NULL) h
LEFT JOIN LATERAL (
    SELECT e.stored
    FROM event e
    WHERE e.segment = (SELECT s.segment FROM segment s WHERE s.sealed_at IS NULL)
        AND e.xid >= (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - h.age)::text::xid8
    ORDER BY e.xid
    LIMIT 1) after ON true
ORDER BY 5 DESC NULLS LAST, h.age DESC, h.own DESC
LIMIT 1
