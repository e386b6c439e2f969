-- recipients_test: puts a message into the outbox that only says it is a test.
-- $1 recipient, $2 the clock, $3 who, $4 id on the wire, $5 key.
-- Result: message, delivery.  Writes: message, delivery.
WITH made AS (
    INSERT INTO message (recipient_id, items, at, kind, key, facts)
    SELECT r.recipient_id, 1, $2::timestamptz, 'notices', $5::text, jsonb_build_object('total', 1,
        'kinds', jsonb_build_object('test', 1),
        'rows', jsonb_build_array(jsonb_build_object('kind', 'test', 'unit', u.code, 'who', $3::text)))
    FROM recipient r JOIN unit u USING (unit_id)
    WHERE r.recipient_id = $1::int
    RETURNING message_id, recipient_id)
INSERT INTO delivery (message_id, recipient_id, channel, wire_id)
SELECT m.message_id, m.recipient_id, r.channel, $4::text FROM made m JOIN recipient r USING (recipient_id)
RETURNING message_id, delivery_id
