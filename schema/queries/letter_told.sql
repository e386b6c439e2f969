-- letter_told: takes over the letters of dossiers that upstreams told of.  One with the number of a letter of the dossier is
-- that letter; the others, in the order of sending, are those of the promises that have no sent letter yet, up to the next
-- promise to keep.  An event about a letter that another one told of already says nothing new.
-- The caller holds the duties.
-- $1 sources, $2 codes, $3 clock.  Result: a row a letter taken over: source_id, code, episode.
-- Writes: letter, duty, duty_log.
WITH change AS (
    SELECT u.source_id, u.code COLLATE "C" AS code FROM unnest($1::int[], $2::text[]) AS u (source_id, code)
), fresh AS MATERIALIZED (
    SELECT a.*, l.episode AS known
    FROM change c
    CROSS JOIN LATERAL (
        -- Of several events about one number the first one.
        SELECT DISTINCT ON (coalesce(k.letter_no, k.event_id)) k.* FROM apology k
        WHERE k.source_id = c.source_id AND k.code = c.code
        ORDER BY coalesce(k.letter_no, k.event_id), k.sent_at, k.event_id OFFSET 0) a
    LEFT JOIN LATERAL (
        SELECT k.episode, k.event_id FROM letter k
        WHERE k.source_id = a.source_id AND k.code = a.code AND k.letter_no = a.letter_no
        ORDER BY k.episode LIMIT 1 OFFSET 0) l ON true
    WHERE NOT EXISTS (SELECT FROM letter k WHERE k.source_id = a.source_id AND k.event_id = a.event_id)
        AND l.event_id IS NULL
), free AS (
    -- Promises without a sent letter, but those whose letter the events name.
    SELECT f.source_id, f.code, e.episode,
        row_number() OVER (PARTITION BY f.source_id, f.code ORDER BY e.episode) AS place
    FROM (SELECT DISTINCT source_id, code FROM fresh) f
    CROSS JOIN LATERAL (SELECT * FROM dossier k WHERE k.source_id = f.source_id AND k.code = f.code OFFSET 0) d
    CROSS JOIN LATERAL generate_series(1,
        d.broken + CASE WHEN d.state IN ('received', 'in_process', 'paused') AND (d.broken = 0 OR d.next_due IS NOT NULL) THEN 1 ELSE 0 END)
        AS e (episode)
    WHERE NOT EXISTS (
            SELECT FROM letter k
            WHERE k.source_id = f.source_id AND k.code = f.code AND k.episode = e.episode AND k.state = 'sent')
        AND NOT EXISTS (
            SELECT FROM fresh k WHERE k.source_id = f.source_id AND k.code = f.code AND k.known = e.episode)
), told AS MATERIALIZED (
    SELECT f.*, coalesce(f.known, e.episode)::smallint AS episode
    FROM (
        SELECT f.*, CASE WHEN f.known IS NULL THEN row_number() OVER (
            PARTITION BY f.source_id, f.code, f.known IS NULL ORDER BY f.sent_at, f.event_id) END AS place
        FROM fresh f) f
    LEFT JOIN free e ON e.source_id = f.source_id AND e.code = f.code AND e.place = f.place
    WHERE coalesce(f.known, e.episode) IS NOT NULL
), written AS (
    INSERT INTO letter AS l (source_id, code, episode, unit_id, year, extension, state, due, drafted_at, drafted_by, sent_at,
        sent_by, letter_no, reason, channel, proof, event_id)
    SELECT DISTINCT ON (t.source_id, t.code, t.episode) t.source_id, t.code, t.episode, d.unit_id, extract(year FROM t.sent_at)::smallint, t.episode, 'sent',
        coalesce(CASE WHEN t.episode = 1 THEN d.promise_due ELSE p.due_at END, t.sent_at), t.sent_at, 'upstream', t.sent_at,
        'upstream', coalesce(t.letter_no, '-'), '', 'upstream', t.channel, t.event_id
    FROM told t
    CROSS JOIN LATERAL (SELECT * FROM dossier k WHERE k.source_id = t.source_id AND k.code = t.code OFFSET 0) d
    LEFT JOIN promise p ON p.source_id = t.source_id AND p.code = t.code AND p.episode = t.episode
    ORDER BY t.source_id, t.code, t.episode, t.sent_at, t.event_id
    ON CONFLICT ON CONSTRAINT letter_pkey DO UPDATE SET
        state = 'sent', sent_at = coalesce(l.sent_at, excluded.sent_at), sent_by = coalesce(l.sent_by, 'upstream'),
        channel = coalesce(l.channel, 'upstream'), proof = coalesce(l.proof, excluded.proof), event_id = excluded.event_id
    RETURNING l.source_id, l.code, l.episode, l.sent_at, l.letter_no, l.event_id
), was AS MATERIALIZED (
    SELECT w.*, y.state FROM written w JOIN duty y USING (source_id, code, episode) WHERE y.state IN ('owed', 'drafted', 'approved')
), done AS (
    UPDATE duty y SET state = 'sent', sent_at = w.sent_at, letter_no = w.letter_no, sent_by = 'upstream'
    FROM was w WHERE y.source_id = w.source_id AND y.code = w.code AND y.episode = w.episode
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT w.source_id, w.episode, w.state, 'sent', $3::timestamptz, w.code, 'notifier', 'the upstream told of it: event ' || w.event_id
    FROM was w
)
SELECT w.source_id, w.code, w.episode FROM written w
