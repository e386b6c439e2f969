-- calendar_unit_register: makes the units that hours are given for and that nobody named before.  $1 codes.
-- Result: codes of the new ones.  Writes: unit.
INSERT INTO unit (code)
SELECT c.code COLLATE "C" FROM unnest($1::text[]) AS c (code) ORDER BY 1
ON CONFLICT (code) DO NOTHING
RETURNING code
