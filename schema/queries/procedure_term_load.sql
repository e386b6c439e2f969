-- procedure_term_load: stores rows; one with the same procedure and moment is changed.  $1 procedures, $2 effective from,
-- $3 counts of terms (0: no term), $4 units of terms, $5 pause modes, $6 notes, $7 by whom.
-- Result: how many were new, were changed, were the same already.  Writes: procedure_term.
WITH line AS (
    SELECT l.procedure COLLATE "C" AS procedure, l.effective_from, nullif(l.term_count, 0) AS term_count, l.term_unit,
        l.pause_mode, l.note
    FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::text[])
        AS l (procedure, effective_from, term_count, term_unit, pause_mode, note)),
compared AS (
    SELECT l.*, t.procedure IS NULL AS is_new,
        (l.term_count, l.term_unit, l.pause_mode, l.note)
            IS DISTINCT FROM (t.term_count, t.term_unit, t.pause_mode, t.note) AS differs
    FROM line l
    LEFT JOIN procedure_term t ON t.procedure = l.procedure AND t.effective_from = l.effective_from),
written AS (
    INSERT INTO procedure_term (procedure, effective_from, term_count, term_unit, pause_mode, note, loaded_by)
    SELECT c.procedure, c.effective_from, c.term_count, c.term_unit, c.pause_mode, c.note, $7::text
    FROM compared c
    WHERE c.differs
    ON CONFLICT (procedure, effective_from) DO UPDATE SET term_count = excluded.term_count, term_unit = excluded.term_unit,
        pause_mode = excluded.pause_mode, note = excluded.note, loaded_at = now(), loaded_by = excluded.loaded_by)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE differs AND NOT is_new), count(*) FILTER (WHERE NOT differs)
FROM compared
