-- deliveries_redrive: deliveries that were given up, or whose outcome is not known, wait again, their attempts begin anew.
-- $1 ids (NULL: all), $2 state, $3 recipient (each NULL: any), $4 who, $5 why.
-- Result: id, state before, why the recipient is disabled, recipient, whether it waits again.  Writes: delivery,
-- delivery_attempt.
WITH found AS (
    SELECT d.delivery_id, d.state, d.recipient_id, d.attempts, r.disabled
    FROM delivery d LEFT JOIN recipient r ON r.recipient_id = d.recipient_id
    WHERE ($1::bigint[] IS NULL OR d.delivery_id = ANY ($1::bigint[])) AND ($2::text IS NULL OR d.state = $2::text)
        AND ($3::int IS NULL OR d.recipient_id = $3::int)
        -- Named by id, each is answered for; else only those that can be redriven.
        AND ($1::bigint[] IS NOT NULL OR d.state IN ('dead', 'uncertain'))
    ORDER BY d.delivery_id
    FOR UPDATE OF d
), done AS (
    UPDATE delivery d SET state = 'waiting', attempts = 0, next_at = now()
    FROM found f
    WHERE d.delivery_id = f.delivery_id AND f.state IN ('dead', 'uncertain') AND f.disabled IS NULL
    RETURNING d.delivery_id
), noted AS (
    INSERT INTO delivery_attempt (delivery_id, attempt, outcome, detail)
    SELECT f.delivery_id, f.attempts, 'redriven', f.state || ', ' || $4::text || ': ' || $5::text
    FROM found f JOIN done USING (delivery_id))
SELECT f.delivery_id, f.state, f.disabled, f.recipient_id, n.delivery_id IS NOT NULL
FROM found f LEFT JOIN done n USING (delivery_id)
ORDER BY f.delivery_id
