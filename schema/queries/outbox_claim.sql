-- outbox_claim: takes deliveries that are due, each under a token of its own.  What another notifier has taken, and what
-- goes to a recipient who asked to be spared, is left out.
-- $1 channel, $2 at most so many, $3 milliseconds until a claim is taken for lost.
-- Result: delivery_id, token, attempts made before, wire_id, kind, facts, message's moment, recipient's address,
-- language, secret files, role, unit, unit's name; the letter's source_id, code, episode (NULL: no letter); unit_id, and
-- whether it may go out in working hours only: a test is waited for by who asked for it.
-- Writes: delivery.
WITH due AS MATERIALIZED (
    SELECT d.delivery_id, d.message_id, d.recipient_id
    FROM delivery d LEFT JOIN recipient r USING (recipient_id)
    WHERE d.state = 'waiting' AND d.next_at <= now() AND d.channel = $1::text
        AND (r.recipient_id IS NULL OR (r.disabled IS NULL AND coalesce(r.paused_until <= now(), true)))
    ORDER BY d.next_at, d.delivery_id
    LIMIT $2::bigint
    FOR UPDATE OF d SKIP LOCKED
), claimed AS (
    UPDATE delivery d SET state = 'claimed', claim_token = gen_random_uuid(), attempts = d.attempts + 1,
        claimed_until = now() + $3::bigint * interval '1 ms'
    FROM due WHERE d.delivery_id = due.delivery_id
    RETURNING d.delivery_id, d.claim_token, d.attempts, d.wire_id, d.message_id, d.recipient_id
)
SELECT c.delivery_id, c.claim_token::text, c.attempts - 1, c.wire_id, m.kind, m.facts::text, m.at, r.address,
    r.lang, r.secret_file, r.role, u.code, u.name, (m.facts ->> 'source_id')::int, m.facts ->> 'code',
    (m.facts ->> 'episode')::smallint,
    coalesce(r.unit_id, l.unit_id, 0), coalesce(r.hours = 'work', true) AND m.key NOT LIKE 'test/%'
FROM claimed c
JOIN message m USING (message_id)
LEFT JOIN recipient r ON r.recipient_id = c.recipient_id
LEFT JOIN unit u ON u.unit_id = r.unit_id
LEFT JOIN letter l ON m.kind = 'letter' AND l.source_id = (m.facts ->> 'source_id')::int AND l.code = m.facts ->> 'code'
    AND l.episode = (m.facts ->> 'episode')::smallint
ORDER BY c.delivery_id
