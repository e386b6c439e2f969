-- doctor_tables: the largest tables, partitions together.
-- Result: table, bytes, live rows (estimate), dead rows (estimate).
SELECT t.name, sum(t.bytes)::bigint, sum(t.live)::bigint, sum(t.dead)::bigint
FROM (
    SELECT CASE WHEN s.relname ~ '^event_[0-9]+$' THEN 'event' ELSE s.relname::text END AS name,
        pg_total_relation_size(s.relid) AS bytes, s.n_live_tup AS live, s.n_dead_tup AS dead
    FROM pg_stat_user_tables s
    WHERE s.schemaname = 'kipthoi') t
GROUP BY t.name
ORDER BY 2 DESC, 1
LIMIT 6
