-- roles: one role per program, none of them superuser.  Safe to repeat.  Run by `kipthoi init` as the database
-- administrator before the migrations.  Passwords are set apart (cli_password_set.sql), as SCRAM verifiers.
DO $$
DECLARE
    role_name text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kipthoi_owner') THEN
        CREATE ROLE kipthoi_owner NOLOGIN;
    END IF;
    FOREACH role_name IN ARRAY ARRAY['kipthoi_ingest', 'kipthoi_scorer', 'kipthoi_notifier', 'kipthoi_letters', 'kipthoi_operator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role_name);
        END IF;
    END LOOP;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO kipthoi_owner', current_database());
EXCEPTION
    -- Two administrators at once: whoever came second finds the roles made.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
CREATE SCHEMA IF NOT EXISTS kipthoi AUTHORIZATION kipthoi_owner;
