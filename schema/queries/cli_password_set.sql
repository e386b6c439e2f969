-- cli_password_set: the statement that sets a role's password, which takes no parameters itself.  $1 role,
-- $2 SCRAM verifier.  Result: statement.
SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)
