-- db_set_limit: the server's limit for statements of this connection.  $1 milliseconds as text.
SELECT set_config('statement_timeout', $1, false)
