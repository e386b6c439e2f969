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
    ("notifier", "change counters", "UPDATE day_tally SET promise_late = 0"),
    ("notifier", "delete a duty", "DELETE FROM duty"),
    ("notifier", "rewrite the log of duties", "UPDATE duty_log SET who = 'x'"),
    ("notifier", "read intake", "SELECT * FROM intake"),
    ("notifier", "delete an episode of a target", "DELETE FROM target_episode"),
    ("notifier", "change a target", "UPDATE target SET bound = 0"),
    ("operator", "change the ledger", "UPDATE event SET payload = ''"),
    ("operator", "delete from the ledger", "DELETE FROM event"),
    ("operator", "change a verdict", "UPDATE dossier SET promise = 'on_time'"),
    ("operator", "delete a later promise", "DELETE FROM promise"),
    ("operator", "change counters", "UPDATE day_tally SET promise_late = 0"),
    ("operator", "change counters of months", "UPDATE month_tally SET promise_late = 0"),
    ("operator", "delete a duty", "DELETE FROM duty"),
    ("operator", "end an episode of a target", "UPDATE target_episode SET outcome = 'ended'"),
    ("operator", "forget a quarantined event", "DELETE FROM quarantine"),
    ("operator", "read the names that letters need", "SELECT name FROM contact"),
    ("operator", "read addresses", "SELECT address, phone, email, receipt_number FROM contact"),
    ("operator", "read contacts whole", "SELECT * FROM contact"),
    ("operator", "gather names", "SELECT contact_gather('{1}', '{A}')"),
    ("operator", "erase names", "SELECT contact_erase(1, 'A', 'x', 'x')"),
    ("operator", "note that nobody looked at names", "DELETE FROM contact_log"),
    ("notifier", "read the names that letters need", "SELECT name FROM contact"),
    ("notifier", "gather names", "SELECT contact_gather('{1}', '{A}')"),
    ("notifier", "change a form", "UPDATE letter_template SET body = ''"),
    ("scorer", "read the names that letters need", "SELECT name FROM contact"),
    ("ingest", "read the names that letters need", "SELECT name FROM contact"),
    ("letters", "read the ledger", "SELECT * FROM event"),
    ("letters", "read the quarantine", "SELECT * FROM quarantine"),
    ("letters", "change a verdict", "UPDATE dossier SET promise = 'on_time'"),
    ("letters", "open duties", "INSERT INTO duty SELECT * FROM duty"),
    ("letters", "move a deadline", "UPDATE duty SET deadline = now()"),
    ("letters", "delete a letter", "DELETE FROM letter"),
    ("letters", "rewrite the log of duties", "UPDATE duty_log SET who = 'x'"),
    ("letters", "forget who looked at names", "DELETE FROM contact_log"),
    ("letters", "change who looked at names", "UPDATE contact_log SET who = 'x'"),
    ("letters", "load a form", "INSERT INTO letter_template (name, effective_from, body, loaded_by) VALUES ('a', now(), 'x', 'x')"),
    ("letters", "change the rules", "UPDATE letter_rule SET days_before = 0"),
    ("operator", "take a step of the ladder", "UPDATE step SET state = 'done', outcome = 'told', done_at = now()"),
    ("operator", "delete a step", "DELETE FROM step"),
    ("operator", "forget a mute", "DELETE FROM hush"),
    ("operator", "delete a delivery", "DELETE FROM delivery"),
    ("operator", "call a delivery sent", "UPDATE delivery SET sent_at = now()"),
    ("operator", "rewrite attempts", "UPDATE delivery_attempt SET detail = 'x'"),
    ("operator", "rewrite what a message says", "UPDATE message SET facts = '{}'"),
    ("operator", "rewrite who changed recipients", "UPDATE recipient_log SET who = 'x'"),
    ("operator", "add a rung", "INSERT INTO rung SELECT 99, 0, 0, false, true, 'x', 'due', '{}'"),
    ("notifier", "read who changed recipients", "SELECT * FROM recipient_log"),
    ("notifier", "unmute", "UPDATE hush SET ended_at = now()"),
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
