-- scorer_history: all events of some dossiers (not indicators, kind 15), as far as they are or are just being folded.
-- $1 sources, $2 dossier codes, $3 segment of the cursor, $4 snapshot being read up to.  Result: as scorer_slice.
SELECT e.xid, e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload, e.stored, e.kind
FROM unnest($1::int[], $2::text[]) AS u (source_id, dossier)
JOIN event e ON e.source_id = u.source_id AND e.dossier = u.dossier COLLATE "C"
WHERE (e.segment < $3::int OR (e.segment = $3::int AND pg_visible_in_snapshot(e.xid, $4::text::pg_snapshot)))
    AND e.kind <> 15
