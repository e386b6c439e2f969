-- scorer_apology_add: the letters that upstreams told of these dossiers.  $1 sources, $2 codes.  Writes: apology.
INSERT INTO apology (source_id, code, event_id, sent_at, letter_no, channel)
SELECT e.source_id, e.dossier, e.event_id, e.happened, left(nullif(d.j ->> 'letter_no', ''), 100), left(nullif(d.j ->> 'channel', ''), 32)
FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
JOIN event e ON e.source_id = u.source_id AND e.dossier = u.code COLLATE "C" AND e.kind = 13
CROSS JOIN LATERAL (SELECT e.payload::jsonb -> 'data' AS j OFFSET 0) d
ORDER BY e.source_id, e.event_id
ON CONFLICT ON CONSTRAINT apology_pkey DO NOTHING
