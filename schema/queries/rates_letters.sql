-- rates_letters: letters owed for promises missed on a day of the window, by what became of them; every view of letters
-- that were in time reads this statement and no other.  A letter stands on the local day of the promise it is owed for,
-- whatever day its dossier counts on: it stays there when the dossier ends, and a dossier may owe several, one for each
-- promise.  Void duties owe nothing, but those that an official waived go on counting.
-- $1 first day, $2 last day, $3 by unit, $4 by field, $5 by procedure, $6 only this unit and those under it (NULL: all).
-- A unit's row holds what its subordinates did too.  The last row is the total, in which everything counts once.
-- Result: whether total, unit, field, procedure; sent by the deadline, sent after it, not sent.
WITH RECURSIVE lineage (unit_id, above_id) AS (
    SELECT unit_id, unit_id FROM unit
    UNION
    SELECT l.unit_id, u.parent_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.parent_id IS NOT NULL),
inside AS (
    SELECT unit_id FROM unit WHERE $6::text IS NULL
    UNION ALL
    SELECT l.unit_id FROM lineage l JOIN unit u ON u.unit_id = l.above_id WHERE u.code = $6::text),
cell AS MATERIALIZED (
    SELECT d.unit_id, CASE WHEN $4::boolean THEN d.field_id END AS field_id,
        CASE WHEN $5::boolean THEN d.procedure_id END AS procedure_id,
        count(*) FILTER (WHERE y.state = 'sent' AND y.sent_at <= y.deadline) AS timely,
        count(*) FILTER (WHERE y.state = 'sent' AND y.sent_at > y.deadline) AS late,
        count(*) FILTER (WHERE y.state <> 'sent') AS none
    FROM duty y
    JOIN dossier d ON d.source_id = y.source_id AND d.code = y.code
    -- The session's zone is the deployment's: these are midnights of its days.
    WHERE y.due >= $1::date::timestamptz AND y.due < ($2::date + 1)::timestamptz
        AND (y.state <> 'void' OR y.waived_at IS NOT NULL)
        -- A sent letter of a promise that was kept after all was not owed.
        AND y.episode <= d.broken AND d.unit_id IN (SELECT i.unit_id FROM inside i)
    GROUP BY 1, 2, 3),
standing AS (
    SELECT l.above_id AS unit_id, c.field_id, c.procedure_id, c.timely, c.late, c.none
    FROM cell c JOIN lineage l ON l.unit_id = c.unit_id
    WHERE $3::boolean AND l.above_id IN (SELECT i.unit_id FROM inside i)
    UNION ALL
    SELECT NULL, c.field_id, c.procedure_id, c.timely, c.late, c.none FROM cell c WHERE NOT $3::boolean),
counted AS (
    SELECT false AS is_total, s.unit_id, s.field_id, s.procedure_id, sum(s.timely) AS timely, sum(s.late) AS late,
        sum(s.none) AS none
    FROM standing s
    WHERE $3::boolean OR $4::boolean OR $5::boolean
    GROUP BY s.unit_id, s.field_id, s.procedure_id
    UNION ALL
    SELECT true, NULL, NULL, NULL, coalesce(sum(c.timely), 0), coalesce(sum(c.late), 0), coalesce(sum(c.none), 0)
    FROM cell c)
SELECT r.is_total, u.code, f.code, p.code, r.timely::bigint, r.late::bigint, r.none::bigint
FROM counted r
LEFT JOIN unit u USING (unit_id)
LEFT JOIN field f USING (field_id)
LEFT JOIN procedure p USING (procedure_id)
ORDER BY r.is_total, u.code, f.code, p.code
