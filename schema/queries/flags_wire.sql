-- flags_wire: of the dossiers of each source that have ended: late in fact, or only told late (docs/rules.md 11); reads
-- table dossier once.  $1 source (NULL: any), $2 only this unit and those under it (NULL: all).
-- Result: source, ended, late in fact, late on the wire, median and 90th percentile of seconds from end to telling.
WITH RECURSIVE inside AS (
    SELECT unit_id FROM unit WHERE $2::text IS NULL OR code = $2::text
    UNION
    SELECT u.unit_id FROM inside i JOIN unit u ON u.parent_id = i.unit_id),
ended AS (
    SELECT d.source_id, d.promise, d.told_at, d.promise_due,
        d.told_at - coalesce(d.finished_at, d.returned_at, least(d.refused_at, d.stopped_at), d.withdrawn_at) AS lag
    FROM dossier d
    WHERE coalesce(d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at) IS NOT NULL
        AND ($1::text IS NULL OR d.source_id = (SELECT s.source_id FROM source s WHERE s.name = $1::text))
        AND ($2::text IS NULL OR d.unit_id IN (SELECT i.unit_id FROM inside i)))
SELECT s.name, count(*), count(*) FILTER (WHERE e.promise = 'late'),
    count(*) FILTER (WHERE e.promise IN ('early', 'on_time') AND e.told_at > e.promise_due),
    floor(extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY e.lag)))::bigint,
    floor(extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY e.lag)))::bigint
FROM ended e
JOIN source s USING (source_id)
GROUP BY s.name
ORDER BY s.name
