-- db_deployment: facts a program checks before it starts.
-- Result: newest schema version, newest breaking version, time zone, whether durability is off.
SELECT (SELECT max(version) FROM migration), coalesce((SELECT max(version) FROM migration WHERE breaking), 0), d.time_zone,
    current_setting('fsync') = 'off' OR current_setting('synchronous_commit') = 'off'
FROM deployment d
