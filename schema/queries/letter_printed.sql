-- letter_printed: notes that letters were printed, and who had these names on paper.  A letter that was written anew
-- since it was read, or printed by somebody else without $5, is not noted: what was printed is not what it says, or
-- is there twice.
-- $1 source_ids, $2 codes, $3 episodes, $4 drafted at, as printed, $5 also those printed before, $6 the clock, $7 who,
-- $8 why.  Result: source, code, episode of those not noted.  Writes: letter, contact_log.
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[], $4::timestamptz[]) AS k (source_id, code, episode, drafted_at)
), marked AS (
    UPDATE letter l SET printed_at = $6::timestamptz FROM asked k
    WHERE l.source_id = k.source_id AND l.code = k.code AND l.episode = k.episode AND l.drafted_at = k.drafted_at
        AND ($5::boolean OR l.printed_at IS NULL)
    RETURNING l.source_id, l.code, l.episode, l.letter_no
), noted AS (
    INSERT INTO contact_log (source_id, code, what, who, why)
    SELECT m.source_id, m.code, 'printed', $7::text, concat_ws(': ', 'letter ' || m.letter_no, $8::text) FROM marked m
)
SELECT s.name, k.code, k.episode
FROM asked k LEFT JOIN source s ON s.source_id = k.source_id
LEFT JOIN marked m ON m.source_id = k.source_id AND m.code = k.code AND m.episode = k.episode
WHERE m.code IS NULL
