-- source_known: sources that have sent.  $1 a name.  Result: name, whether it is that one; that one first, then the first
-- twenty by name.
SELECT s.name, s.name = $1::text AS asked
FROM source s
WHERE s.source_id <> 0
ORDER BY asked DESC, s.name
LIMIT 20
