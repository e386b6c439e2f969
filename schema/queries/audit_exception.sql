-- audit_exception: what the recount takes as it is because somebody decided so.  $1 at most so many of each kind.
-- erased: payloads from which a person's data were erased, whose digest is that of what is left; named by dossier.
-- waived: missed promises for which no letter goes out by an official's decision.
-- Result: kind, how many, one of them, who, why (NULL: none is there any more).
WITH waived AS MATERIALIZED (
    SELECT y.source_id, y.code, y.episode FROM duty y WHERE y.waived_at IS NOT NULL
), decided AS (
    SELECT w.source_id, w.code, l.who, l.why
    FROM waived w
    CROSS JOIN LATERAL (
        SELECT i.who, i.why FROM duty_log i
        WHERE i.source_id = w.source_id AND i.code = w.code AND i.episode = w.episode AND i.now = 'void'
        ORDER BY i.logged_at DESC LIMIT 1) l
    ORDER BY w.source_id, w.code, w.episode LIMIT $1::bigint
), erased AS (
    SELECT c.source_id, c.code, c.who, c.why FROM contact_log c
    WHERE c.what = 'erased' ORDER BY c.source_id, c.code, c.at LIMIT $1::bigint
)
SELECT x.kind, x.total, s.name || ' ' || x.code, x.who, x.why
FROM (
    SELECT 'erased' AS kind, (SELECT count(*) FROM event_redaction) AS total, e.* FROM (SELECT) one LEFT JOIN erased e ON true
    UNION ALL
    SELECT 'waived', (SELECT count(*) FROM waived), d.* FROM (SELECT) one LEFT JOIN decided d ON true) x
LEFT JOIN source s ON s.source_id = x.source_id
ORDER BY x.kind, s.name, x.code
