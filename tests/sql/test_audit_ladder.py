# SPDX-License-Identifier: MIT
"""The audit's checks "ladder" and "letters": rows put in by hand hold, and each kind of damage is named."""
from deployment import ROOT, Deployment, run_tests

CLOCK = "2026-03-10T09:00:00+07:00"


def deployment():
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": CLOCK}, sources=())
    d.sql("INSERT INTO source (name) VALUES ('urn:a')")
    d.sql("INSERT INTO unit (code) VALUES ('U1'), ('U2')")
    for code, promise in (("open", "in_time"), ("paused", "paused"), ("over", "overdue"), ("kept", "early"), ("late", "late")):
        d.sql("""INSERT INTO dossier (source_id, unit_id, field_id, procedure_id, events, flags, pauses, promise_day, portal_day, slot,
                due_moves, supplements, calendar, broken, online, state, promise, portal, last_happened, last_sequence, code, last_event_id)
            SELECT 1, unit_id, 0, 0, 1, 0, 0, '2026-03-01', '2026-03-01', 0, 0, 0, 0, 0, false, 'received', %s, 'in_time', now(), 0, %s, 'e'
            FROM unit WHERE code = 'U1'""", promise, code)
    d.sql("UPDATE dossier SET next_due = '2026-03-13T10:00:00+07:00' WHERE code = 'open'")
    # The notifier has seen everything.
    d.sql("UPDATE notifier_cursor SET snapshot = pg_current_snapshot(), updated_at = now(), rungs = rungs_stamp()")
    return d


def step(d, code, rung, due, outcome=None):
    d.sql("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, done_at, code, state, outcome)
        SELECT 1, unit_id, 1, %s, %s, %s, CASE WHEN %s::text IS NOT NULL THEN now() END, %s,
            CASE WHEN %s::text IS NULL THEN 'waiting' ELSE 'done' END, %s FROM unit WHERE code = 'U1'""",
          rung, due, due, outcome, code, outcome, outcome)


def duty(d, code, state="owed", episode=1):
    d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code, sent_at, sent_by, letter_no)
        SELECT 1, unit_id, %s, %s::duty_state, now(), now(), now(), %s, CASE %s WHEN 'sent' THEN now() END, CASE %s WHEN 'sent' THEN 'x' END,
            CASE WHEN %s <> 'owed' THEN 'n' END FROM unit WHERE code = 'U1'""", episode, state, code, state, state, state)


def letter(d, code, number, state="drafted", unit="U1", year=2026):
    d.sql("""INSERT INTO letter (source_id, unit_id, number, episode, year, extension, state, due, drafted_at, sent_at, code, letter_no, reason,
            drafted_by, sent_by)
        SELECT 1, unit_id, %s, 1, %s, 1, %s::letter_state, now(), now(), CASE %s WHEN 'sent' THEN now() END, %s, 'n', 'r', 'a',
            CASE %s WHEN 'sent' THEN 'b' END FROM unit WHERE code = %s""", number, year, state, state, code, state, unit)


def found(c, check):
    """What the query names: {(subject, stored, recounted)}."""
    text = (ROOT / f"schema/queries/audit_{check}.sql").read_text()
    rows = c.execute(text.replace("$2", "timestamptz '2026-03-10T08:59:59+07:00'").replace("$1", "'50'")).fetchall()
    named = {row[3:] for row in rows if row[3] is not None}
    assert {row[0] for row in rows} == {check} and {row[2] for row in rows} == {len(named)}, rows
    return named


def ladder(d):
    """Every kind of row, all of them right."""
    step(d, "open", 1, "2026-03-10T10:00:00+07:00")
    step(d, "paused", 1, "2026-03-12T10:00:00+07:00")
    step(d, "over", 6, "2026-03-10T08:59:59.5+07:00")        # half a second: nobody has had a turn
    step(d, "kept", 1, "2026-03-05T10:00:00+07:00", "told")
    step(d, "late", 4, "2026-03-05T10:00:00+07:00", "overtaken")
    duty(d, "over")
    for person, email in ((1, "a@b.vn"), (2, "c@b.vn")):
        d.kipthoi("recipients", "add", "--unit", "U1", "--role", "head", "--email", email, check=0)
        d.kipthoi("recipients", "test", person, check=0)
    d.sql("INSERT INTO notice (recipient_id, message_id, kind, key, facts) SELECT 1, min(message_id), 'k', 'step/1/1/1/kept', '{}' FROM message")


