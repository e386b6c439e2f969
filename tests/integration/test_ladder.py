# SPDX-License-Identifier: MIT
"""The alert ladder: each rung at its hour, once for each promise; what ends, waits or is hushed is not told."""
from deployment import Deployment, ROOT, run_tests, wait_until

# Monday to Friday 07:00-11:30 and 13:30-17:00, UTC+7.  2026-06-08 is a Monday; no day off in June.
MONDAY = "2026-06-08T09:05:00+07:00"
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": MONDAY, "notifier.group_wait": "0ms",
            "notifier.group_interval": "0ms"}
DUE = "2026-06-12T17:00:00+07:00"


def event(what, dossier, time, unit="P01", number=[0], **data):
    number[0] += 1
    return {"specversion": "1.0", "id": f"{dossier}-{number[0]}", "source": "urn:test:a",
            "type": f"vn.kipthoi.dossier.{what}.v1", "time": time, "data": {"dossier": dossier, "unit": unit, **data}}


def received(dossier, due=DUE, time="2026-06-08T09:00:00+07:00", **data):
    return event("received", dossier, time, received=time, due=due, **data)


def deployment(calendar=True, **settings):
    d = Deployment(settings={**SETTINGS, **settings})
    if calendar:
        d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
    d.start()
    return d


def recipient(d, unit, role, channel="webhook", hours="always"):
    """By SQL: the unit need not have been told of by an event."""
    return d.value("""
        WITH u AS (INSERT INTO unit (code) VALUES (%s) ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING unit_id)
        INSERT INTO recipient (unit_id, role, channel, address, hours, secret_file)
        SELECT unit_id, %s, %s, 'https://' || %s || '.example.vn/' || %s, %s, CASE %s WHEN 'webhook' THEN 'none' END
        FROM u RETURNING recipient_id""", unit, role, channel, unit.lower(), role, hours, channel)


def at(d, clock):
    """Scorer and notifier go on at another time; ingest takes events up to a day ahead of its own."""
    d.stop()
    d.settings["deployment.clock"] = clock
    d.start(sets={"deployment.clock": clock})
    d.wait_settled()


def steps(d, dossier, episode=1):
    """{rung: (when, state, outcome)}"""
    return {name: (f"{when:%m-%d %H:%M}", state, outcome) for name, when, state, outcome in d.sql("""
        SELECT r.name, t.due_at AT TIME ZONE 'Asia/Ho_Chi_Minh', t.state, t.outcome FROM step t JOIN rung r USING (rung)
        WHERE t.code = %s AND t.episode = %s""", dossier, episode)}


def outcomes(d, dossier, episode=1):
    return {rung: state if state == "waiting" else outcome for rung, (_, state, outcome) in steps(d, dossier, episode).items()}


def wait_outcomes(d, dossier, expected, episode=1):
    wait_until(lambda: outcomes(d, dossier, episode) == expected,
               lambda: f"{expected}, not {outcomes(d, dossier, episode)}", 30)


def told(d, recipient_id):
    """(kind, dossier) of what a recipient was to hear."""
    return sorted(d.sql("SELECT kind, facts ->> 'dossier' FROM notice WHERE recipient_id = %s", recipient_id))


def nothing_is_missed(d):
    assert d.value("SELECT count(*) FROM step WHERE state = 'waiting' AND due_at <= %s::timestamptz",
                   d.settings["deployment.clock"]) == 0


def folded(d, events):
    """All of them, though no notifier runs."""
    wait_until(lambda: d.value("SELECT sum(folded) = %s AND NOT bool_or(behind) FROM scorer_cursor", events), "all is folded", 20)


