-- cli_database_create: the statement that makes a database, which takes no parameters itself.  $1 name.
-- Result: statement.
SELECT format('CREATE DATABASE %I ENCODING ''UTF8'' TEMPLATE template0', $1::text)
