# SPDX-License-Identifier: MIT
"""The notifier dies at every step, two run at once, SMTP is cut in the middle, the clock jumps by a day: one duty and one letter
number for each broken promise, no rung twice, no rung lost.

KIPTHOI_FAULT_EVERY=N tries every N-th step only (1: all of them; the default suits continuous integration).
"""
import datetime
import os
import re
import time

import psycopg

from channel import ScriptedSmtp
from deployment import Deployment, ROOT, run_tests, wait_until
from receiver import Receiver
from test_letters import OFFICE, applicant, office, write_csv

EVERY = int(os.environ.get("KIPTHOI_FAULT_EVERY", "20"))
# The deployment's clock goes, and every hour of every day is worked.
CALENDAR = """[calendar]
name = Always
years = 2025-2035
day = 24h

[hours]
monday-sunday = 00:00-24:00

[days]
""" + "".join(f"{year}-01-01 = work 00:00-24:00 New Year\n" for year in range(2025, 2036))
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "system", "notifier.group_wait": "0ms",
            "notifier.group_interval": "0ms", "notifier.digest_at": "23h", "notifier.webhook_allow": "127.0.0.1/32",
            "mail.from": "motcua@example.vn", "mail.host": "127.0.0.1", "mail.security": "none", "notifier.poll": "20ms",
            "scorer.poll": "20ms"}
UNIT = "H29.11"


