-- cli_password_known: whether a role has a password.  $1 role.  Result: whether; no row when there is no such role.
SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = $1::text
