-- calendar_add: a new version.  $1 version, $2 first year, $3 last year, $4 in force from, $5 name, $6 by whom, $7 why,
-- $8 file.  Writes: calendar.
INSERT INTO calendar (version, first_year, last_year, in_force, name, loaded_by, why, file)
VALUES ($1::smallint, $2::smallint, $3::smallint, $4::timestamptz, $5::text, $6::text, $7::text, $8::text)
