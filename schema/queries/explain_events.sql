-- explain_events: every event of a dossier, in the order in which they are folded.  $1 source_id, $2 code.
-- Result: happened, stored, seconds between, kind, sequence, id.
SELECT e.happened, e.stored, extract(epoch FROM e.stored - e.happened)::bigint,
    replace(replace(k.type, 'vn.kipthoi.', ''), '.v1', ''), e.sequence, e.event_id
FROM event e
JOIN event_kind k USING (kind)
WHERE e.source_id = $1::int AND e.dossier = $2::text
ORDER BY e.happened, e.sequence, e.event_id
