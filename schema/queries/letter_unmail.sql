-- letter_unmail: mails of letters that go out in another way are given up.  What a notifier has in hand is left; what waits
-- was taken by nobody, for a letter that may have arrived waits no longer.  The caller holds duties and letters.
-- $1 source_ids, $2 codes, $3 episodes, $4 who, $5 why.  Writes: delivery, delivery_attempt.
WITH done AS (
    UPDATE delivery v SET state = 'dead'
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    JOIN message m ON m.key = 'letter/' || k.source_id || '/' || k.episode || '/' || k.code
    WHERE v.message_id = m.message_id AND v.state = 'waiting'
    RETURNING v.delivery_id, v.attempts
)
INSERT INTO delivery_attempt (delivery_id, attempt, outcome, detail)
SELECT d.delivery_id, d.attempts, 'withdrawn', $4::text || ': ' || $5::text FROM done d
