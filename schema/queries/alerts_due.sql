-- alerts_due: steps of the ladder that wait and are due before a moment, the longest due first (index step_waiting).
-- Of those to come the ones are left out that will be dropped: of rungs not used, of letters sent or void.
-- $1 before, $2 unit (NULL: all), $3 the clock, $4 at most so many (0: all).
-- Result: due, seconds since then, unit, dossier, source, episode, rung, due before it was postponed.
SELECT s.due_at, extract(epoch FROM $3::timestamptz - s.due_at)::bigint, u.code, s.code, o.name, s.episode, g.name, s.due_was
FROM (
    -- Chosen before anything is looked up: a million may be missed when the notifier was away.
    SELECT k.* FROM step k
    WHERE k.state = 'waiting' AND k.due_at < $1::timestamptz
        AND ($2::text IS NULL OR k.unit_id = (SELECT unit_id FROM unit WHERE code = $2::text))
        AND (k.due_at <= $3::timestamptz OR (
            SELECT r.active AND (r.anchor = 'due' OR EXISTS (
                SELECT FROM duty y
                WHERE y.source_id = k.source_id AND y.code = k.code AND y.episode = k.episode AND y.state NOT IN ('void', 'sent')))
            FROM rung r WHERE r.rung = k.rung))
    ORDER BY k.due_at
    LIMIT nullif($4::bigint, 0)) s
JOIN unit u USING (unit_id)
JOIN source o USING (source_id)
JOIN rung g USING (rung)
ORDER BY s.due_at, s.code, s.rung