def test_each_rung_at_its_hour():
    with deployment() as d:
        officer, head = recipient(d, "P01", "officer"), recipient(d, "P01", "head")
        d.send_events([received("A")])
        d.wait_settled()
        # 24 working hours before Friday 17:00 is the end of Tuesday, 8 that of Thursday, told an hour before; 3 are 14:00;
        # what is due when the office closes is told when it opens.  The next one waits, no other.
        assert steps(d, "A") == {"due_3_days": ("06-09 16:00", "waiting", None)}
        at(d, "2026-06-09T15:59:59+07:00")
        assert told(d, officer) == []
        at(d, "2026-06-09T16:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_3_days", "A")], "three days before", 20)
        assert steps(d, "A") == {"due_3_days": ("06-09 16:00", "done", "told"), "due_1_day": ("06-11 16:00", "waiting", None)}
        at(d, "2026-06-11T16:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_1_day", "A"), ("due_3_days", "A")], "one day before", 20)
        assert told(d, head) == [] and steps(d, "A")["due_3_hours"] == ("06-12 14:00", "waiting", None)
        at(d, "2026-06-12T14:00:00+07:00")
        wait_until(lambda: told(d, head) == [("due_3_hours", "A")], "three hours before", 20)
        assert steps(d, "A")["due_now"] == ("06-15 07:00", "waiting", None)
        at(d, "2026-06-15T07:00:00+07:00")
        everything = [("due_1_day", "A"), ("due_3_days", "A"), ("due_3_hours", "A"), ("due_now", "A"), ("letter_late", "A"),
                      ("letter_owed", "A")]
        # There is no unit above, so the head of the unit itself hears that the letter is late.
        wait_until(lambda: sorted(set(told(d, officer) + told(d, head))) == everything, "due, and the letter", 20)
        assert told(d, officer) == [(kind, "A") for kind in ("due_1_day", "due_3_days", "due_3_hours", "due_now", "letter_owed")]
        # The feed says why each comes, too.
        why = dict(d.sql("SELECT body::jsonb ->> 'kind', body::jsonb ->> 'why' FROM alert"))
        assert set(why) == {"letter.owed"} | {f"ladder.{rung}" for rung in ("due_3_days", "due_1_day", "due_3_hours", "due_now", "letter_late")}
        assert why["letter.owed"] == "Promise 1 was broken." and why["ladder.due_3_days"] == "A first call, while there is time to act."
        assert len(set(why.values())) == len(why) and all(why.values()), why
        # Again and again, and from the start: nothing is told twice.
        d.kill("notifier")
        d.sql("UPDATE notifier_cursor SET snapshot = '1:1:'")
        d.start("notifier", sets={"deployment.clock": d.settings["deployment.clock"]})
        d.wait_settled()
        assert d.value("SELECT count(*) FROM notice") == 8 and d.value("SELECT count(*) FROM step WHERE state = 'waiting'") == 0
        nothing_is_missed(d)
        d.audit()


def test_the_next_is_planned_in_the_transaction_that_takes_one():
    """By a notifier that has looked at all promises already: nothing else would bring it."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A")])
        d.wait_settled()
        wait_until(lambda: d.value("SELECT rungs = rungs_stamp() FROM notifier_cursor"), "all promises were looked at", 20)
        for rung, (following, time) in {"due_3_days": ("due_1_day", "06-11 16:00"), "due_1_day": ("due_3_hours", "06-12 14:00"),
                                        "due_3_hours": ("due_now", "06-15 07:00")}.items():
            d.sql("UPDATE step SET due_at = %s WHERE state = 'waiting'", MONDAY)
            wait_until(lambda rung=rung: (rung, "A") in told(d, officer), rung, 20)
            assert steps(d, "A")[following] == (time, "waiting", None)
            assert d.value("""SELECT count(DISTINCT t.xmin::text) FROM step t JOIN rung r USING (rung) WHERE r.name IN (%s, %s)""", rung, following) == 1
        d.sql("UPDATE step SET due_at = %s WHERE state = 'waiting'", MONDAY)
        wait_until(lambda: ("due_now", "A") in told(d, officer), "the last", 20)
        assert len(steps(d, "A")) == 4 and d.value("SELECT count(*) FROM step WHERE state = 'waiting'") == 0
        d.audit()


def test_planned_by_another_in_the_moment_before_the_lock():
    """The right is taken by a snapshot that does not see what another has just written with it: that is no outage."""
    with deployment() as d:
        d.wait_settled()
        d.kill("notifier")
        d.send_events([received("A")])
        folded(d, 1)
        with d.connect() as holder:
            holder.autocommit = False
            # The statement that takes the right has its snapshot before it waits for a table that it reads beside.
            holder.execute("LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE")
            holder.execute("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, code, state)
                SELECT source_id, unit_id, 1, 1, '2026-06-10T07:00:00+07:00', next_due, code, 'waiting' FROM dossier""")
            d.start_as("notifier", "notifier", wait=False)
            wait_until(lambda: d.value("""SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE relation = 'scorer_cursor'::regclass AND NOT granted AND usename = 'kipthoi_notifier'"""), "it waits", 20)
            holder.commit()
        d.wait_ready("notifier")
        d.wait_settled()
        assert d.metrics("notifier")["kipthoi_notifier_database_failures_total"] >= 1
        assert "DB-RETRY" not in d.log("notifier"), d.log("notifier")
        assert steps(d, "A") == {"due_3_days": ("06-09 16:00", "waiting", None)}
        d.audit()


