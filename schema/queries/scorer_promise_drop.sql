-- scorer_promise_drop: the later promises of dossiers that are written anew.  $1 sources, $2 codes.  Writes: promise.
DELETE FROM promise p
USING unnest($1::int[], $2::text[]) AS u (source_id, code)
WHERE p.source_id = u.source_id AND p.code = u.code COLLATE "C"
