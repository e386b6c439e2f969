-- explain_history: all events of one dossier (not indicators, kind 15), folded or not.  $1 source_id, $2 code.
-- Result: as scorer_slice.
SELECT e.xid, e.source_id, e.dossier, e.happened, e.sequence, e.event_id, e.payload, e.stored, e.kind
FROM event e
WHERE e.source_id = $1::int AND e.dossier = $2::text AND e.kind <> 15