def test_what_fell_due_while_nobody_looked():
    """A later rung overtakes the earlier ones; each has its outcome."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A"), received("B"), received("C")])
        d.wait_settled()
        d.send_events([event("finished", "B", "2026-06-08T09:04:00+07:00")])
        d.wait_settled()
        # It only waited: nothing is left of it.
        assert outcomes(d, "B") == {}
        d.kill("notifier")
        d.stop("scorer", "ingest")
        at(d, "2026-06-12T15:00:00+07:00")
        expected = {"due_3_days": "overtaken", "due_1_day": "overtaken", "due_3_hours": "told", "due_now": "waiting"}
        wait_outcomes(d, "A", expected)
        wait_outcomes(d, "C", expected)
        assert told(d, officer) == [("due_3_hours", "A"), ("due_3_hours", "C")]
        nothing_is_missed(d)
        d.audit()


def test_a_change_while_nobody_looked_passes_nothing_over():
    """A promise is known since its first change that the notifier has not seen: another unit afterwards takes no rung away."""
    with deployment() as d:
        second = recipient(d, "P02", "officer")
        d.wait_settled()
        d.kill("notifier")
        d.send_events([received("A")])
        folded(d, 1)
        d.stop()
        d.settings["deployment.clock"] = "2026-06-10T08:00:00+07:00"
        d.start("ingest", "scorer", sets={"deployment.clock": d.settings["deployment.clock"]})
        d.send_events([event("accepted", "A", "2026-06-10T07:30:00+07:00", unit="P02")])
        folded(d, 2)
        assert d.value("SELECT count(DISTINCT judged_at) FROM verdict_change WHERE code = 'A'") == 2
        d.start("notifier", sets={"deployment.clock": d.settings["deployment.clock"]})
        wait_outcomes(d, "A", {"due_3_days": "told", "due_1_day": "waiting"})
        assert told(d, second) == [("due_3_days", "A")]
        nothing_is_missed(d)
        d.audit()


def test_known_late_and_already_late():
    """Rungs whose hour was over when the promise became known are noted, not told; of a promise that was broken long ago only
    the letter is."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A", due="2026-06-09T10:00:00+07:00"),
                       received("B", due="2026-06-01T10:00:00+07:00", time="2026-05-20T10:00:00+07:00")])
        d.wait_settled()
        wait_until(lambda: told(d, officer) == [("letter_owed", "B")], "the letter of B", 20)
        # 8 working hours before Tuesday 10:00 is Monday 10:00, still ahead.
        assert steps(d, "A") == {
            "due_3_days": ("06-04 10:00", "dropped", "passed"), "due_1_day": ("06-08 10:00", "waiting", None)}
        assert outcomes(d, "B") == {"letter_owed": "told", "letter_late": "nobody"}
        d.audit()


