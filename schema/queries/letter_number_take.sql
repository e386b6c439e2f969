-- letter_number_take: takes the next numbers of some registers, until the transaction ends from nobody else.
-- $1 unit_ids, each once; $2 how many of each; $3 year.  Result: unit_id, the last number taken.  Writes: letter_counter.
INSERT INTO letter_counter AS c (unit_id, year, last)
SELECT w.unit_id, $3::smallint, w.wanted
FROM unnest($1::int[], $2::int[]) AS w (unit_id, wanted)
ORDER BY w.unit_id
ON CONFLICT (unit_id, year) DO UPDATE SET last = c.last + excluded.last
RETURNING unit_id, last
