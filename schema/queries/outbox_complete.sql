-- outbox_complete: what became of attempts.  Only who holds the claim completes it; a token that is no longer good changes
-- nothing.
-- $1 deliveries, $2 tokens, $3 states (waiting, sent, dead, uncertain), $4 milliseconds until the next attempt (NULL: no
-- next one), $5 outcomes, $6 status codes, $7 details, $8 milliseconds for which the recipient is spared (NULL: not),
-- $9 why the recipient is disabled (NULL: it is not), $10 1 for those that were not begun: given back, no attempt.
-- Result: delivery_id, new state, kind, source_id, code, episode of the letter.  Writes: delivery, delivery_attempt,
-- recipient.
WITH told AS MATERIALIZED (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::text[], $8::bigint[],
        $9::text[], $10::int[])
        AS t (delivery_id, token, state, wait_ms, outcome, status, detail, spare_ms, disabled, unbegun)
), done AS (
    UPDATE delivery d SET state = t.state, claim_token = NULL, claimed_until = NULL,
        attempts = d.attempts - t.unbegun,
        next_at = CASE WHEN t.wait_ms IS NULL THEN d.next_at ELSE now() + t.wait_ms * interval '1 ms' END,
        sent_at = CASE t.state WHEN 'sent' THEN now() END,
        last_error = CASE WHEN t.state = 'sent' THEN NULL WHEN t.unbegun = 1 THEN d.last_error
            ELSE t.outcome || coalesce(': ' || nullif(t.detail, ''), '') END
    FROM told t
    WHERE d.delivery_id = t.delivery_id AND d.state = 'claimed' AND d.claim_token = t.token::uuid
    RETURNING d.delivery_id, d.attempts, d.recipient_id, d.message_id, d.state, t.outcome, t.status, t.detail, t.spare_ms, t.disabled, t.unbegun
), noted AS (
    INSERT INTO delivery_attempt (delivery_id, attempt, outcome, status, detail)
    SELECT d.delivery_id, d.attempts, d.outcome, d.status, d.detail FROM done d WHERE d.unbegun = 0
), spared AS (
    UPDATE recipient r SET
        paused_until = coalesce(now() + x.spare_ms * interval '1 ms', r.paused_until),
        disabled = coalesce(r.disabled, x.disabled)
    FROM (
        SELECT d.recipient_id, max(d.spare_ms) AS spare_ms, max(d.disabled) AS disabled
        FROM done d WHERE d.spare_ms IS NOT NULL OR d.disabled IS NOT NULL GROUP BY d.recipient_id) x
    WHERE r.recipient_id = x.recipient_id
)
SELECT d.delivery_id, d.state, m.kind, (m.facts ->> 'source_id')::int, m.facts ->> 'code', (m.facts ->> 'episode')::smallint
FROM done d JOIN message m USING (message_id)
