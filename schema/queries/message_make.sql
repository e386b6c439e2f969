-- message_make: puts the waiting notices of recipients into one message each, and that into the outbox.
-- $1 recipients, $2 clock, $3 rows that a message shows, the earliest due first.
-- Result: message_id.  Writes: message, notice, delivery.
WITH picked AS MATERIALIZED (
    SELECT n.*, row_number() OVER (PARTITION BY n.recipient_id ORDER BY n.due NULLS FIRST, n.notice_id) AS place
    FROM notice n WHERE n.recipient_id = ANY ($1::int[]) AND n.message_id IS NULL
), counted AS (
    SELECT k.recipient_id, sum(k.count) AS total, min(k.first) AS first, jsonb_object_agg(k.kind, k.count) AS kinds
    FROM (
        SELECT p.recipient_id, p.kind, count(*) AS count, min(p.notice_id) AS first
        FROM picked p GROUP BY p.recipient_id, p.kind) k
    GROUP BY k.recipient_id
), shown AS (
    SELECT p.recipient_id, jsonb_agg(p.facts ORDER BY p.place) AS rows
    FROM picked p WHERE p.place <= $3::bigint GROUP BY p.recipient_id
), made AS (
    INSERT INTO message (recipient_id, items, at, kind, key, facts)
    SELECT c.recipient_id, c.total, $2::timestamptz, 'notices', 'notices/' || c.first,
        jsonb_build_object('total', c.total, 'kinds', c.kinds, 'rows', s.rows)
    FROM counted c JOIN shown s USING (recipient_id) ORDER BY c.recipient_id
    RETURNING message_id, recipient_id
), joined AS (
    UPDATE notice n SET message_id = m.message_id
    FROM picked p JOIN made m USING (recipient_id)
    WHERE n.notice_id = p.notice_id
), queued AS (
    INSERT INTO delivery (message_id, recipient_id, channel, wire_id)
    SELECT m.message_id, m.recipient_id, r.channel, 'notices-' || gen_random_uuid()
    FROM made m JOIN recipient r USING (recipient_id)
)
SELECT m.message_id FROM made m
