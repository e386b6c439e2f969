# SPDX-License-Identifier: MIT
"""The outbox as an official sees it: what waits, why something did not arrive, and sending it after all."""
from deployment import Deployment, run_tests

HOOK = "https://alerts.example.vn/in"


def deployment():
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-03-10T09:00:00+07:00"}, sources=())
    d.sql("INSERT INTO unit (code, name) VALUES ('H29', 'TP')")
    for role, address in (("officer", "a@h29.example.vn"), ("head", "b@h29.example.vn")):
        d.kipthoi("recipients", "add", "--unit", "H29", "--role", role, "--email", address, check=0)
    return d


def deliver(d, state, recipient=1, attempts=3, error="451 try again", notices=2):
    """A message with its notices and delivery; returns the delivery's id."""
    sent = "now()" if state == "sent" else "NULL"
    token = "gen_random_uuid(), now() + interval '1 minute'" if state == "claimed" else "NULL, NULL"
    number = d.value(f"""WITH m AS (
            INSERT INTO message (recipient_id, items, at, kind, key, facts) VALUES (%s, 2, now(), 'notices', gen_random_uuid(), %s)
            RETURNING message_id, recipient_id)
        INSERT INTO delivery (message_id, recipient_id, channel, state, wire_id, attempts, next_at, last_error, sent_at, claim_token, claimed_until)
        SELECT message_id, recipient_id, 'email', '{state}', 'wire-' || message_id, %s, now() + interval '1 day', %s, {sent}, {token} FROM m
        RETURNING delivery_id""", recipient, '{"total": 2, "kinds": {"due_now": 2}, "rows": [{"kind": "due_now", "dossier": "D-1"}]}', attempts, error)
    for i in range(notices):
        d.sql("""INSERT INTO notice (message_id, recipient_id, due, kind, key, facts)
            SELECT message_id, recipient_id, '2026-03-10 17:00+07', 'due_now', 'step/1/1/4/D-' || message_id || '-' || %s, '{"dossier": "D-1"}'
            FROM delivery WHERE delivery_id = %s""", i, number)
    for i in range(attempts):
        d.sql("INSERT INTO delivery_attempt (delivery_id, attempt, status, outcome, detail) VALUES (%s, %s, 451, 'retry', %s)",
              number, i + 1, error)
    return str(number)


def state(d, number):
    return d.sql("SELECT state, attempts, next_at <= now(), claim_token IS NULL FROM delivery WHERE delivery_id = %s", int(number))[0]


def test_listed_counted_and_shown():
    with deployment() as d:
        made = {name: deliver(d, name, recipient=1 + (name == "dead"))
                for name in ("waiting", "claimed", "sent", "dead", "uncertain")}
        rows = d.json("deliveries")["rows"]
        assert [row["state"] for row in rows] == ["uncertain", "dead", "sent", "claimed", "waiting"], rows
        for name, number in made.items():
            assert [str(row["id"]) for row in d.json("deliveries", "list", "--state", name)["rows"]] == [number]
        assert [row["state"] for row in d.json("deliveries", "--recipient", "2")["rows"]] == ["dead"]
        assert len(d.json("deliveries", "--limit", "2")["rows"]) == 2 and len(d.json("deliveries", "--limit", "0")["rows"]) == 5
        assert '"lost"' in d.kipthoi("deliveries", "--state", "lost", check=2).stderr
        count = d.json("deliveries", "count")
        columns = {name: "sent_30_days" if name == "sent" else name for name in made}
        assert {name: count["total"][column] for name, column in columns.items()} == dict.fromkeys(made, 1), count
        d.sql("UPDATE delivery SET sent_at = now() - interval '31 days' WHERE state = 'sent'")
        assert d.json("deliveries", "count")["total"]["sent_30_days"] == 0
        shown = d.json("deliveries", "show", made["dead"])
        assert shown["address"] == "b@h29.example.vn" and shown["last_error"] == "451 try again", shown
        assert [line["facts"] for line in shown["contents"]] == [{"dossier": "D-1"}] * 2, shown
        assert [(tried["attempt"], tried["status"], tried["detail"]) for tried in shown["attempt_log"]] == [
            (n, 451, "451 try again") for n in (1, 2, 3)], shown
        text = d.kipthoi("deliveries", "show", made["dead"], check=0).stdout
        assert "451 try again" in text and "given up" in text and "D-1" in text, text
        assert "không gửi được" in d.kipthoi("deliveries", "show", made["dead"], "--lang", "vi", check=0).stdout
        assert "99" in d.kipthoi("deliveries", "show", "99", check=1).stderr
        # A mail is shown as it is sent, in the recipient's language; of a webhook the facts are.
        assert shown["subject"].startswith("[Kịp Thời] 2 ") and "\n  D-1 | " in shown["text"], shown
        assert shown["message"]["total"] == 2 and shown["subject"] in text and "  D-1 | " in text and "step/" not in text, text
        d.sql("UPDATE delivery SET channel = 'webhook'")
        assert d.json("deliveries", "show", made["dead"])["subject"] is None
        assert "step/1/1/4/D-" in d.kipthoi("deliveries", "show", made["dead"], check=0).stdout
        # A digest has no notices: its rows are what it says.
        digest = deliver(d, "waiting", notices=0)
        assert [line["about"] for line in d.json("deliveries", "show", digest)["contents"]] == ["D-1"]


