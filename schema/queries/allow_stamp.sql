-- allow_stamp: changes whenever the allow-list does.  Result: stamp.  Writes: nothing.
SELECT md5(
    coalesce((SELECT string_agg(k.public_key || k.feed::text || (k.revoked_at IS NULL)::text, ',' ORDER BY k.public_key)
        FROM sender_key k), '')
    || '/' ||
    coalesce((SELECT string_agg(s.public_key || s.pattern, ',' ORDER BY s.public_key, s.pattern)
        FROM sender_source s), '')) AS stamp
