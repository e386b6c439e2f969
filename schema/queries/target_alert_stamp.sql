-- target_alert_stamp: another text when figures, targets or what they name may have changed: how often rows of their
-- tables were written.  The server tells of a write within some seconds; then the text changes again.
-- Result: stamp.
SELECT string_agg(pg_stat_get_tuples_inserted(t.table_oid) || '+' || pg_stat_get_tuples_updated(t.table_oid) || '+'
    || pg_stat_get_tuples_deleted(t.table_oid), ' ' ORDER BY t.place)
FROM (VALUES (1, 'day_tally'::regclass), (2, 'duty'::regclass), (3, 'indicator'::regclass), (4, 'target'::regclass),
    (5, 'field_group'::regclass), (6, 'unit'::regclass)) AS t (place, table_oid)