# What is damaged, how, and what the audit must say.
LADDER = [
    ("a step of a dossier that ended", "UPDATE dossier SET promise = 'on_time' WHERE code = 'open'", "urn:a open due_3_days (promise 1)",
     "waits until", "the dossier is on_time"),
    ("a step of no dossier", "UPDATE step SET code = 'gone' WHERE code = 'paused'", "urn:a gone due_3_days (promise 1)", "waits until",
     "there is no such dossier"),
    ("a step of another promise's letter", "UPDATE duty SET episode = 2", "urn:a over letter_owed (promise 1)", "waits until",
     "no letter is owed"),
    ("a step that nobody took", "UPDATE step SET due_at = due_at - interval '2 h' WHERE code = 'open'", "urn:a open due_3_days (promise 1)",
     "waits", "was due at"),
    ("a rung too many", "UPDATE step SET rung = 3, code = 'open' WHERE code = 'paused'", "urn:a open due_3_hours (promise 1)",
     "2 steps wait", "1 step"),
    ("a rung after which none follows", "UPDATE step SET state = 'done', outcome = 'muted', done_at = now() WHERE code = 'open'",
     "urn:a open due_1_day (promise 1)", "no step waits", "it is to come"),
    ("a promise of which nothing is planned", "UPDATE dossier SET next_due = now() WHERE code = 'late'", "urn:a late due_3_days (promise 1)",
     "no step waits", "it is to come"),
    ("a notice that was lost", "DELETE FROM notice", "urn:a kept due_3_days (promise 1)", "told", "no notice"),
    ("a notice in no message", "UPDATE notice SET message_id = 99", "notice step/1/1/1/kept", "message 99 for recipient 1", "no such message"),
    ("a notice in another's message", "UPDATE notice SET message_id = (SELECT max(message_id) FROM message)", "notice step/1/1/1/kept",
     "message 2 for recipient 1", "message for recipient 2"),
    ("a notice twice", """ALTER TABLE notice DROP CONSTRAINT notice_once;
        INSERT INTO notice (recipient_id, kind, key, facts) SELECT recipient_id, kind, key, facts FROM notice""", "notice step/1/1/1/kept",
     "2 times for recipient 1", "once"),
    ("a message that goes nowhere", "DELETE FROM delivery WHERE delivery_id = 1", "message test/", "0 deliveries", "1 delivery"),
    ("a message that goes twice", """ALTER TABLE delivery DROP CONSTRAINT delivery_message_once;
        INSERT INTO delivery (message_id, channel, wire_id) VALUES (1, 'email', 'w')""", "message test/", "2 deliveries", "1 delivery"),
]


def broken(d, check, damages):
    for what, statement, subject, stored, recounted in damages:
        with d.connect() as c:
            assert found(c, check) == set(), what
            c.execute("BEGIN")
            c.execute(statement)
            named = found(c, check)
            c.execute("ROLLBACK")
        assert len(named) == 1, f"{what}: {named}"
        for text, wanted in zip(named.pop(), (subject, stored, recounted)):
            assert wanted in text, f"{what}: {text!r} does not say {wanted!r}"
        print(f"found: {what}")


def test_every_damage_of_the_ladder_is_named():
    with deployment() as d:
        ladder(d)
        broken(d, "ladder", LADDER)


def test_what_the_notifier_could_not_know_is_no_damage():
    with deployment() as d:
        ladder(d)
        with d.connect() as c:
            # It has not seen yet that the dossier has ended.
            c.execute("UPDATE dossier SET promise = 'early' WHERE code = 'paused'")
            assert len(found(c, "ladder")) == 1
            c.execute("INSERT INTO verdict_change (source_id, code, was, now, judged_at, broken) VALUES (1, 'paused', 'paused', 'early', now(), 0)")
            assert found(c, "ladder") == set()


def test_a_notifier_that_stands_still_is_no_excuse():
    """What it last did was before the step was due; the step is missed all the same."""
    with deployment() as d:
        ladder(d)
        d.sql("UPDATE notifier_cursor SET updated_at = '2026-03-10T06:59:00+07:00'")
        step(d, "over", 2, "2026-03-10T07:00:00+07:00")
        with d.connect() as c:
            assert [row[0] for row in found(c, "ladder")] == ["urn:a over due_1_day (promise 1)"]


def test_rungs_that_the_notifier_has_not_planned_by_are_no_damage():
    """What follows is not known before it has looked at every promise; when no rung is to come nothing waits."""
    with deployment() as d:
        ladder(d)
        d.sql("DELETE FROM step WHERE code = 'open'")
        with d.connect() as c:
            for seen in ("rungs = ''", "rungs = 'others'", "snapshot = '1:1:'"):
                c.execute("BEGIN")
                c.execute(f"UPDATE notifier_cursor SET {seen}")
                assert found(c, "ladder") == set(), seen
                c.execute("ROLLBACK")
            assert len(found(c, "ladder")) == 1
            c.execute("UPDATE rung SET active = false WHERE rung IN (1, 2, 3)")
            assert found(c, "ladder") == set()      # the rungs are others now
            c.execute("UPDATE notifier_cursor SET rungs = rungs_stamp()")
            assert [row[0] for row in found(c, "ladder")] == ["urn:a open due_now (promise 1)"]
            for rung, outcome in ((1, "told"), (4, "muted")):
                step(d, "open", rung, "2026-03-05T10:00:00+07:00", outcome)
            d.sql("INSERT INTO notice (recipient_id, message_id, kind, key, facts) SELECT 1, min(message_id), 'k', 'step/1/1/1/open', '{}' FROM message")
            assert found(c, "ladder") == set()


