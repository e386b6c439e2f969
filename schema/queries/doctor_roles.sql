-- doctor_roles: roles that ought to be.  $1 names.
-- Result: name, whether it is there, whether it is more than it ought to be (superuser, makes roles or databases,
-- replication, past row security).
SELECT n.name, r.rolname IS NOT NULL,
    coalesce(r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls, false)
FROM unnest($1::text[]) AS n (name)
LEFT JOIN pg_roles r ON r.rolname = n.name
ORDER BY n.name
