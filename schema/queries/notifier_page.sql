-- notifier_page: the next dossiers, by key, that a look at everything has to look at: with promises broken or to keep, with
-- duties, steps that wait, or letters told by upstreams.
-- $1 source_id and $2 code of the last one seen, $3 at most so many, $4 clock.  Result: source_id, code, clock,
-- true, as in notifier_changes: a duty may have to be opened.
SELECT p.source_id, p.code, $4::timestamptz, true
FROM (
    (SELECT d.source_id, d.code FROM dossier d
    WHERE (d.source_id, d.code) > ($1::int, $2::text COLLATE "C") AND (d.broken > 0 OR d.next_due IS NOT NULL)
    ORDER BY d.source_id, d.code LIMIT $3::bigint)
    UNION
    (SELECT y.source_id, y.code FROM duty y
    WHERE (y.source_id, y.code) > ($1::int, $2::text COLLATE "C") AND y.state <> 'void'
    ORDER BY y.source_id, y.code LIMIT $3::bigint)
    UNION
    (SELECT t.source_id, t.code FROM step t
    WHERE (t.source_id, t.code) > ($1::int, $2::text COLLATE "C") AND t.state = 'waiting'
    ORDER BY t.source_id, t.code LIMIT $3::bigint)
    UNION
    (SELECT a.source_id, a.code FROM apology a
    WHERE (a.source_id, a.code) > ($1::int, $2::text COLLATE "C")
    ORDER BY a.source_id, a.code LIMIT $3::bigint)) p
ORDER BY p.source_id, p.code
LIMIT $3::bigint
