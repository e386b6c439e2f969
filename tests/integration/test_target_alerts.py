# SPDX-License-Identifier: MIT
"""A unit that falls under a target, is forecast to, or recovers is told of once, whatever swings, dies or runs twice."""
import json
import random
import subprocess
import sys

import counters
from deployment import ROOT, Deployment, finished, run_tests, wait_until

HEADER = ("plan,valid_from,valid_to,each,unit,field_group,procedure,measure,relation,bound,min_sample,period,title,"
          "source\n")
NOON = "2025-03-20T12:00:00+07:00"
OTHER = {"notifier.feed": "tcp://127.0.0.1:*", "notifier.replay": "tcp://127.0.0.1:*"}


class Office:
    """City C over commune A; dossiers are finished at once, early or late."""

    def __init__(self, d, *targets):
        self.d = d
        self.sent = 0
        self.marks = 0
        path = d.dir / "targets.csv"
        path.write_text(HEADER + "".join(f"{line}\n" for line in targets))
        d.kipthoi("targets", "load", path, check=0)

    def finish(self, unit, kept=0, late=0, field="HO", day="2025-03-05"):
        events = []
        for n in range(kept + late):
            self.sent += 1
            due = "2025-03-06T17:00:00+07:00" if n < kept else "2025-03-04T17:00:00+07:00"
            events.append(finished(f"D{self.sent}", due=due, received="2025-03-03T08:00:00+07:00", unit=unit, field=field,
                                   finished_at=f"{day}T10:00:00+07:00"))
        # All of them are counted before any is judged: the rate of a part may be another.
        with self.d.connect() as holder:
            holder.autocommit = False
            holder.execute("SELECT FROM notifier_cursor FOR UPDATE")
            self.d.send_events(events)
            wait_until(lambda: self.d.value("SELECT sum(folded) = (SELECT count(*) FROM event) FROM scorer_cursor"),
                       "they are counted")
            holder.rollback()
        self.d.wait_settled()

    def judged(self):
        """Returns when all that was sent has been judged: a unit without a superior falls, seen by the same round or a
        later one."""
        self.marks += 1
        unit = f"M{self.marks}"
        self.finish(unit, late=20)
        wait_until(lambda: self.d.value("SELECT count(*) FROM target_episode WHERE unit = %s", unit), f"{unit} falls")

    def told(self, unit):
        """What the feed was told of a unit: (kind, field, numerator, denominator, missing)."""
        rows = self.d.sql("SELECT body FROM alert WHERE topic = %s ORDER BY seq", f"target/{unit}")
        bodies = [json.loads(row[0]) for row in rows]
        assert [body["seq"] for body in bodies] == list(range(1, len(bodies) + 1)), bodies
        assert all(body["topic"] == f"target/{unit}" and body["unit"] == unit for body in bodies), bodies
        return [(body["kind"], body["field"], body["numerator"], body["denominator"], body["missing"]) for body in bodies]

    def heard(self, address):
        """What was queued for a recipient: (kind, unit)."""
        return self.d.sql("""SELECT n.kind, n.facts ->> 'unit' FROM notice n JOIN recipient r USING (recipient_id)
            WHERE r.address = %s AND n.kind LIKE 'target.%%' AND n.facts ->> 'unit' NOT LIKE 'M%%' ORDER BY n.notice_id""", address)


def deployment(clock=NOON, **settings):
    return Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": clock,
                                "notifier.targets_every": "10ms"} | settings)


def place(d, *recipients):
    d.sql("INSERT INTO unit (code, name) VALUES ('C', 'Thành phố'), ('A', 'Phường A'), ('B', 'Phường B')")
    d.sql("UPDATE unit u SET parent_id = p.unit_id FROM unit p WHERE p.code = 'C' AND u.code IN ('A', 'B')")
    for unit, role, address in recipients:
        d.sql("""INSERT INTO recipient (unit_id, role, channel, address) SELECT unit_id, %s, 'email', %s FROM unit
            WHERE code = %s""", role, address, unit)


EACH_FIELD = "p,2025-01-01,2025-12-31,field,,,,on_time,>=,9800,0,year,Each field,S"