def test_waiting_for_the_citizen():
    """While the clock stands there is no promise to keep; afterwards it has moved, and its rungs with it."""
    with deployment() as d:
        d.send_events([received("A"), event("accepted", "A", "2026-06-08T09:01:00+07:00")])
        d.wait_settled()
        d.send_events([event("supplement_requested", "A", "2026-06-08T09:05:00+07:00")])
        d.wait_settled()
        assert outcomes(d, "A") == {}
        at(d, "2026-06-10T09:05:00+07:00")
        assert outcomes(d, "A") == {}
        d.send_events([event("supplemented", "A", "2026-06-10T09:05:00+07:00")])
        d.wait_settled()
        # 16 working hours of waiting move Friday 17:00 to Tuesday 17:00, told when Wednesday begins.
        assert steps(d, "A") == {"due_3_days": ("06-11 16:00", "waiting", None)}
        at(d, "2026-06-16T16:59:00+07:00")
        wait_outcomes(d, "A", {"due_3_days": "overtaken", "due_1_day": "overtaken", "due_3_hours": "nobody", "due_now": "waiting"})
        assert steps(d, "A")["due_now"] == ("06-17 07:00", "waiting", None)
        d.audit()


def test_another_date_and_another_unit():
    with deployment() as d:
        first, second = recipient(d, "P01", "officer"), recipient(d, "P02", "officer")
        d.send_events([received("A")])
        d.wait_settled()
        at(d, "2026-06-11T16:00:00+07:00")
        wait_until(lambda: told(d, first) == [("due_1_day", "A")], "a day before", 20)
        d.send_events([event("accepted", "A", "2026-06-11T15:59:00+07:00", unit="P02")])
        d.wait_settled()
        at(d, "2026-06-12T14:00:00+07:00")
        wait_until(lambda: told(d, second) == [("due_3_hours", "A")], "the other unit hears the rest", 20)
        # The promise is broken; the re-appointment is a promise of its own, with rungs of its own.
        at(d, "2026-06-15T08:00:00+07:00")
        d.send_events([event("rescheduled", "A", "2026-06-15T08:00:00+07:00", unit="P02", due="2026-06-19T17:00:00+07:00")])
        d.wait_settled()
        assert steps(d, "A", 2) == {"due_3_days": ("06-16 16:00", "waiting", None)}
        at(d, "2026-06-22T07:00:00+07:00")
        wait_until(lambda: d.value("SELECT count(*) FROM duty WHERE code = 'A' AND state = 'owed'") == 2, "two letters are owed", 20)
        wait_outcomes(d, "A", {"due_3_days": "overtaken", "due_1_day": "overtaken", "due_3_hours": "overtaken",
                               "due_now": "told", "letter_owed": "told", "letter_late": "nobody"}, 2)
        assert steps(d, "A", 2)["due_1_day"] == ("06-18 16:00", "done", "overtaken")
        d.audit()


def test_hushed():
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A"), received("B", field="F1"), received("C", field="F2")])
        d.wait_settled()
        d.kipthoi("alerts", "ack", "A", "--why", "in hand", check=0)
        d.kipthoi("alerts", "mute", "--field", "F1", "--until", "2026-06-11", "--why", "moving house", check=0)
        at(d, "2026-06-09T16:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_3_days", "C")], "only C is told", 20)
        assert outcomes(d, "A")["due_3_days"] == "acknowledged" and outcomes(d, "B")["due_3_days"] == "muted"
        d.kipthoi("alerts", "snooze", "C", "--until", "2026-06-12 15:00", "--why", "waiting for a map", check=0)
        # The mute has ended; A stays in hand, but its letter is owed all the same.
        at(d, "2026-06-11T16:00:00+07:00")
        wait_until(lambda: ("due_1_day", "B") in told(d, officer), "B again", 20)
        assert outcomes(d, "C")["due_1_day"] == "waiting"
        at(d, "2026-06-15T07:00:00+07:00")
        wait_until(lambda: ("letter_owed", "A") in told(d, officer), "the letter of A", 20)
        assert outcomes(d, "A")["due_now"] == "acknowledged"
        d.audit()


