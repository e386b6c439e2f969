-- unit_known: is there a unit.  $1 code.  Result: unit_id.
SELECT unit_id FROM unit WHERE code = $1::text
