-- digest_make: the digest of a day for recipients: what is overdue and which letters are owed at their units and at those
-- below that have nobody of their role.  Where there is nothing to tell there is no message.
-- $1 recipients, $2 the local day, $3 clock, $4 rows that a message shows, the longest overdue first.
-- Result: message_id.  Writes: recipient, message, delivery.
WITH asked AS MATERIALIZED (
    SELECT r.* FROM recipient r WHERE r.recipient_id = ANY ($1::int[])
), place AS MATERIALIZED (
    SELECT a.recipient_id, h.unit_id FROM asked a JOIN recipient_reach h ON h.role = a.role AND h.at_unit_id = a.unit_id
), late AS MATERIALIZED (
    SELECT d.source_id, d.code, d.unit_id, d.field_id, d.procedure_id, d.promise_due, d.broken
    FROM dossier d
    WHERE d.promise = 'overdue' AND d.unit_id IN (SELECT p.unit_id FROM place p)
        AND NOT EXISTS (
            SELECT FROM hush h
            WHERE h.kind = 'ack' AND h.source_id = d.source_id AND h.code = d.code AND h.episode = d.broken AND h.ended_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM hush h JOIN rung g ON g.anchor = 'daily'
            WHERE h.kind = 'mute' AND h.ended_at IS NULL AND h.since <= $3::timestamptz AND h.until > $3::timestamptz
                AND coalesce(h.unit_id, d.unit_id) = d.unit_id AND coalesce(h.field_id, d.field_id) = d.field_id
                AND coalesce(h.rung, g.rung) = g.rung)
), ranked AS (
    SELECT p.recipient_id, l.*, row_number() OVER (PARTITION BY p.recipient_id ORDER BY l.promise_due, l.source_id, l.code) AS place,
        count(*) OVER (PARTITION BY p.recipient_id) AS total
    FROM place p JOIN late l USING (unit_id)
), shown AS MATERIALIZED (
    SELECT k.recipient_id, k.total, jsonb_agg(jsonb_build_object(
        'kind', 'overdue_daily', 'source', s.name, 'dossier', k.code, 'episode', k.broken, 'unit', u.code, 'field', f.code,
        'procedure', p.code, 'due', k.promise_due, 'state', y.state, 'deadline', y.deadline) ORDER BY k.place) AS rows
    FROM ranked k
    JOIN source s USING (source_id)
    JOIN unit u USING (unit_id)
    JOIN field f USING (field_id)
    JOIN procedure p USING (procedure_id)
    LEFT JOIN duty y ON y.source_id = k.source_id AND y.code = k.code AND y.episode = k.broken
    WHERE k.place <= $4::bigint
    GROUP BY k.recipient_id, k.total
), letters AS MATERIALIZED (
    SELECT p.recipient_id, sum(o.owed) AS owed, sum(o.past) AS past
    FROM place p
    JOIN (
        SELECT y.unit_id, count(*) AS owed, count(*) FILTER (WHERE y.deadline < $3::timestamptz) AS past
        FROM duty y WHERE y.state IN ('owed', 'drafted', 'approved') GROUP BY y.unit_id) o USING (unit_id)
    GROUP BY p.recipient_id
), noted AS (
    UPDATE recipient r SET digest_day = $2::date FROM asked a WHERE r.recipient_id = a.recipient_id
), made AS (
    INSERT INTO message (recipient_id, items, at, kind, key, facts)
    SELECT a.recipient_id, coalesce(s.total, 0), $3::timestamptz, 'digest', format('digest/%s/%s', a.recipient_id, $2::date),
        jsonb_build_object('day', $2::date, 'total', coalesce(s.total, 0), 'letters_owed', coalesce(l.owed, 0),
            'letters_past', coalesce(l.past, 0), 'kinds', jsonb_build_object('overdue_daily', coalesce(s.total, 0)),
            'rows', coalesce(s.rows, '[]'))
    FROM asked a
    LEFT JOIN shown s USING (recipient_id)
    LEFT JOIN letters l USING (recipient_id)
    WHERE coalesce(s.total, 0) + coalesce(l.owed, 0) > 0
    ORDER BY a.recipient_id
    -- A clock that was set back meets its own digest again.
    ON CONFLICT ON CONSTRAINT message_once DO NOTHING
    RETURNING message_id, recipient_id
), queued AS (
    INSERT INTO delivery (message_id, recipient_id, channel, wire_id)
    SELECT m.message_id, m.recipient_id, r.channel, 'digest-' || gen_random_uuid()
    FROM made m JOIN recipient r USING (recipient_id)
)
SELECT m.message_id FROM made m
