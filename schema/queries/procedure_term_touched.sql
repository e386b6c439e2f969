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
-- With the moment when the next one takes over, so that dossiers find theirs by joins: each would read all the rows otherwise.
old AS (
    SELECT w.*, lead(w.effective_from) OVER (PARTITION BY w.procedure ORDER BY w.effective_from) AS until FROM was w),
new AS (
    SELECT b.*, lead(b.effective_from) OVER (PARTITION BY b.procedure ORDER BY b.effective_from) AS until FROM becomes b),
concerned AS (
    SELECT p.code, coalesce(d.accepted_at, d.received_at, d.submitted_at, d.last_happened) AS anchor
    FROM dossier d
    JOIN procedure p USING (procedure_id)
    WHERE p.code IN (SELECT procedure FROM line))
SELECT count(*)
FROM concerned c
LEFT JOIN old o ON o.procedure = c.code AND o.effective_from <= c.anchor AND (o.until IS NULL OR c.anchor < o.until)
LEFT JOIN new n ON n.procedure = c.code AND n.effective_from <= c.anchor AND (n.until IS NULL OR c.anchor < n.until)
WHERE (o.term_count, o.term_unit, coalesce(o.pause_mode, 'pause'))
    IS DISTINCT FROM (n.term_count, n.term_unit, coalesce(n.pause_mode, 'pause'))
