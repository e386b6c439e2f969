-- outbox_recover: claims whose holder is gone.  What it sent is not known: a letter to a citizen is not sent again by
-- itself, a message to an official is.  What waits for a recipient who is disabled is given up; it can be redriven.  So
-- is the mail of a letter that is void by now, or was sent in another way.
-- Result: delivery_id, new state.  Writes: delivery, delivery_attempt.
WITH lost AS MATERIALIZED (
    SELECT d.delivery_id, d.attempts, 'uncertain' AS outcome, 'the attempt was cut: its notifier ended' AS detail,
        CASE WHEN m.kind = 'letter' THEN 'uncertain' ELSE 'waiting' END AS state
    FROM delivery d JOIN message m USING (message_id)
    WHERE d.state = 'claimed' AND d.claimed_until < now()
    FOR UPDATE OF d SKIP LOCKED
), given_up AS MATERIALIZED (
    SELECT d.delivery_id, d.attempts, 'disabled' AS outcome, 'the recipient is disabled: ' || r.disabled AS detail, 'dead' AS state
    FROM recipient r JOIN delivery d USING (recipient_id)
    WHERE r.disabled IS NOT NULL AND d.state = 'waiting'
    FOR UPDATE OF d SKIP LOCKED
), over AS MATERIALIZED (
    SELECT d.delivery_id, d.attempts, 'refused' AS outcome,
        CASE y.state WHEN 'void' THEN 'the letter is not owed any more' ELSE 'the letter was sent already' END AS detail, 'dead' AS state
    FROM delivery d
    -- OFFSET 0: one by one by key, for those that wait.  Joined freely, all messages of all time would be read.
    CROSS JOIN LATERAL (SELECT * FROM message k WHERE k.message_id = d.message_id OFFSET 0) m
    CROSS JOIN LATERAL (
        SELECT * FROM duty k
        WHERE k.source_id = (m.facts ->> 'source_id')::int AND k.code = m.facts ->> 'code' AND k.episode = (m.facts ->> 'episode')::smallint
        OFFSET 0) y
    -- A letter's mail goes to no recipient of alerts.
    WHERE d.state = 'waiting' AND d.recipient_id IS NULL AND m.kind = 'letter' AND y.state IN ('void', 'sent')
    FOR UPDATE OF d SKIP LOCKED
), changed AS (
    UPDATE delivery d SET state = c.state, claim_token = NULL, claimed_until = NULL, last_error = c.outcome || ': ' || c.detail
    FROM (SELECT * FROM lost UNION ALL SELECT * FROM given_up UNION ALL SELECT * FROM over) c
    WHERE d.delivery_id = c.delivery_id
    RETURNING d.delivery_id, d.state, c.attempts, c.outcome, c.detail
), noted AS (
    INSERT INTO delivery_attempt (delivery_id, attempt, outcome, detail)
    SELECT c.delivery_id, c.attempts, c.outcome, c.detail FROM changed c
)
SELECT c.delivery_id, c.state FROM changed c
