# SPDX-License-Identifier: MIT
"""A subscriber can prove that it missed nothing: live, late, and with the notifier killed in between."""
import json
import signal
import subprocess
import sys
import time

from deployment import Deployment, ROOT, finished, run_tests, wait_until


class Subscriber:
    """docs/examples/subscriber.py as another program."""

    def __init__(self, d, seconds, *arguments):
        self.out = open(d.dir / "subscriber.out", "w+", encoding="utf-8")
        secrets = d.dir / "secrets"
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "docs/examples/subscriber.py", "--feed", d.settings["notifier.feed"],
             "--replay", d.settings["notifier.replay"], "--server-key", secrets / "notifier.pub",
             "--secret-key", secrets / "sender.key", "--public-key", secrets / "sender.pub",
             "--silence", "3", "--seconds", str(seconds), *arguments], stdout=self.out, stderr=subprocess.PIPE, text=True)

    def lines(self):
        self.out.flush()
        with open(self.out.name, encoding="utf-8") as file:
            return file.read().splitlines()

    def finish(self):
        """Its alerts; it must have proved that none is missing."""
        _, proof = self.process.communicate(timeout=120)
        print(proof.strip().splitlines()[-1])
        assert self.process.returncode == 0, proof
        return [json.loads(line) for line in self.lines()]


def late(number, unit):
    return finished(f"L{number}", due="2015-05-20T00:00:00-04:00", unit=unit)


def test_live_then_killed_then_late():
    with Deployment(settings={"notifier.keepalive": "500ms"}) as d:
        d.start()
        subscriber = Subscriber(d, 14)
        wait_until(lambda: d.metrics("notifier").get("kipthoi_notifier_replay_requests_total", 1), "the subscriber asks")
        d.send_events([late(n, f"U{n % 3}") for n in range(60)])
        d.wait_settled()
        wait_until(lambda: len(subscriber.lines()) == 60, lambda: f"60 alerts came, not {len(subscriber.lines())}", 20)
        # Alerts that are committed while nobody publishes: the notifier is down when the verdicts change.
        d.kill("notifier")
        d.send_events([late(n, "U1") for n in range(60, 100)])
        d.start("notifier")
        d.wait_settled()
        d.send_events([finished("L0", finished_at="2015-05-19T00:00:00-04:00", unit="U0") | {
            "id": "correction", "time": "2015-06-02T00:00:00-04:00"}])
        alerts = subscriber.finish()
        owed = [alert for alert in alerts if alert["kind"] == "letter.owed"]
        assert sorted(alert["dossier"] for alert in owed) == sorted(f"L{n}" for n in range(100))
        assert [(alert["dossier"], alert["why"]) for alert in alerts if alert["kind"] == "letter.void"] == [("L0", "The dossier is early.")]
        assert all(alert["due"].startswith("2015-05-20T00:00:00-04:00") for alert in owed)
        numbers = {}
        for alert in alerts:
            numbers.setdefault(alert["topic"], []).append(alert["seq"])
        assert {topic: seqs == list(range(1, len(seqs) + 1)) for topic, seqs in numbers.items()} == dict.fromkeys(
            ["letter.owed/U0", "letter.owed/U1", "letter.owed/U2", "letter.void/U0"], True)
        # One that comes only now reads it all from the replay.
        assert len(Subscriber(d, 2).finish()) == 101
        assert len(Subscriber(d, 2, "--topic", "letter.owed/U1").finish()) == 60
        d.audit()


def test_two_notifiers_open_each_duty_once():
    with Deployment() as d:
        d.start()
        other = {"notifier.feed": "tcp://127.0.0.1:*", "notifier.replay": "tcp://127.0.0.1:*"}
        d.start_as("notifier2", "notifier", other)
        for turn in range(10):
            d.send_events([late(f"{turn}-{n}", "U") for n in range(30)])
        d.wait_settled()
        assert d.sql("SELECT count(*), count(DISTINCT code) FROM duty WHERE state = 'owed'") == [(300, 300)]
        assert d.value("SELECT count(*) FROM duty_log") == 300
        assert d.sql("SELECT last_seq FROM alert_topic WHERE topic LIKE 'letter.%%'") == [(300,)]
        d.kill("notifier")
        d.send_events([late("last", "U")])
        wait_until(lambda: d.value("SELECT count(*) FROM duty") == 301, "the other notifier goes on")
        d.wait_settled()
        d.audit()


def test_while_a_scorer_catches_up_nobody_is_told_too_early():
    """It dies after a large slice in which no end of a dossier is; for some seconds no letter is owed, then nobody waits longer."""
    received = [{**late(str(n), "U"), "id": f"{n}-received", "type": "vn.kipthoi.dossier.received.v1"} for n in range(12000)]
    for event in received:
        event["data"] = {name: event["data"][name] for name in ("dossier", "unit", "received", "due")}
    with Deployment() as d:
        d.start("ingest")
        d.send_events(received)
        d.start_as("scorer", "scorer", wait=False, fault="scorer-committed:1")
        assert d.processes.pop("scorer").wait(60) == -signal.SIGKILL
        assert d.sql("SELECT busy FROM scorer_cursor WHERE folded > 0") == [(True,)]
        half = d.value("SELECT count(*) FROM dossier WHERE promise = 'overdue'")
        assert half > 5000
        # The other shard was never judged; it is no more behind, as if it had no dossiers.
        d.sql("UPDATE scorer_cursor SET behind = false, judged_at = now() WHERE folded = 0")
        from_s = time.monotonic()
        d.start("notifier")
        wait_until(lambda: d.value("SELECT count(*) FROM duty") > 0, "the notifier waits no longer", 30)
        assert time.monotonic() - from_s > 4, "it did not wait"
        wait_until(lambda: d.value("SELECT count(*) FROM duty") == half, "all of them are opened then")
        d.sql("UPDATE scorer_cursor SET behind = true, judged_at = '-infinity' WHERE folded = 0")
        d.start("scorer")
        d.wait_settled()
        assert d.value("SELECT count(*) FROM duty WHERE state = 'owed'") == 12000
        assert d.sql("SELECT DISTINCT busy FROM scorer_cursor") == [(False,)]
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