def now(seconds=0.0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat()


def dossier(name, due):
    """Received an hour ago."""
    received = now(-3600)
    return {"specversion": "1.0", "id": f"{name}-received", "source": "urn:test:a", "type": "vn.kipthoi.dossier.received.v1",
            "time": received, "data": {"dossier": name, "unit": UNIT, "field": "G09", "procedure": "1.000656", "received": received,
                                       "due": due, "applicant": applicant(f"Người {name}", email=f"{name.lower()}@example.vn")}}


class Scene:
    """A deployment with a webhook, a mail server that may cut, and dossiers that run into their dues."""

    def __init__(self, d, smtp, hook):
        self.d = d
        self.smtp = smtp
        self.hook = hook
        self.count = 0
        self.clock = None       # where the notifier's clock stands, None when it goes
        key = d.dir / "secrets/hook.key"
        key.touch(mode=0o600)
        key.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        d.sql("INSERT INTO unit (code) VALUES (%s) ON CONFLICT DO NOTHING", UNIT)
        for channel, address, secret in (("webhook", hook.url(host="127.0.0.1"), str(key)), ("email", "tiep.dan@example.vn", None)):
            d.sql("""INSERT INTO recipient (unit_id, role, channel, address, hours, secret_file)
                SELECT unit_id, 'officer', %s, %s, 'always', %s FROM unit WHERE code = %s""", channel, address, secret, UNIT)
        (d.dir / "always.calendar").write_text(CALENDAR)
        d.kipthoi("calendar", "load", d.dir / "always.calendar", check=0)
        d.kipthoi("letters", "templates", "load", ROOT / "deploy/letters/tt01-2018-phieu-xin-loi.template", check=0)
        row = office(UNIT, reason="Chờ xác minh", term_days=5)
        d.kipthoi("letters", "offices", "load", write_csv(d.dir / "offices.csv", OFFICE, row), check=0)
        d.start("ingest", "scorer")

    def send(self):
        """One dossier that is late already and one that is due in a moment."""
        self.count += 1
        self.d.send_events([dossier(f"L{self.count}", now(-60)), dossier(f"S{self.count}", now(0.7))])

    def started(self, fault=None, label="notifier", clock=None, **sets):
        self.clock = clock
        sets = {**sets, **({"deployment.clock": clock} if clock else {})}
        if label != "notifier":
            sets = {"notifier.feed": "tcp://127.0.0.1:*", "notifier.replay": "tcp://127.0.0.1:*", **sets}
        self.d.start_as(label, "notifier", sets, wait=False, fault=fault)

    def dead(self, label="notifier"):
        return self.d.processes[label].poll() is not None

    def bury(self, label="notifier"):
        process = self.d.processes.pop(label)
        if process.poll() is None:
            process.terminate()
        return process.wait(60)

    def quiet(self, connection=None):
        """Everything of what was sent so far has been done, by the notifier's clock; as the connection's snapshot has it, if given."""
        until = self.clock or now()
        row = self.asked(connection, """
            SELECT (SELECT count(*) FROM duty WHERE state = 'drafted') = 2 * %s
                AND (SELECT count(*) FROM step s JOIN rung r USING (rung) WHERE r.name IN ('letter_owed', 'due_now') AND s.state = 'done')
                    >= 2 * %s
                AND NOT EXISTS (SELECT FROM step WHERE state = 'waiting' AND due_at <= %s::timestamptz)
                AND NOT EXISTS (SELECT FROM notice WHERE message_id IS NULL)
                AND NOT EXISTS (SELECT FROM delivery WHERE state IN ('waiting', 'claimed') AND next_at <= now())""",
                         self.count, self.count, until)[0]
        return row[0]

    def asked(self, connection, text, *parameters):
        return connection.execute(text, parameters or None).fetchall() if connection else self.d.sql(text, *parameters)

    def wait_quiet(self):
        wait_until(self.quiet, lambda: f"all is done: {self.d.sql('SELECT state::text, count(*) FROM duty GROUP BY 1')} "
                   f"{self.d.sql('SELECT state, count(*), min(next_at), now() FROM delivery GROUP BY 1')}", 60)

    def forget_claims(self):
        """Claims of the dead run out now instead of minutes later; what was cut is tried again now."""
        self.d.sql("UPDATE delivery SET claimed_until = now() - interval '1 s' WHERE state = 'claimed'")
        self.d.sql("UPDATE delivery SET next_at = now() WHERE state = 'waiting'")

    def table(self, connection):
        """[(what, attempted, delivered, duplicated, lost)], counted from what should be there, from what is and from what the
        receivers have."""
        wanted = 2 * self.count

        def sql(text, *parameters):
            return self.asked(connection, text, *parameters)

        def row(what, attempted, keys):
            keys = list(keys)
            return what, attempted, len(set(keys)), len(keys) - len(set(keys)), attempted - len(set(keys))

        def arrived(what, channel, received):
            """What counts as sent has to be there; what was cut before the answer may be there too."""
            sent = {row[0] for row in sql("SELECT wire_id FROM delivery WHERE state = 'sent' AND channel = %s", channel)}
            return what, len(sent), len(sent & set(received)), len(received) - len(set(received)), len(sent - set(received))

        hooks = [request.headers["webhook-id"] for request in self.hook.requests]
        mails = [re.search(rb"(?im)^message-id: <(.+)@example\.vn>", message).group(1).decode() for message in self.smtp.messages]
        told = sql("SELECT count(*) FROM step WHERE outcome = 'told'")[0][0]
        return [
            row("duties", wanted, sql("SELECT source_id, code, episode FROM duty WHERE state <> 'void'")),
            row("duties in the log", wanted, sql("SELECT source_id, code, episode FROM duty_log WHERE was IS NULL AND now = 'owed'")),
            row("letters", wanted, sql("SELECT source_id, code, episode FROM letter")),
            row("letter numbers", wanted, sql("SELECT unit_id, year, number FROM letter")),
            row("alerts letter.owed", wanted, sql("SELECT source_id, code, body::jsonb ->> 'episode' FROM alert WHERE topic LIKE 'letter.owed/%%'")),
            row("steps told", told,
                sql("SELECT key FROM notice GROUP BY key")),
            row("notices", 2 * told,
                sql("SELECT recipient_id, key FROM notice WHERE message_id IS NOT NULL")),
            row("messages", sql("SELECT count(*) FROM message")[0][0], sql("SELECT message_id FROM delivery")),
            arrived("webhooks received", "webhook", hooks),
            arrived("mails received", "email", mails),
        ]

    def counted(self):
        """The table as one snapshot of the database has it, in which everything has been done; None when something has not."""
        with self.d.connect() as connection:
            connection.rollback()
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("SET search_path = kipthoi")
            return self.table(connection) if self.quiet(connection) else None

    def check(self):
        self.wait_quiet()
        rows = wait_until(self.counted, "all is done in one snapshot")
        print(f"  {'':<20} {'attempted':>9} {'delivered':>9} {'duplicated':>10} {'lost':>5}")
        for what, *numbers in rows:
            print("  {:<20} {:>9} {:>9} {:>10} {:>5}".format(what, *numbers))
        for what, attempted, _, duplicated, lost in rows:
            assert attempted > 0 and lost == 0, (what, attempted, lost)
            # What leaves the house may arrive twice, under the same id; records never.
            assert duplicated == 0 or what.endswith("received"), (what, duplicated)
        owed = self.d.sql("SELECT outcome, count(*)::int FROM step s JOIN rung r USING (rung) WHERE r.name = 'letter_owed' GROUP BY 1")
        assert owed == [("told", 2 * self.count)], owed
        self.d.audit()


class Cutter:
    """What the scripted server says to a final dot: takes it, cuts before the answer, takes it …"""

    def __init__(self):
        self.turn = 0

    def __call__(self):
        self.turn += 1
        return None if self.turn % 4 == 2 else b"250 taken\r\n"


def scene(test, **settings):
    with ScriptedSmtp({b".": Cutter()}) as smtp, Receiver() as hook:
        with Deployment(settings={**SETTINGS, "mail.port": smtp.port, **settings}) as d:
            test(Scene(d, smtp, hook))


def test_dies_at_every_step():
    def test(scene):
        # How many steps a start and the work for two dossiers take, until it is quiet.
        died = {}
        for point in ("statement", "sent", "answered"):
            step = 1
            while True:
                scene.send()
                scene.started(f"{point}:{step}")
                try:
                    wait_until(lambda: scene.dead() or scene.quiet(), "dead, or all done", 60)
                finally:
                    code = scene.bury()
                scene.forget_claims()
                if code != -9:
                    break       # it had done everything before it came so far
                died[point] = died.get(point, 0) + 1
                step += 1 if point == "answered" else EVERY
                if point == "answered" and step > 4:
                    break
        scene.started()
        scene.check()
        print(f"  died at steps: {died}; dossiers: {2 * scene.count}")
        assert died["statement"] >= 120 // EVERY and died["sent"] >= 120 // EVERY and died["answered"] >= 1, died

    scene(test)


def test_two_at_once_and_one_dies():
    def test(scene):
        scene.started()
        scene.started(label="second")
        for turn in range(8):
            scene.send()
            label = ("notifier", "second")[turn % 2]
            time.sleep(0.15 * (turn % 4))       # somewhere in the middle of the work, differently each time
            scene.d.kill(label)
            scene.forget_claims()
            scene.started(label=label)
        scene.wait_quiet()
        scene.check()

    scene(test)


def test_clock_jumps_a_day_both_ways():
    def test(scene):
        scene.started()
        scene.send()
        scene.wait_quiet()
        for days in (1, -1, 2, -2, 0):
            scene.bury()
            jumped = now(days * 86400)
            scene.started(clock=jumped if days else None)
            scene.send()
            # A clock that stands still yesterday does not see the due that is a moment ahead; the next ones do.
            wait_until(lambda: scene.d.value("SELECT count(*) FROM duty WHERE state <> 'void'") >= 2 * scene.count - 1, "duties", 60)
        # What was planned while the clock stood ahead is told when it has come there.
        scene.bury()
        scene.started(clock=now(3 * 86400))
        scene.check()

    scene(test)


if __name__ == "__main__":
    run_tests(globals())