def test_a_muted_rung_overtakes_nothing():
    """The rung that would have been told instead is muted: the one before it is told."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A")])
        d.wait_settled()
        d.kipthoi("alerts", "mute", "--rung", "due_3_hours", "--until", "2026-06-30", "--why", "too late to help", check=0)
        d.kill("notifier")
        d.stop("scorer", "ingest")
        at(d, "2026-06-12T15:00:00+07:00")
        wait_outcomes(d, "A", {"due_3_days": "overtaken", "due_1_day": "told", "due_3_hours": "muted", "due_now": "waiting"})
        assert told(d, officer) == [("due_1_day", "A")]
        d.audit()


def test_postponed_with_those_behind_it():
    """A snooze holds the next step, and with it the rungs that would be told before its end; then the latest is told."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A"), received("B"), received("C")])
        d.wait_settled()
        for dossier in "ABC":
            d.kipthoi("alerts", "snooze", dossier, "--until", "2026-06-12 15:00", "--why", "waiting for a map", check=0)
        at(d, "2026-06-12T14:59:00+07:00")
        assert outcomes(d, "A") == {"due_3_days": "waiting"} and told(d, officer) == []
        # Taken back: what is due by now is told as it would have been.
        d.kipthoi("alerts", "unmute", d.value("SELECT hush_id FROM hush WHERE code = 'B'"), "--why", "it is here", check=0)
        expected = {"due_3_days": "overtaken", "due_1_day": "overtaken", "due_3_hours": "told", "due_now": "waiting"}
        wait_outcomes(d, "B", expected)
        # It ends while it is postponed: that stays to be seen.
        d.send_events([event("finished", "C", "2026-06-12T14:58:00+07:00")])
        d.wait_settled()
        assert outcomes(d, "C") == {"due_3_days": "ended"}
        at(d, "2026-06-12T15:00:00+07:00")
        wait_outcomes(d, "A", expected)
        held = d.sql("""SELECT r.name, t.due_at = timestamptz '2026-06-12 15:00+07', to_char(t.due_was AT TIME ZONE 'Asia/Ho_Chi_Minh', 'MM-DD HH24:MI')
            FROM step t JOIN rung r USING (rung) WHERE t.code = 'A' ORDER BY t.rung""")
        assert held == [("due_3_days", True, "06-09 16:00"), ("due_1_day", True, "06-11 16:00"), ("due_3_hours", True, "06-12 14:00"),
                        ("due_now", False, None)], held
        assert told(d, officer) == [("due_3_hours", "A"), ("due_3_hours", "B")]
        d.audit()


def load_rungs(d, *lines):
    (d.dir / "ladder.csv").write_text("\n".join(["rung,active,before_days,before_hours,roles,superior", *lines, ""]))
    d.kipthoi("alerts", "ladder", "load", d.dir / "ladder.csv", check=0)


def wait_next(d, dossier, rung, time):
    wait_until(lambda: {(name, when) for name, (when, state, _) in steps(d, dossier).items() if state == "waiting"} == {(rung, time)},
               lambda: f"{rung} at {time}: {steps(d, dossier)}", 20)


