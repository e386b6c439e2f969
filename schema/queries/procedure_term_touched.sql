-- procedure_term_touched: dossiers whose procedure's row, effective when they were accepted, will not be as it is; called
-- before procedure_term_load.  $1 procedures, $2 effective from, $3 counts of terms (0: no term), $4 units of terms, $5
-- pause modes.  Result: how many dossiers.
WITH line AS (
    SELECT l.procedure COLLATE "C" AS procedure, l.effective_from, nullif(l.term_count, 0) AS term_count, l.term_unit,
        l.pause_mode
    FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::text[], $5::text[])
        AS l (procedure, effective_from, term_count, term_unit, pause_mode)),
was AS (
    SELECT t.procedure, t.effective_from, t.term_count, t.term_unit, t.pause_mode
    FROM procedure_term t
    WHERE t.procedure IN (SELECT procedure FROM line)),
becomes AS (
    SELECT * FROM line
    UNION ALL
    SELECT w.* FROM was w
    WHERE NOT EXISTS (SELECT FROM line l WHERE l.procedure = w.procedure AND l.effective_from = w.effective_from)),
concerned AS (
    SELECT p.code, coalesce(d.accepted_at, d.received_at, d.submitted_at, d.last_happened) AS anchor
    FROM dossier d
    JOIN procedure p USING (procedure_id)
    WHERE p.code IN (SELECT procedure FROM line))
SELECT count(*)
FROM concerned c
LEFT JOIN LATERAL (
    SELECT w.term_count, w.term_unit, w.pause_mode FROM was w
    WHERE w.procedure = c.code AND w.effective_from <= c.anchor
    ORDER BY w.effective_from DESC LIMIT 1) o ON true
LEFT JOIN LATERAL (
    SELECT b.term_count, b.term_unit, b.pause_mode FROM becomes b
    WHERE b.procedure = c.code AND b.effective_from <= c.anchor
    ORDER BY b.effective_from DESC LIMIT 1) n ON true
WHERE (o.term_count, o.term_unit, coalesce(o.pause_mode, 'pause'))
    IS DISTINCT FROM (n.term_count, n.term_unit, coalesce(n.pause_mode, 'pause'))