def test_falls_once_swings_and_recovers_beyond_the_margin():
    """98 % of each field, over at 98.5 %."""
    with deployment() as d:
        place(d, ("A", "head", "head@a"), ("A", "officer", "officer@a"), ("A", "oversight", "oversight@a"),
              ("C", "oversight", "oversight@c"), ("C", "head", "head@c"), ("B", "head", "head@b"),
              ("A", "head", "gone@a"))
        d.sql("UPDATE recipient SET disabled = 'left' WHERE address = 'gone@a'")
        office = Office(d, EACH_FIELD)
        d.start()
        office.finish("A", kept=98, late=2)
        office.judged()
        assert office.told("A") == []
        # 98 of 101 is 97.03 %; 0.98 * 101 = 98.98, so one more would do.
        office.finish("A", late=1)
        office.judged()
        fell = ("target.fell", "HO", 98, 101, 1)
        assert office.told("A") == [fell]
        office.finish("A", late=2)
        office.judged()
        assert office.told("A") == [fell]
        # 250 of 255 is 98.04 %: met, but not by the margin; 250 of 256 is 97.66 %.
        office.finish("A", kept=152)
        office.judged()
        assert d.json("scoreboard", "--unit", "A")["rows"][0]["met"] is True
        office.finish("A", late=1)
        office.judged()
        assert office.told("A") == [fell]
        # 400 of 406 is 98.52 %.
        office.finish("A", kept=150)
        office.judged()
        recovered = ("target.recovered", "HO", 400, 406, 0)
        assert office.told("A") == [fell, recovered]
        # 400 of 409 is 97.80 %; 0.98 * 409 = 400.82.
        office.finish("A", late=3)
        office.judged()
        assert office.told("A") == [fell, recovered, ("target.fell", "HO", 400, 409, 1)]
        # The city is the commune here, and is told of as a unit of its own.
        assert office.told("C") == office.told("A") and office.told("B") == []
        # The commune's head and the oversight above it; of the city its head, who has nobody above.
        three = ["target.fell", "target.recovered", "target.fell"]
        assert office.heard("head@a") == [(kind, "A") for kind in three]
        assert office.heard("oversight@c") == [(kind, "A") for kind in three]
        assert office.heard("head@c") == [(kind, "C") for kind in three]
        for nobody in ("officer@a", "oversight@a", "head@b", "gone@a"):
            assert office.heard(nobody) == [], nobody
        check_facts(d)
        check_list(d)
        check_feed(d)
        d.audit()
        check_audit(d)


def check_facts(d):
    facts = d.value("""SELECT n.facts FROM notice n JOIN recipient r USING (recipient_id) WHERE r.address = 'head@a'
        ORDER BY n.notice_id LIMIT 1""")
    number = facts.pop("episode")
    assert facts == {
        "why": "missed", "plan": "p", "line": 2, "title": "Each field", "measure": "on_time", "window": "2025",
        "unit": "A", "field": "HO", "field_group": None, "procedure": None, "relation": ">=", "target": "98.00",
        "numerator": 98, "denominator": 101, "rate": "97.03", "missing": 1,
        # 79 of 365 days: 98 * 365 / 79 = 452.78, 101 * 365 / 79 = 466.65.
        "forecast_numerator": 453, "forecast_denominator": 467, "forecast_rate": "97.03"}, facts
    assert d.value("SELECT key FROM notice WHERE key LIKE %s ORDER BY 1 LIMIT 1", f"target/{number}/%") == (
        f"target/{number}/target.fell")


