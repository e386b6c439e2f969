-- audit_cursor: each shard has a cursor of this database cluster, and has counted as many events as its cursor has passed.
-- $1 differences wanted.  Result: check, cursors compared, differences; subject, stored and recounted of some of them.
WITH passed AS (
    SELECT c.shard, count(*) AS events
    FROM scorer_cursor c JOIN event e ON e.slot % c.shards = c.shard
    WHERE e.segment < c.segment OR (e.segment = c.segment AND pg_visible_in_snapshot(e.xid, c.snapshot))
    GROUP BY c.shard
), named AS MATERIALIZED (
    SELECT 'scorer shard ' || c.shard AS subject, 'epoch ' || c.epoch AS stored, 'epoch ' || h.system_identifier AS recounted
    FROM scorer_cursor c CROSS JOIN pg_control_system() h WHERE c.epoch <> h.system_identifier
    UNION ALL
    SELECT 'notifier', 'epoch ' || n.epoch, 'epoch ' || h.system_identifier
    FROM notifier_cursor n CROSS JOIN pg_control_system() h WHERE n.epoch <> h.system_identifier
    UNION ALL
    SELECT 'scorer shard ' || c.shard, c.folded || ' events folded', coalesce(p.events, 0) || ' events passed'
    FROM scorer_cursor c LEFT JOIN passed p ON p.shard = c.shard WHERE c.folded <> coalesce(p.events, 0)
    UNION ALL
    SELECT 'scorer shards', count(*) || ' of ' || max(c.shards), min(c.shards) || ' of ' || min(c.shards)
    FROM scorer_cursor c HAVING count(*) <> max(c.shards) OR count(*) <> min(c.shards)
)
SELECT 'cursors', (SELECT count(*) FROM scorer_cursor) + (SELECT count(*) FROM notifier_cursor),
    (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
