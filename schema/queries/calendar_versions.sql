-- calendar_versions: every calendar version.  Result: version, first and last year, in force from, name, loaded at, by
-- whom, why; by version.
SELECT version, first_year, last_year, in_force, name, loaded_at, loaded_by, why FROM calendar ORDER BY version
