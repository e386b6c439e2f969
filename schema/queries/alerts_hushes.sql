-- alerts_hushes: what officials said about alerts, by when it ends.  $1 the clock, $2 what is over, too, $3 mutes only.
-- Result: hush, kind, unit, field, rung, dossier, source, since, until, who, why, ended, by whom, why.
SELECT h.hush_id, h.kind, u.code, f.code, g.name, h.code, s.name, h.since, h.until, h.owner, h.why, h.ended_at, h.ended_by,
    h.ended_why
FROM hush h
LEFT JOIN unit u ON u.unit_id = h.unit_id
LEFT JOIN field f ON f.field_id = h.field_id
LEFT JOIN rung g ON g.rung = h.rung
LEFT JOIN source s ON s.source_id = h.source_id
WHERE ($2::boolean OR (h.ended_at IS NULL AND h.until > $1::timestamptz)) AND (NOT $3::boolean OR h.kind = 'mute')
ORDER BY h.until, h.hush_id