def test_a_letter_is_shown_without_names():
    with deployment() as d:
        d.sql("""WITH m AS (
                INSERT INTO message (items, at, kind, key, facts) VALUES (1, now(), 'letter', 'letter/1/1/D-1', '{"rows": [{"name": "Nguyen Van A"}]}')
                RETURNING message_id)
            INSERT INTO delivery (message_id, channel, wire_id) SELECT message_id, 'email', 'w' FROM m""")
        for arguments in ([], ["--json"]):
            shown = d.kipthoi("deliveries", "show", "1", *arguments, check=0).stdout
            assert "Nguyen" not in shown and "letter/1/1/D-1" in shown, shown
        assert d.json("deliveries")["rows"][0]["recipient"] is None


def test_redriven_ones_begin_anew_and_leave_a_line():
    with deployment() as d:
        dead, uncertain, waiting, sent = (deliver(d, name) for name in ("dead", "uncertain", "waiting", "sent"))
        assert "--why" in d.kipthoi("deliveries", "redrive", dead, check=2).stderr
        assert "which" in d.kipthoi("deliveries", "redrive", "--why", "x", check=2).stderr
        assert '"waiting"' in d.kipthoi("deliveries", "redrive", "--state", "waiting", "--why", "x", check=2).stderr
        done = d.kipthoi("deliveries", "redrive", dead, "--why", "server mended", "--by", "anh Nam", check=0)
        assert "again: 1" in done.stdout and "twice" not in done.stdout, done.stdout
        assert state(d, dead) == ("waiting", 0, True, True)
        assert d.json("deliveries", "show", dead)["attempt_log"][-1]["detail"] == "dead, anh Nam: server mended"
        assert d.value("SELECT count(*) FROM delivery_attempt WHERE delivery_id = %s", int(dead)) == 4
        # One that may have arrived is sent again only with a warning.
        done = d.kipthoi("deliveries", "redrive", uncertain, "--why", "they say it never came", check=0)
        assert "twice" in done.stdout and state(d, uncertain)[0] == "waiting", done.stdout
        # What waits or was sent stays as it is.
        done = d.kipthoi("deliveries", "redrive", waiting, sent, "99", dead, "--why", "x", check=1)
        for number in (waiting, sent, "99"):
            assert number in done.stderr, done.stderr
        assert state(d, waiting) == ("waiting", 3, False, True) and state(d, sent)[0] == "sent"


def test_many_at_once():
    with deployment() as d:
        dead = [deliver(d, "dead", notices=0, attempts=1) for _ in range(3)]
        other = deliver(d, "dead", recipient=2, notices=0, attempts=1)
        uncertain = deliver(d, "uncertain", notices=0, attempts=1)
        assert "again: 1" in d.kipthoi("deliveries", "redrive", "--recipient", "2", "--why", "x", check=0).stdout
        assert state(d, other)[0] == "waiting" and state(d, dead[0])[0] == "dead"
        d.kipthoi("recipients", "disable", "1", "--why", "410 Gone", check=0)
        done = d.kipthoi("deliveries", "redrive", "--state", "dead", "--why", "x", check=1)
        assert "again: 0" in done.stdout and "410 Gone" in done.stderr, (done.stdout, done.stderr)
        d.kipthoi("recipients", "enable", "1", "--why", "new address", check=0)
        assert "again: 3" in d.kipthoi("deliveries", "redrive", "--state", "dead", "--why", "x", check=0).stdout
        assert state(d, uncertain)[0] == "uncertain"
        assert "again: 0" in d.kipthoi("deliveries", "redrive", "--state", "dead", "--why", "x", check=0).stdout


if __name__ == "__main__":
    run_tests(globals())
