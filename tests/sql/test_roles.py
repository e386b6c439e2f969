# SPDX-License-Identifier: MIT
"""One role per program: what each may not do."""
import psycopg

from deployment import Deployment, run_tests

# role, what it tries, the statement
FORBIDDEN = [
    ("ingest", "read dossiers", "SELECT * FROM dossier"),
    ("ingest", "read the ledger", "SELECT * FROM event"),
    ("ingest", "write the ledger past event_append", "INSERT INTO event SELECT * FROM event"),
    ("ingest", "read duties", "SELECT * FROM duty"),
    ("ingest", "allow a key", "INSERT INTO sender_key (public_key, name) VALUES (repeat('a', 40), 'x')"),
    ("ingest", "change counts of intake", "UPDATE intake SET accepted = 0"),
    ("ingest", "open a segment", "SELECT segment_open()"),
    ("ingest", "rebuild", "SELECT rebuild_begin(1)"),
    ("scorer", "write the ledger", "DELETE FROM event"),
    ("scorer", "change the ledger", "UPDATE event SET payload = ''"),
    ("scorer", "append events", "SELECT event_append('w',1,'{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}')"),
    ("scorer", "open duties", "INSERT INTO duty SELECT * FROM duty"),
    ("scorer", "forget verdict changes", "DELETE FROM verdict_change"),
    ("scorer", "read keys", "SELECT * FROM sender_key"),
    ("notifier", "read the ledger", "SELECT * FROM event"),
    ("notifier", "write the ledger", "INSERT INTO event SELECT * FROM event"),
    ("notifier", "change a verdict", "UPDATE dossier SET promise = 'on_time'"),
    ("notifier", "change a later promise", "UPDATE promise SET due_at = now()"),
    ("notifier", "delete a later promise", "DELETE FROM promise"),
    ("notifier", "change counters", "UPDATE day_count SET late = 0"),
    ("notifier", "delete a duty", "DELETE FROM duty"),
    ("notifier", "rewrite the log of duties", "UPDATE duty_log SET who = 'x'"),
    ("notifier", "read intake", "SELECT * FROM intake"),
    ("operator", "change the ledger", "UPDATE event SET payload = ''"),
    ("operator", "delete from the ledger", "DELETE FROM event"),
    ("operator", "change a verdict", "UPDATE dossier SET promise = 'on_time'"),
    ("operator", "delete a later promise", "DELETE FROM promise"),
    ("operator", "change counters", "UPDATE day_count SET late = 0"),
    ("operator", "delete a duty", "DELETE FROM duty"),
    ("operator", "forget a quarantined event", "DELETE FROM quarantine"),
    ("operator", "make a role", "CREATE ROLE kipthoi_intruder"),
]


def test_forbidden():
    with Deployment() as d:
        for role, deed, statement in FORBIDDEN:
            try:
                d.sql(statement, role=role)
            except psycopg.errors.InsufficientPrivilege:
                continue
            raise AssertionError(f"{role} may {deed}")


def test_no_program_is_superuser():
    with Deployment() as d:
        rows = d.sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'kipthoi%' AND (rolsuper OR rolcreaterole OR rolcreatedb)")
        assert rows == [], rows


if __name__ == "__main__":
    run_tests(globals())
