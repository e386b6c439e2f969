-- allow_list: the keys that may connect, a row per pattern.  Result: public_key, feed, pattern (NULL: may only listen).
-- Writes: nothing.
SELECT k.public_key, k.feed, s.pattern
FROM sender_key k
LEFT JOIN sender_source s USING (public_key)
WHERE k.revoked_at IS NULL
ORDER BY k.public_key, s.pattern