def test_other_rungs_while_steps_wait():
    """Loaded while the notifier runs: what waits is planned again, nothing is told twice and none is lost."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        load_rungs(d, "due_3_days,no,3,0,officer,no")
        d.send_events([received("A")])
        d.wait_settled()
        wait_next(d, "A", "due_1_day", "06-11 16:00")
        load_rungs(d, "due_3_days,yes,3,0,officer,no")
        wait_next(d, "A", "due_3_days", "06-09 16:00")
        # Another comes first: three days and three hours before.
        load_rungs(d, "due_1_day,yes,3,3,officer,no")
        wait_next(d, "A", "due_1_day", "06-09 14:00")
        at(d, "2026-06-09T14:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_1_day", "A")], "the first", 20)
        wait_next(d, "A", "due_3_days", "06-09 16:00")
        # What was told is not told again, when it lies ahead again either; what waits and is not used any more gives way.
        load_rungs(d, "due_1_day,yes,1,0,officer,no", "due_3_days,no,3,0,officer,no", "due_now,no,0,0,officer,no")
        wait_next(d, "A", "due_3_hours", "06-12 14:00")
        assert outcomes(d, "A") == {"due_1_day": "told", "due_3_hours": "waiting"}
        at(d, "2026-06-12T14:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_1_day", "A"), ("due_3_hours", "A")], "the last that is used", 20)
        assert outcomes(d, "A") == {"due_1_day": "told", "due_3_hours": "told"}
        d.audit()
        load_rungs(d, "due_now,yes,0,0,officer,no")
        wait_next(d, "A", "due_now", "06-15 07:00")
        d.audit()


def test_another_notifier_that_dies_early():
    """It has looked at some promises only: the audit goes on asking whether a chain has stopped."""
    with deployment(**{"notifier.batch": "10"}) as d:
        d.send_events([received(f"A{n}") for n in range(100)])      # several pages
        d.wait_settled()

        def noted():
            return d.value("SELECT rungs = rungs_stamp() FROM notifier_cursor")
        wait_until(noted, "all promises were looked at", 20)
        d.start_as("second", "notifier", {"notifier.feed": "tcp://127.0.0.1:*", "notifier.replay": "tcp://127.0.0.1:*"}, wait=False,
                   fault="notifier-turn-committed:1")
        wait_until(lambda: d.processes["second"].poll() is not None, "it dies", 20)
        d.processes.pop("second")
        assert noted()
        # As an older program leaves it.
        d.sql("UPDATE notifier_cursor SET rungs = ''")
        wait_until(noted, "the one that goes on looks again", 20)
        d.audit()
        d.sql("DELETE FROM step WHERE code = 'A7'")
        assert "A7" in d.audit(check=1).stdout


def test_a_rung_switched_off_while_nobody_looked():
    """What waited of it is noted when its time comes, and the chain goes on behind it."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A"), received("B")])
        d.wait_settled()
        d.kill("notifier")
        load_rungs(d, "due_3_days,no,3,0,officer,no")
        at(d, "2026-06-11T16:00:00+07:00")
        expected = {"due_3_days": "off", "due_1_day": "told", "due_3_hours": "waiting"}
        wait_outcomes(d, "A", expected)
        wait_outcomes(d, "B", expected)
        assert told(d, officer) == [("due_1_day", "A"), ("due_1_day", "B")]
        d.audit()


def test_many_due_at_the_same_moment():
    """More than one turn takes: each is taken once, and each has its next step."""
    with deployment(**{"notifier.batch": "10"}) as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received(f"A{n}") for n in range(137)])
        d.wait_settled()
        at(d, "2026-06-09T16:00:00+07:00")
        wait_until(lambda: len(told(d, officer)) == 137, lambda: f"all are told: {len(told(d, officer))}", 30)
        assert d.sql("SELECT rung, state, count(*) FROM step GROUP BY 1, 2 ORDER BY 1") == [(1, "done", 137), (2, "waiting", 137)]
        at(d, "2026-06-12T15:00:00+07:00")
        wait_until(lambda: len(told(d, officer)) == 274, lambda: f"all are told again: {len(told(d, officer))}", 30)
        assert d.sql("SELECT rung, outcome, count(*) FROM step GROUP BY 1, 2 ORDER BY 1") == [
            (1, "told", 137), (2, "overtaken", 137), (3, "told", 137), (4, None, 137)]
        nothing_is_missed(d)
        d.audit()


