-- letter_printed: notes that letters were printed.  $1 source_ids, $2 codes, $3 episodes, $4 the clock.  Writes: letter.
UPDATE letter l SET printed_at = $4::timestamptz
FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
WHERE l.source_id = k.source_id AND l.code = k.code AND l.episode = k.episode
