-- alerts_steps: steps of the ladder that were taken or dropped since a moment, and those that wait, due before another.
-- $1 since, $2 before, $3 unit (NULL: all), $4 at most so many (0: all).
-- Result: unit, due, dossier, source, episode, rung, state, outcome, taken, due before it was postponed, why.
WITH near AS (
    SELECT s.* FROM step s WHERE s.state = 'waiting' AND s.due_at < $2::timestamptz
    UNION ALL
    SELECT s.* FROM step s WHERE s.state <> 'waiting' AND s.done_at >= $1::timestamptz
), chosen AS (
    SELECT n.*, u.code AS unit
    FROM near n JOIN unit u USING (unit_id)
    WHERE $3::text IS NULL OR u.code = $3::text
    ORDER BY u.code, n.due_at, n.code, n.source_id, n.rung
    LIMIT nullif($4::bigint, 0)
)
SELECT c.unit, c.due_at, c.code, s.name, c.episode, g.name, c.state, c.outcome, c.done_at, c.due_was, w.why
FROM chosen c
JOIN source s USING (source_id)
JOIN rung g USING (rung)
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN c.outcome = 'nobody' THEN array_to_string(g.roles, ', ')
        WHEN c.outcome IN ('acknowledged', 'muted') OR c.due_was IS NOT NULL THEN (
            SELECT h.owner || ': ' || h.why
            FROM hush h
            WHERE CASE
                    WHEN c.outcome = 'muted' THEN h.kind = 'mute' AND h.since <= c.done_at
                        AND (h.rung IS NULL OR h.rung = c.rung)
                        AND (h.unit_id IS NULL OR h.unit_id = c.unit_id)
                        AND (h.field_id IS NULL OR h.field_id = (
                            SELECT d.field_id FROM dossier d WHERE d.source_id = c.source_id AND d.code = c.code))
                    ELSE h.source_id = c.source_id AND h.code = c.code
                        AND h.kind = CASE WHEN c.outcome = 'acknowledged' THEN 'ack' ELSE 'snooze' END
                    END
            ORDER BY h.hush_id DESC
            LIMIT 1)
        END AS why) w
ORDER BY c.unit, c.due_at, c.code, s.name, c.rung
