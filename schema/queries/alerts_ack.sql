-- alerts_ack: an official says that a dossier's promise is in hand; no rung of it is taken any more but those of letters.
-- With a promise broken and another one running both are in hand.
-- $1 source_id, $2 code, $3 the clock, $4 who, $5 why.
-- Result: class of the promise, its number, the ack there was before, the one that was made.  No row: no dossier.
-- Writes: hush.
WITH found AS (
    SELECT d.source_id, d.code, d.promise, greatest(d.broken, CASE WHEN d.next_due IS NOT NULL THEN d.broken + 1 END, 1)::smallint AS episode,
        d.broken
    FROM dossier d
    WHERE d.source_id = $1::int AND d.code = $2::text
), wanted AS (
    SELECT f.source_id, f.code, f.promise, f.episode FROM found f
    UNION
    SELECT f.source_id, f.code, f.promise, f.broken FROM found f WHERE f.broken > 0
), known AS (
    SELECT h.hush_id, h.episode
    FROM wanted w JOIN hush h ON h.source_id = w.source_id AND h.code = w.code AND h.episode = w.episode
    WHERE h.kind = 'ack' AND h.ended_at IS NULL AND h.until > $3::timestamptz
), made AS (
    INSERT INTO hush (source_id, episode, since, until, code, kind, owner, why)
    SELECT w.source_id, w.episode, $3::timestamptz, 'infinity', w.code, 'ack', $4::text, $5::text
    FROM wanted w
    WHERE w.promise IN ('in_time', 'paused', 'overdue') AND w.episode NOT IN (SELECT k.episode FROM known k)
    ORDER BY w.episode
    RETURNING hush_id)
SELECT f.promise::text, f.episode, CASE WHEN NOT EXISTS (SELECT FROM made) THEN (SELECT max(hush_id) FROM known) END,
    (SELECT max(hush_id) FROM made)
FROM found f