def check_list(d):
    rows = d.json("targets", "alerts", "--unit", "A")["rows"]
    assert [(row["kind"], row["rate"], row["numerator"], row["denominator"], row["outcome"], row["closed_rate"])
            for row in rows] == [("fell", "97.80", 400, 409, None, None), ("fell", "97.03", 98, 101, "recovered", "98.52")]
    assert all((row["unit"], row["field"], row["window"], row["target"]) == ("A", "HO", "2025", "98.00") for row in rows)
    assert rows[0]["opened_at"] == rows[1]["closed_at"] == "2025-03-20T05:00:00Z"  # noon
    opened = d.json("targets", "alerts", "--open", "--unit", "C")["rows"]
    assert [row["unit"] for row in opened] == ["C", "A"] or [row["unit"] for row in opened] == ["A", "C"], opened
    assert len(d.json("targets", "alerts", "--limit", "1")["rows"]) == 1
    lines = d.kipthoi("targets", "alerts", "--unit", "A", "--csv", check=0).stdout.splitlines()
    assert len(lines) == 3 and lines[0].startswith("unit,field,title,kind,target,window,opened_at,rate,"), lines
    text = d.kipthoi("targets", "alerts", "--unit", "A", check=0).stdout
    assert "reached again" in text and "97.03" in text and "≥ 98 %" in text and "alerts shown: 2 of 2" in text, text
    text = d.kipthoi("targets", "alerts", "--unit", "A", "--lang", "vi", check=0).stdout
    assert "đạt trở lại" in text and "97,03" in text and "2 cảnh báo" in text, text
    d.kipthoi("targets", "alerts", "--unit", "nowhere", check=1)
    d.kipthoi("targets", "alerts", "--plan", "p", check=2)
    assert "alerts" in d.kipthoi("targets", "--help", check=0).stdout