def test_planned_by_an_older_program():
    """A version before planned all rungs ahead: the upgrade leaves the next one, and everything is told once."""
    with deployment() as d:
        officer = recipient(d, "P01", "officer")
        d.send_events([received("A"), received("B")])
        d.wait_settled()
        at(d, "2026-06-09T16:00:00+07:00")
        wait_until(lambda: told(d, officer) == [("due_3_days", "A"), ("due_3_days", "B")], "the first rung", 20)
        d.stop()
        d.sql("DROP FUNCTION rungs_stamp")
        d.sql("ALTER TABLE notifier_cursor DROP COLUMN rungs")
        d.sql("REVOKE DELETE ON step FROM kipthoi_notifier")
        d.sql("DELETE FROM migration WHERE version = 12")
        d.sql("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, code, state)
            SELECT s.source_id, s.unit_id, 1, w.rung, w.due_at, s.anchor_at, s.code, 'waiting'
            FROM step s, (VALUES (3, timestamptz '2026-06-12 14:00+07'), (4, '2026-06-15 07:00+07')) w (rung, due_at)
            WHERE s.rung = 2""")
        # What of B waited for a time before four was postponed until then.
        d.sql("UPDATE step SET due_was = due_at, due_at = '2026-06-12 16:00+07' WHERE rung IN (2, 3) AND code = 'B'")
        d.kipthoi("migrate", check=0)
        assert outcomes(d, "A") == outcomes(d, "B") == {"due_3_days": "told", "due_1_day": "waiting"}
        at(d, "2026-06-12T15:00:00+07:00")
        wait_outcomes(d, "A", {"due_3_days": "told", "due_1_day": "overtaken", "due_3_hours": "told", "due_now": "waiting"})
        assert outcomes(d, "B") == {"due_3_days": "told", "due_1_day": "waiting"}
        at(d, "2026-06-12T16:00:00+07:00")
        wait_outcomes(d, "B", {"due_3_days": "told", "due_1_day": "overtaken", "due_3_hours": "told", "due_now": "waiting"})
        assert told(d, officer) == [("due_3_days", "A"), ("due_3_days", "B"), ("due_3_hours", "A"), ("due_3_hours", "B")]
        d.audit()


def test_digest_of_a_working_day():
    """One message a recipient and day, however many dossiers; none at night or on a Sunday; units without anybody are heard
    of above."""
    with deployment(**{"deployment.clock": "2026-06-08T17:30:00+07:00"}) as d:
        head, above = recipient(d, "P01", "head", hours="work"), recipient(d, "TP", "head", hours="work")
        d.send_events([received(f"A{n}", due="2026-06-08T16:00:00+07:00", unit="P01", unit_parent="TP") for n in range(1000)] +
                      [received(f"B{n}", due="2026-06-08T16:00:00+07:00", unit="P02", unit_parent="TP") for n in range(3)])
        d.wait_settled()

        def digests():
            return d.sql("SELECT recipient_id, items, key, jsonb_array_length(facts -> 'rows') FROM message WHERE kind = 'digest' ORDER BY 1, 3")
        assert digests() == []      # after hours
        at(d, "2026-06-09T07:59:00+07:00")
        assert digests() == []      # before the hour of digests
        at(d, "2026-06-09T08:00:00+07:00")
        wait_until(lambda: len(digests()) == 2, "two digests", 20)
        at(d, "2026-06-09T16:00:00+07:00")
        expected = [(head, 1000, f"digest/{head}/2026-06-09", 200), (above, 3, f"digest/{above}/2026-06-09", 3)]
        assert digests() == expected
        at(d, "2026-06-14T09:00:00+07:00")          # a Sunday
        assert digests() == expected
        at(d, "2026-06-15T09:00:00+07:00")
        wait_until(lambda: len(digests()) == 4, "the digests of Monday", 20)
        # The clock jumps a day back and forth: the same digests.
        at(d, "2026-06-14T09:00:00+07:00")
        at(d, "2026-06-15T09:00:00+07:00")
        assert len(digests()) == 4
        # The letters owed of a thousand dossiers are one message too: P01's officer is nobody, so nobody is told of them.
        assert d.value("SELECT count(DISTINCT outcome) FROM step s JOIN rung r USING (rung) WHERE r.name = 'letter_owed'") == 1
        d.audit()


def test_a_morning_of_many_digests_is_several_transactions():
    """None of them holds the notifier's right for long, and nobody is forgotten."""
    with deployment(**{"deployment.clock": "2026-06-08T17:30:00+07:00"}) as d:
        unit = d.value("INSERT INTO unit (code) VALUES ('P01') RETURNING unit_id")
        d.sql("""INSERT INTO recipient (unit_id, role, channel, address, hours)
                 SELECT %s, 'head', 'email', 'head-' || n || '@example.vn', 'work' FROM generate_series(1, 120) AS n""", unit)
        d.send_events([received("A", due="2026-06-08T16:00:00+07:00")])
        d.wait_settled()
        at(d, "2026-06-09T08:00:00+07:00")
        wait_until(lambda: d.value("SELECT count(DISTINCT recipient_id) FROM message WHERE kind = 'digest'") == 120, "all have theirs", 20)
        together = [count for count, in d.sql("SELECT count(*) FROM message WHERE kind = 'digest' GROUP BY xmin::text")]
        assert sum(together) == 120 and max(together) <= 8, together


def test_thousand_at_once_are_one_message():
    with deployment(**{"notifier.group_wait": "300ms", "notifier.group_interval": "1h"}) as d:
        officer = recipient(d, "P01", "officer")
        for turn in range(4):
            d.send_events([received(f"A{turn}-{n}", due="2026-06-08T08:00:00+07:00") for n in range(250)])
        d.wait_settled()
        wait_until(lambda: d.value("SELECT count(*) FROM notice") == 1000, "a thousand letters are owed", 30)
        wait_until(lambda: d.value("SELECT count(*) FROM message WHERE kind = 'notices'") >= 1, "a message", 30)
        first = d.sql("SELECT recipient_id, items, facts -> 'kinds' ->> 'letter_owed', jsonb_array_length(facts -> 'rows') FROM message "
                      "WHERE kind = 'notices'")
        # What came after it waits for the interval: no storm.
        assert len(first) == 1 and first[0][0] == officer and first[0][3] == min(200, first[0][1]), first
        assert d.value("SELECT count(*) FROM notice WHERE message_id IS NULL") == 1000 - first[0][1]
        d.audit()


def test_another_calendar_moves_steps_of_letters_too():
    with deployment() as d:
        d.send_events([received("A", due="2026-06-09T17:00:00+07:00"), received("B", due="2026-06-09T17:00:00+07:00")])
        d.wait_settled()
        at(d, "2026-06-09T17:10:00+07:00")
        # The office is closed, and the letter's day ends with it.
        morning = {"letter_owed": ("06-10 07:00", "waiting", None), "letter_late": ("06-10 07:00", "waiting", None)}

        def of_letters(dossier):
            return {rung: step for rung, step in steps(d, dossier).items() if rung.startswith("letter")}
        wait_until(lambda: of_letters("A") == morning and of_letters("B") == morning, lambda: f"owed: {steps(d, 'A')} {steps(d, 'B')}", 30)
        deadlines = d.sql("SELECT code, deadline FROM duty ORDER BY code")
        d.sql("UPDATE step SET due_was = due_at, due_at = due_at + interval '3 h' WHERE code = 'B' AND rung = 6")
        # From now on Tuesdays have an evening, and Wednesdays begin at nine.
        text = (ROOT / "deploy/calendars/vietnam.calendar").read_text().replace(
            "monday-friday = 07:00-11:30 13:30-17:00", "tuesday = 07:00-11:30 13:30-17:00 18:00-20:00\nwednesday = 09:00-17:00\n"
            "monday = 07:00-17:00\nthursday-friday = 07:00-17:00")
        (d.dir / "evenings.calendar").write_text(text)
        d.kipthoi("calendar", "load", d.dir / "evenings.calendar", "--why", "evenings", check=0)
        evening = {"letter_owed": ("06-09 18:00", "waiting", None), "letter_late": ("06-10 09:00", "waiting", None)}
        wait_until(lambda: of_letters("A") == evening, lambda: f"by the new calendar: {of_letters('A')}", 30)
        # What an official postponed stays so, and a deadline is what it was.
        assert of_letters("B") == evening | {"letter_owed": ("06-10 10:00", "waiting", None)}, of_letters("B")
        assert d.sql("SELECT code, deadline FROM duty ORDER BY code") == deadlines
        d.audit()


def test_late_letter_goes_up():
    with deployment() as d:
        own, above = recipient(d, "P01", "head"), recipient(d, "TP", "head")
        d.send_events([received("A", due="2026-06-08T09:02:00+07:00", unit_parent="TP")])
        d.wait_settled()
        # The city's rule: until the end of the day of the appointment.
        assert steps(d, "A")["letter_late"] == ("06-09 07:00", "waiting", None)
        at(d, "2026-06-09T07:00:00+07:00")
        wait_until(lambda: told(d, above) == [("letter_late", "A")], "the superior unit hears", 20)
        assert ("letter_late", "A") not in told(d, own)
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