def letters(d):
    d.sql("DELETE FROM duty")
    for code, state in (("over", "drafted"), ("late", "sent"), ("done", "approved")):
        duty(d, code, state)
    duty(d, "by hand", "sent")          # noted as sent; no letter was written here
    duty(d, "cleared", "void")
    duty(d, "waits")
    letter(d, "over", 1)
    letter(d, "late", 2, "sent")
    letter(d, "done", 3, "approved")
    letter(d, "cleared", 4, "approved")
    letter(d, "ahead", 5)
    letter(d, "elsewhere", None)
    letter(d, "other", 1, unit="U2")
    letter(d, "before", 1, year=2025)
    d.sql("""INSERT INTO letter_counter SELECT unit_id, year, max(number) FROM letter WHERE number IS NOT NULL GROUP BY unit_id, year""")


LETTERS = [
    ("a number that is missing", "DELETE FROM letter WHERE code = 'ahead'", "register of U1, 2026", "last number 5", "4 letters, 1 to 4"),
    ("a hole", "UPDATE letter SET number = NULL WHERE code = 'cleared'", "register of U1, 2026", "last number 5", "4 letters, 1 to 5"),
    ("a counter that lags", "UPDATE letter_counter SET last = 4 WHERE last = 5", "register of U1, 2026", "last number 4", "5 letters, 1 to 5"),
    ("a counter that was lost", "DELETE FROM letter_counter WHERE year = 2025", "register of U1, 2025", "last number 0", "1 letters, 1 to 1"),
    ("a number twice", """ALTER TABLE letter DROP CONSTRAINT letter_number_unique; UPDATE letter SET number = 4 WHERE code = 'ahead';
        UPDATE letter_counter SET last = 4 WHERE last = 5""", "register of U1, 2026", "last number 4", "5 letters, 1 to 4, 4 different"),
    ("a number twice beside a hole", "ALTER TABLE letter DROP CONSTRAINT letter_number_unique; UPDATE letter SET number = 4 WHERE code = 'done'",
     "register of U1, 2026", "last number 5", "5 letters, 1 to 5, 4 different"),
    ("a duty that is behind", "UPDATE duty SET state = 'owed' WHERE code = 'over'", "urn:a over (promise 1)", "duty owed", "letter drafted"),
    ("a duty that is ahead", "UPDATE duty SET state = 'approved' WHERE code = 'over'", "urn:a over (promise 1)", "duty approved", "letter drafted"),
    ("a letter that is behind", "UPDATE letter SET state = 'approved', sent_at = NULL WHERE code = 'late'", "urn:a late (promise 1)", "duty sent",
     "letter approved"),
    ("a draft that is nowhere", "UPDATE duty SET state = 'drafted' WHERE code = 'waits'", "urn:a waits (promise 1)", "duty drafted", "no letter"),
    ("a letter that nobody sent", "UPDATE letter SET sent_by = NULL WHERE code = 'late'", "urn:a late (promise 1)", "sent", "nobody knows"),
    ("a duty that nobody did", "UPDATE duty SET sent_by = NULL WHERE code = 'by hand'", "urn:a by hand (promise 1)", "sent", "nobody knows"),
]


def test_every_damage_of_letters_is_named():
    with deployment() as d:
        letters(d)
        broken(d, "letters", LETTERS)


def test_the_command_names_it():
    """The moment is its own: the clock, less a turn of the notifier."""
    with deployment() as d:
        ladder(d)
        letters(d)

        def checks():
            return {row["check"]: row for row in d.json("audit", "--no-wait", check=1)["checks"] if row["check"] in ("ladder", "letters")}
        assert all(row["ok"] and row["compared"] > 0 for row in checks().values()), checks()
        d.sql("UPDATE letter_counter SET last = 7 WHERE last = 5")
        d.sql("UPDATE step SET due_at = '2026-03-10T08:59:58.9+07:00' WHERE code = 'open'")
        told = {name: row["found"][0]["subject"] for name, row in checks().items()}
        assert told == {"ladder": "urn:a open due_3_days (promise 1)", "letters": "register of U1, 2026"}, told
        text = d.kipthoi("audit", "--no-wait", "--lang", "vi", check=1).stdout
        assert "thang nhắc việc: urn:a open" in text and "thư xin lỗi: register" in text, text


if __name__ == "__main__":
    run_tests(globals())
