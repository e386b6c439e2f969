-- cli_revoke: takes a key back; its row stays as a trace.  $1 key.  Result: public_key.  Writes: sender_key.
UPDATE sender_key SET revoked_at = now() WHERE public_key = $1::text AND revoked_at IS NULL RETURNING public_key