def check_feed(d):
    """Somebody who comes late reads it all from the replay and can prove it."""
    secrets = d.dir / "secrets"
    done = subprocess.run(
        [sys.executable, ROOT / "docs/examples/subscriber.py", "--feed", d.settings["notifier.feed"], "--replay",
         d.settings["notifier.replay"], "--server-key", secrets / "notifier.pub", "--secret-key", secrets / "sender.key",
         "--public-key", secrets / "sender.pub", "--silence", "3", "--seconds", "2", "--topic", "target/A"],
        capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    alerts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [alert["kind"] for alert in alerts] == ["target.fell", "target.recovered", "target.fell"], alerts
    assert alerts[0]["at"] == NOON and alerts[0]["rate"] == "97.03"


def check_audit(d):
    """An end that was not told, and one told that was none."""
    d.sql("UPDATE target_episode SET outcome = 'fell' WHERE unit = 'A' AND outcome = 'recovered'")
    assert "target.recovered of episode" in d.audit(check=1).stdout
    d.sql("UPDATE target_episode SET outcome = 'recovered' WHERE unit = 'A' AND outcome = 'fell'")
    d.audit()


def test_too_small_a_sample_is_silent():
    with deployment() as d:
        place(d)
        office = Office(d, EACH_FIELD, "p,2025-01-01,2025-12-31,,B,,,on_time,>=,9000,30,year,B as a whole,S")
        d.start()
        office.finish("A", late=19)
        office.finish("A", late=10, field="DD")
        office.finish("B", late=29, field="KN")
        office.judged()
        # The city has what its communes have: 29 in KN, where 20 are enough.
        assert office.told("A") == [] and office.told("C") == [("target.fell", "KN", 0, 29, 29)]
        # 0 of 29 in B's field is asked of each field.  B as a whole wants 30, which it will have: 29 * 365 / 79 days are
        # 133.99, of which 120.6 are asked.
        first = [("target.fell", "KN", 0, 29, 29), ("target.forecast", None, 0, 29, 121)]
        assert office.told("B") == first
        office.finish("A", late=1)
        office.finish("B", kept=1, field="HO")
        office.judged()
        assert office.told("A") == [("target.fell", "HO", 0, 20, 20)]
        # 1 of 30; 0.9 * 30 = 27.
        assert office.told("B") == first + [("target.fell", None, 1, 30, 26)]
        d.audit()


def test_forecast_comes_true_and_the_month_ends():
    """98 % of each month, of 60 dossiers or more."""
    with deployment("2025-03-10T12:00:00+07:00") as d:
        place(d, ("A", "head", "head@a"))
        office = Office(d, "p,2025-01-01,2025-12-31,field,,,,on_time,>=,9800,60,month,Monthly,S")
        d.start()
        # Ten days of 31: 24 of 25 come to 74.4 of 77.5, 96 %; 0.98 * 77.5 = 75.95, 1.55 more than 74.4.
        office.finish("A", kept=24, late=1)
        wait_until(lambda: office.told("A"), "it is forecast")
        body = json.loads(d.value("SELECT body FROM alert WHERE topic = 'target/A'"))
        assert (body["kind"], body["why"], body["window"]) == ("target.forecast", "pace", "2025-03"), body
        assert (body["numerator"], body["denominator"], body["rate"]) == (24, 25, None), body
        assert (body["forecast_numerator"], body["forecast_denominator"], body["forecast_rate"], body["missing"]) == (
            74, 78, "96.00", 2), body
        # Ten days later there are 60: it has come true.
        d.stop("scorer", "notifier")
        d.start("scorer", "notifier", sets={"deployment.clock": NOON})
        office.finish("A", kept=34, late=1)
        wait_until(lambda: len(office.told("A")) == 2, "it has come")
        assert office.told("A")[1] == ("target.fell", "HO", 58, 60, 1)  # 0.98 * 60 = 58.8
        assert d.sql("""SELECT kind, outcome, opened_numerator, opened_denominator FROM target_episode WHERE unit = 'A'
            ORDER BY episode_id""") == [("forecast", "fell", 74, 78), ("fell", None, 58, 60)]
        # April: nothing recovered, the month is over.
        d.stop("scorer", "notifier")
        d.start("scorer", "notifier", sets={"deployment.clock": "2025-04-01T00:00:00+07:00"})
        wait_until(lambda: len(office.told("A")) == 3, "the month is over")
        assert office.told("A")[2] == ("target.ended", "HO", None, None, 0)
        assert json.loads(d.value("SELECT body FROM alert WHERE topic = 'target/A' AND seq = 3"))["why"] == "period_over"
        assert d.value("SELECT count(*) FROM target_episode WHERE closed_at IS NULL") == 0
        assert office.heard("head@a") == [("target.forecast", "A"), ("target.fell", "A")]
        d.audit()


def test_targets_that_are_changed_and_taken_away():
    with deployment() as d:
        place(d)
        office = Office(d, EACH_FIELD)
        d.start()
        office.finish("A", kept=97, late=3)
        office.judged()
        fell = ("target.fell", "HO", 97, 100, 1)
        assert office.told("A") == [fell]
        # The same targets again, and a higher bound: the same episode.
        d.kipthoi("targets", "load", d.dir / "targets.csv", check=0)
        Office(d, EACH_FIELD.replace("9800", "9900"))
        office.judged()
        assert office.told("A") == [fell]
        # 97 % is 96.5 % and the margin.
        Office(d, EACH_FIELD.replace("9800", "9650"))
        wait_until(lambda: len(office.told("A")) == 2, "less is asked")
        assert office.told("A")[1] == ("target.recovered", "HO", 97, 100, 0)
        Office(d, EACH_FIELD)
        wait_until(lambda: len(office.told("A")) == 3, "it falls again")
        Office(d, "p,2025-01-01,2025-12-31,,,,,late,<,300,1000,year,Late,S")
        wait_until(lambda: len(office.told("A")) == 4, "nobody asks any more")
        assert office.told("A")[2:] == [fell, ("target.ended", "HO", None, None, 0)]
        assert json.loads(d.value("SELECT body FROM alert WHERE topic = 'target/A' AND seq = 4"))["why"] == "not_asked"
        d.audit()


def waits_for_a_lock(d):
    return d.value("""SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'kipthoi-notifier' AND wait_event_type = 'Lock'""")


def test_killed_anywhere_nothing_twice_and_nothing_lost():
    with deployment() as d:
        place(d, ("A", "head", "head@a"), ("C", "oversight", "oversight@c"))
        office = Office(d, EACH_FIELD)
        d.start()
        # In the middle of what it writes: episodes and alerts are there, the notices wait.
        for table in ("notice", "alert_topic", "alert", "target_episode"):
            unit = f"K.{table}"
            with d.connect() as holder:
                holder.autocommit = False
                holder.execute(f"LOCK TABLE {table} IN SHARE MODE")
                office.d.send_events([finished(f"{unit}-{n}", due="2025-03-04T17:00:00+07:00", unit="A", field=unit,
                                               received="2025-03-03T08:00:00+07:00",
                                               finished_at="2025-03-05T10:00:00+07:00") for n in range(20)])
                wait_until(lambda: waits_for_a_lock(d), f"the notifier waits for {table}")
                d.kill("notifier")
                holder.rollback()
            wait_until(lambda: not waits_for_a_lock(d), "its connection is gone")
            d.start("notifier")
            d.wait_settled()
            office.judged()
            assert office.told("A").count(("target.fell", unit, 0, 20, 20)) == 1, (table, office.told("A"))
        # After the commit, before or after it was published.
        for turn in range(3):
            office.finish("A", late=20, field=f"T{turn}")
            wait_until(lambda: f"T{turn}" in {row[1] for row in office.told("A")}, "it is told")
            d.kill("notifier")
            d.start("notifier")
        office.judged()
        assert len(office.told("A")) == 7 and len({row[1] for row in office.told("A")}) == 7
        assert office.told("C") == office.told("A")
        assert office.heard("head@a") == [("target.fell", "A")] * 7
        assert office.heard("oversight@c") == [("target.fell", "A")] * 7
        d.audit()


def test_two_notifiers_tell_once():
    with deployment() as d:
        place(d, ("A", "head", "head@a"))
        office = Office(d, EACH_FIELD)
        d.start()
        d.start_as("notifier2", "notifier", OTHER)
        for turn in range(8):
            office.finish("A", late=20, field=f"T{turn}")
        office.judged()
        assert sorted(office.told("A")) == [("target.fell", f"T{turn}", 0, 20, 20) for turn in range(8)]
        d.kill("notifier")
        office.finish("A", late=20, field="T8")
        office.judged()
        assert len(office.told("A")) == 9 and len(office.heard("head@a")) == 9
        d.audit()


def test_nothing_is_judged_while_a_scorer_is_behind():
    with deployment() as d:
        place(d)
        office = Office(d, EACH_FIELD)
        d.start("ingest", "scorer")
        d.send_events([finished(f"D{n}", due="2025-03-04T17:00:00+07:00", unit="A", field="HO",
                                received="2025-03-03T08:00:00+07:00", finished_at="2025-03-05T10:00:00+07:00")
                       for n in range(20)])
        wait_until(lambda: d.value("SELECT sum(late) FROM day_count WHERE rule = 'promise'") == 20, "they are counted")
        d.stop("scorer")
        d.sql("UPDATE scorer_cursor SET behind = true WHERE shard = 0")
        d.start("notifier")
        wait_until(lambda: d.metrics("notifier")["kipthoi_notifier_rounds_total"] >= 20, "the notifier had its rounds")
        assert office.told("A") == []
        d.start("scorer")
        wait_until(lambda: office.told("A"), "then it is judged")
        assert office.told("A") == [("target.fell", "HO", 0, 20, 20)]
        d.wait_settled()
        d.audit()


def test_letters_are_watched_too():
    """Every single letter matters where all are asked for: no sample but the target's own."""
    with deployment() as d:
        place(d, ("A", "head", "head@a"))
        office = Office(d, "p,2025-01-01,2025-12-31,,,,,letters_timely,>=,10000,1,year,Letters,S", EACH_FIELD)
        d.start()
        office.finish("A", late=2)
        office.judged()
        # The mark's letters are not sent either; of A two are owed.
        assert office.told("A")[-1] == ("target.fell", None, 0, 2, 2)
        for number in (1, 2):
            d.kipthoi("letters", "sent", f"D{number}", "--no", f"{number}/TXL", "--why", "by hand", "--at", "2025-03-04 16:00",
                      check=0)
        wait_until(lambda: office.told("A")[-1][0] == "target.recovered", "both letters were in time")
        assert office.told("A")[-1] == ("target.recovered", None, 2, 2, 0)
        assert [kind for kind, _ in office.heard("head@a")] == [kind for kind, *_ in office.told("A")]
        assert d.json("rates", "--letters", "--unit", "A")["total"]["rate"] == "100.00"
        d.audit()


def watched(d, unit, period):
    """What kipthoi scoreboard says should be told of a unit: (kind, line, field)."""
    kind = "year" if len(period) == 4 else "quarter" if "Q" in period else "month"
    found = set()
    for row in d.json("scoreboard", "--period", period, "--unit", unit)["rows"]:
        enough = row["basis"] in ("letters", "reported") or row["denominator"] >= 20
        if row["unit"] == unit and row["target_period"] == kind and enough:
            if row["met"] is False:
                found.add(("fell", row["line"], row["field"]))
            elif row["forecast_met"] is False:
                found.add(("forecast", row["line"], row["field"]))
    return found


def test_what_is_told_is_what_the_scoreboard_says():
    """Figures of every kind for a tree of units, put where the scorer writes them; from nothing, so that no margin counts."""
    with deployment() as d:
        chance = random.Random(20250320)
        units = ["C", "A", "B", "A1", "A2", "A11", "E"]
        fields = ["HO", "DD", "DD2", "KN", "XD"]
        place(d)
        d.sql("INSERT INTO unit (code) VALUES ('A1'), ('A2'), ('A11'), ('E')")
        d.sql("""UPDATE unit u SET parent_id = p.unit_id FROM unit p
            WHERE (u.code, p.code) IN (('A1', 'A'), ('A2', 'A'), ('A11', 'A1'))""")
        d.sql("INSERT INTO field (code) SELECT unnest(%s::text[])", fields)
        d.sql("INSERT INTO procedure (code) VALUES ('1.000001')")
        for unit in units:
            for field in fields:
                for rule in ("promise", "portal", "intake"):
                    for month in (1, 3):
                        counts = [chance.randrange(60), chance.randrange(60), chance.choice((0, 0, 1, 2, 9)),
                                  chance.choice((0, 3, 9)), chance.randrange(40), chance.randrange(3), 0]
                        counters.add(d, unit, field, chance.choice(("", "1.000001")), f"2025-{month:02}-05", rule,
                                     **dict(zip(counters.CLASSES, counts)))
        d.sql("UPDATE scorer_cursor SET behind = false, judged_at = %s", NOON)
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\nland,DD2,\ncomplaints,KN,\n")
        d.kipthoi("targets", "groups", "load", groups, check=0)
        office = Office(
            d, EACH_FIELD, "p,2025-01-01,2025-12-31,,,land,,late,<,300,0,year,Land,S",
            "p,2025-01-01,2025-12-31,field,,complaints,,on_time,>=,9500,0,quarter,Complaints,S",
            "p,2025-01-01,2025-12-31,unit,,,,on_time_portal,>=,9400,0,year,Portal,S",
            "p,2025-01-01,2025-12-31,,A,,,on_time,>=,9700,300,month,A by month,S",
            "p,2025-01-01,2025-12-31,field,A1,,,on_time,>=,9600,0,year,A1,S",
            "p,2025-01-01,2025-12-31,,,,1.000001,on_time,>=,9750,900,year,Procedure,S",
            "p,2025-01-01,2025-12-31,field,,,,intake_on_time,>=,9900,0,month,Intake,S")
        d.start("notifier")
        wait_until(lambda: d.value("SELECT count(*) FROM target_episode"), "they are judged")
        kinds = set()
        for period in ("2025", "2025-Q1", "2025-03"):
            for unit in units:
                told = set(d.sql("""SELECT kind, line, field FROM target_episode
                    WHERE closed_at IS NULL AND unit = %s AND period = %s""", unit, period))
                expected = watched(d, unit, period)
                assert told == expected, (unit, period, told ^ expected)
                kinds |= {(kind, line) for kind, line, _ in told}
        # It was a test of something: every target, and forecasts too.
        assert {line for _, line in kinds} == set(range(2, 10)) and "forecast" in {kind for kind, _ in kinds}, kinds
        assert d.value("SELECT count(*) FROM target_episode") == d.value("SELECT count(*) FROM alert") > 30
        assert office.told("C")


def test_roles_are_configured():
    with deployment(**{"notifier.targets_roles": "officer chief", "notifier.targets_superior_roles": ""}) as d:
        place(d, ("A", "head", "head@a"), ("A", "officer", "officer@a"), ("A", "chief", "chief@a"),
              ("C", "oversight", "oversight@c"))
        office = Office(d, EACH_FIELD)
        d.start()
        office.finish("A", late=20)
        office.judged()
        assert [office.heard(f"{name}") for name in ("head@a", "officer@a", "chief@a", "oversight@c")] == [
            [], [("target.fell", "A")], [("target.fell", "A")], []]


if __name__ == "__main__":
    run_tests(globals())
