-- doctor_server: settings of the server.
-- Result: version number, version, fsync, synchronous_commit, full_page_writes, autovacuum, encoding, its clock, epoch,
-- whether it is a standby, whether the schema is there.
SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('fsync'),
    current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('autovacuum'),
    current_setting('server_encoding'), clock_timestamp(), (SELECT system_identifier FROM pg_control_system()),
    pg_is_in_recovery(), to_regclass('kipthoi.deployment') IS NOT NULL
