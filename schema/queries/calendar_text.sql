-- calendar_text: a version as it was loaded.  $1 version, 0: the newest.
-- Result: version, the file, first and last year, in force from.
SELECT version, file, first_year, last_year, in_force
FROM calendar
WHERE $1::bigint IN (0, version)
ORDER BY version DESC
LIMIT 1
