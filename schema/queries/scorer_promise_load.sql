-- scorer_promise_load: the later promises of dossiers.  $1 sources, $2 codes.
-- Result: position in the arrays from 1, episode, due; in this order.
SELECT u.ord, p.episode, p.due_at
FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS u (source_id, code, ord)
JOIN promise p ON p.source_id = u.source_id AND p.code = u.code COLLATE "C"
ORDER BY u.ord, p.episode
