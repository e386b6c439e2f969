-- cli_revoke_find: the keys in force that a key or a name stands for.  $1 key or name.  Result: public_key, name.
SELECT public_key, name FROM sender_key
WHERE (public_key = $1::text OR name = $1::text) AND revoked_at IS NULL
ORDER BY public_key
