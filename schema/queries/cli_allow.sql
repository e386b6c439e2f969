-- cli_allow: lets a key in, or adds to what it may.  A key that had been revoked starts anew.
-- $1 key, $2 name, $3 may listen to the feed, $4 patterns.  Result: feed.  Writes: sender_key, sender_source.
WITH revoked AS (
    SELECT public_key FROM sender_key WHERE public_key = $1::text AND revoked_at IS NOT NULL),
dropped AS (
    DELETE FROM sender_source s USING revoked r
    WHERE s.public_key = r.public_key AND s.pattern <> ALL ($4::text[])),
kept AS (
    INSERT INTO sender_key AS k (public_key, name, feed) VALUES ($1::text, $2::text, $3::boolean)
    ON CONFLICT (public_key) DO UPDATE SET
        name = excluded.name,
        feed = excluded.feed OR (k.feed AND k.revoked_at IS NULL),
        allowed_at = CASE WHEN k.revoked_at IS NULL THEN k.allowed_at ELSE now() END,
        revoked_at = NULL
    RETURNING feed),
added AS (
    INSERT INTO sender_source (public_key, pattern)
    SELECT DISTINCT $1::text, p.pattern FROM unnest($4::text[]) AS p (pattern)
    ON CONFLICT DO NOTHING)
SELECT feed FROM kept
