-- letter_queue: approved letters go out by e-mail: a message and a delivery each, never twice.  The notifier makes the
-- mail, sends it and says that the letter was sent.
-- $1 source_ids, $2 codes, $3 episodes, $4 the clock.  Result: source_id, code, episode of those queued.
-- Writes: message, delivery.
WITH wanted AS (
    SELECT l.source_id, l.code, l.episode
    FROM unnest($1::int[], $2::text[], $3::smallint[]) AS k (source_id, code, episode)
    JOIN letter l ON l.source_id = k.source_id AND l.code = k.code AND l.episode = k.episode
    WHERE l.state = 'approved'
), queued AS (
    INSERT INTO message (kind, key, items, at, facts)
    SELECT 'letter', 'letter/' || w.source_id || '/' || w.episode || '/' || w.code, 1, $4::timestamptz,
        jsonb_build_object('source_id', w.source_id, 'code', w.code, 'episode', w.episode)
    FROM wanted w ORDER BY w.source_id, w.code, w.episode
    ON CONFLICT ON CONSTRAINT message_once DO NOTHING
    RETURNING message_id, facts
), put AS (
    INSERT INTO delivery (message_id, channel, wire_id)
    SELECT q.message_id, 'email', 'letter.' || gen_random_uuid() FROM queued q ORDER BY q.message_id
)
SELECT (q.facts ->> 'source_id')::int, q.facts ->> 'code', (q.facts ->> 'episode')::smallint FROM queued q
