-- cli_allow_list: who may what.  Result: public_key, name, sources, feed, allowed_at, revoked_at.
SELECT k.public_key, k.name,
    (SELECT string_agg(s.pattern, ' ' ORDER BY s.pattern) FROM sender_source s WHERE s.public_key = k.public_key),
    k.feed, k.allowed_at, k.revoked_at
FROM sender_key k
ORDER BY k.revoked_at IS NOT NULL, k.name, k.public_key
