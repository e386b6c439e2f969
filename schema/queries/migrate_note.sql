-- migrate_note: takes a version.  $1 version, $2 name, $3 breaking.  Writes: migration.
INSERT INTO migration (version, name, breaking) VALUES ($1::int, $2::text, $3::boolean)
