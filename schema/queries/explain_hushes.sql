-- explain_hushes: what officials said about the alerts of a dossier, by name or by a mute of its unit or field.
-- $1 source_id, $2 code.
-- Result: kind, rung, since, until, who, why, ended, by whom.
SELECT h.kind, g.name, h.since, h.until, h.owner, h.why, h.ended_at, h.ended_by
FROM hush h LEFT JOIN rung g USING (rung)
WHERE (h.source_id = $1::int AND h.code = $2::text)
    OR (h.kind = 'mute' AND EXISTS (
        SELECT FROM dossier d
        WHERE d.source_id = $1::int AND d.code = $2::text AND coalesce(h.unit_id, d.unit_id) = d.unit_id
            AND coalesce(h.field_id, d.field_id) = d.field_id))
ORDER BY h.hush_id
