# SPDX-License-Identifier: MIT
"""Events in any order and in any slices end in the same state; time alone makes a dossier overdue; corrections retract."""
import itertools
import random
import signal

from deployment import Deployment, finished, run_tests, wait_until


def event(dossier, what, time, number, **data):
    return {"specversion": "1.0", "id": f"{dossier}-{number}", "source": "urn:t",
            "type": f"vn.kipthoi.dossier.{what}.v1", "time": time, "data": {"dossier": dossier, **data}}


STORY = [
    ("received", "2015-05-01T09:00:00-04:00", {"due": "2015-05-20T17:00:00-04:00", "unit": "U1", "field": "F"}),
    ("accepted", "2015-05-01T10:00:00-04:00", {"unit": "U2"}),
    ("supplement_requested", "2015-05-03T10:00:00-04:00", {}),
    ("supplemented", "2015-05-05T10:00:00-04:00", {}),
    ("rescheduled", "2015-05-19T10:00:00-04:00", {"due": "2015-06-10T17:00:00-04:00"}),
    ("finished", "2015-06-01T10:00:00-04:00", {"due": "2015-06-12T17:00:00-04:00"}),
    ("finished", "2015-06-02T10:00:00-04:00", {"finished": "2015-05-20T16:00:00-04:00"}),
    ("returned", "2015-06-05T10:00:00-04:00", {}),
]
# Monday to Friday 09:00 to 17:00 in New York, the zone of these deployments; a year has to name a day off at least.
OFFICE = """[calendar]
name = Office
years = 2014-2016
day = 8h

[hours]
monday-friday = 09:00-17:00

[days]
2014-01-01 = off New Year
2015-01-01 = off New Year
2016-01-01 = off New Year
"""
STATE = """SELECT state::text, promise::text, promise_day::text, due_moves, events, flags, received_at, due_first, due_current,
    finished_first, finished_at, returned_at, (SELECT code FROM unit u WHERE u.unit_id = d.unit_id) FROM dossier d"""


def test_any_order_ends_in_the_same_state():
    """120 orders of one story, each a dossier of its own, spread over several requests and slices of three events."""
    with Deployment(settings={"scorer.slice_events": 3}) as d:
        office = d.dir / "office.calendar"
        office.write_text(OFFICE)
        d.kipthoi("calendar", "load", str(office))
        d.start()
        chance = random.Random(7)
        orders = [list(range(len(STORY)))] + [chance.sample(range(len(STORY)), len(STORY)) for _ in range(119)]
        for turn in range(0, len(STORY), 2):
            lines = [event(f"D{n}", STORY[i][0], STORY[i][1], i, **STORY[i][2])
                     for n, order in enumerate(orders) for i in order[turn:turn + 2]]
            chance.shuffle(lines)
            d.send_events(lines)
        d.wait_settled()
        states = d.sql(STATE + " GROUP BY 1,2,3,4,5,6,7,8,9,10,11,12,13")
        assert len(states) == 1, states
        # By hand: waited for from Sunday 3 May 10:00 to Tuesday 5 May 10:00, 8 h + 1 h of work; they move the first due,
        # Wednesday 20 May 17:00, by Thursday and 1 h of Friday to 22 May 10:00 (14:00Z).  The corrected finish, 20 May 16:00, is
        # days before; first it had been 1 June, behind the first due: back-dated (256).  Stored years later: 8192.
        assert states[0][:6] == ("returned", "early", "2015-05-20", 1, 8, 1 | 2 | 256 | 8192), states
        assert d.value("SELECT DISTINCT promise_due AT TIME ZONE 'UTC' FROM dossier").isoformat() == "2015-05-22T14:00:00"
        assert states[0][-1] == "U2"
        assert d.sql("""SELECT rule::text, sum(early), sum(on_time + late + overdue + in_time + paused + excluded)
            FROM day_count GROUP BY 1 ORDER BY 1""") == [("portal", 120, 0), ("promise", 120, 0)]
        d.audit()


def test_time_alone_makes_overdue_and_a_finish_retracts():
    with Deployment(settings={"deployment.clock": "2015-05-20T16:59:59-04:00"}) as d:
        d.start()
        d.send_events([event("A", "received", "2015-05-01T09:00:00-04:00", 1, due="2015-05-20T17:00:00-04:00"),
                       event("B", "received", "2015-05-01T09:00:00-04:00", 1, due="2015-05-20T17:00:01-04:00")])
        d.wait_settled()
        assert d.sql("SELECT code, promise::text FROM dossier ORDER BY 1") == [("A", "in_time"), ("B", "in_time")]
        d.audit()
        d.stop("scorer", "notifier")
        later = {"deployment.clock": "2015-05-20T17:00:01-04:00"}  # past A's due, exactly B's
        d.start("scorer", "notifier", sets=later)
        wait_until(lambda: d.value("SELECT count(*) FROM duty"), "the tick has made A overdue")
        d.audit()
        assert d.sql("SELECT code, promise::text, promise_day::text FROM dossier ORDER BY 1") == [
            ("A", "overdue", "2015-05-20"), ("B", "in_time", "2015-05-01")]
        assert d.sql("SELECT code, state::text FROM duty") == [("A", "owed")]
        # The finish was in time after all and only came late.
        d.send_events([event("A", "finished", "2015-05-20T16:00:00-04:00", 2)])
        d.wait_settled()
        assert d.sql("SELECT code, promise::text FROM dossier ORDER BY 1") == [("A", "on_time"), ("B", "in_time")]
        assert d.sql("SELECT code, state::text FROM duty") == [("A", "void")]
        assert d.sql("SELECT was::text, now::text FROM duty_log ORDER BY logged_at") == [(None, "owed"), ("owed", "void")]
        # … and a correction says it was late: the same duty is owed again, no second one.
        d.send_events([event("A", "finished", "2015-05-20T16:30:00-04:00", 3, finished="2015-05-20T17:00:01-04:00")])
        d.wait_settled()
        assert d.sql("SELECT code, state::text FROM duty") == [("A", "owed")]
        d.audit()


def test_finish_in_the_last_slice_is_no_overdue():
    """After a pause of the scorer, what was finished in time meanwhile is never called overdue on the way."""
    with Deployment(settings={"deployment.clock": "2015-05-01T12:00:00-04:00"}) as d:
        d.start()
        d.send_events([event("A", "received", "2015-05-01T09:00:00-04:00", 1, due="2015-05-20T17:00:00-04:00")])
        d.wait_settled()
        d.stop("scorer", "notifier", "ingest")
        later = {"deployment.clock": "2015-05-21T12:00:00-04:00"}
        d.start("ingest", sets=later)
        d.send_events([event("A", "finished", "2015-05-19T16:00:00-04:00", 2)])
        d.start("scorer", "notifier", sets=later)
        d.wait_settled()
        assert d.sql("SELECT promise::text FROM dossier") == [("early",)]
        # The notifier hears that there is a promise to watch over, and that it was kept.
        assert d.sql("SELECT was::text, now::text, broken FROM verdict_change ORDER BY xid") == [
            (None, "in_time", 0), ("in_time", "early", 0)]
        assert d.sql("TABLE duty") == []


def test_many_promises_break_at_once():
    """More than a turn takes, many of them at one moment; two scorers share the work without getting in each other's way."""
    with Deployment(settings={"deployment.clock": "2015-05-01T12:00:00-04:00", "scorer.slice_events": 10}) as d:
        d.start()
        d.send_events([event(f"D{n}", "received", "2015-05-01T09:00:00-04:00", 1, unit=f"U{n % 3}",
                             due=f"2015-05-{10 + n % 4}T17:00:00-04:00") for n in range(300)])
        d.wait_settled()
        assert d.value("SELECT count(*) FROM dossier WHERE promise = 'in_time'") == 300
        d.stop("scorer", "notifier")
        later = {"deployment.clock": "2015-05-12T17:00:00-04:00"}  # past two of the four dues, exactly at the third
        d.start("scorer", "notifier", sets=later)
        d.start_as("scorer2", "scorer", {**later, "scorer.bell": ""})
        wait_until(lambda: d.value("SELECT count(*) FROM duty") == 150, "150 duties are opened")
        d.wait_settled()
        assert d.sql("SELECT promise::text, count(*) FROM dossier GROUP BY 1 ORDER BY 1") == [("in_time", 150), ("overdue", 150)]
        d.audit()


def test_duty_follows_the_promise_and_the_unit():
    with Deployment() as d:
        d.start()
        d.send_events([event("A", "received", "2015-05-02T09:00:00-04:00", 1, due="2015-05-20T17:00:00-04:00", unit="U1")])
        d.wait_settled()
        assert d.sql("SELECT due::date::text FROM duty") == [("2015-05-20",)]
        d.send_events([event("A", "received", "2015-05-01T09:00:00-04:00", 2, due="2015-05-10T17:00:00-04:00"),
                       event("A", "accepted", "2015-05-03T09:00:00-04:00", 3, unit="U2")])
        d.wait_settled()
        assert d.sql("""SELECT y.due::date::text, (y.deadline AT TIME ZONE 'America/New_York')::text, u.code, y.state::text
            FROM duty y JOIN unit u USING (unit_id)""") == [("2015-05-10", "2015-05-10 23:59:59.999999", "U2", "owed")]
        d.audit()


def test_sent_letter_that_was_not_owed_after_all():
    """Cleared while nobody looked and folded anew: the letter stays sent, the trace says so, and audit agrees."""
    with Deployment() as d:
        d.start()
        d.send_events([event("A", "received", "2015-05-02T09:00:00-04:00", 1, due="2015-05-20T17:00:00-04:00")])
        d.wait_settled()
        d.kipthoi("letters", "sent", "A", "--no", "7/TXL", "--why", "posted", check=0)
        d.audit()
        d.stop("notifier")
        d.send_events([event("A", "finished", "2015-05-20T16:00:00-04:00", 2)])
        d.rebuild()
        d.start("notifier")
        d.wait_settled()
        d.audit()
        assert d.sql("SELECT state::text FROM duty") == [("sent",)]


def test_a_rebuild_judges_ended_dossiers_by_the_calendar_of_their_end():
    """A second calendar is in force from 1 June; small slices make a rebuild judge before its clock has moved."""
    settings = {"deployment.clock": "2015-05-01T00:00:00Z", "scorer.slice_events": 3}
    with Deployment(settings=settings) as d:
        first, second = d.dir / "first.calendar", d.dir / "second.calendar"
        first.write_text(OFFICE)
        second.write_text(OFFICE.replace("2015-01-01 = off New Year", "2015-01-01 = off New Year\n2015-06-09 = off Feast"))
        d.kipthoi("calendar", "load", str(first))
        d.kipthoi("calendar", "load", str(second), "--from", "2015-06-01", "--why", "a feast")
        d.start(sets={"deployment.clock": "2015-07-01T00:00:00Z"})
        d.send_events([line for n in range(6) for line in (
            event(f"D{n}", "received", "2015-06-01T09:00:00-04:00", 1, due="2015-06-08T12:00:00-04:00", unit="U"),
            event(f"D{n}", "supplement_requested", "2015-06-02T09:00:00-04:00", 2),
            event(f"D{n}", "supplemented", "2015-06-02T17:00:00-04:00", 3),
            event(f"D{n}", "finished", "2015-06-10T11:00:00-04:00", 4))])
        d.wait_settled()
        # Eight hours of waiting move 8 June 12:00 to 9 June 12:00, and over the feast to 10 June 12:00.
        classes = "SELECT DISTINCT promise::text, promise_due AT TIME ZONE 'America/New_York', calendar::int FROM dossier"
        assert [(c, due.isoformat(), v) for c, due, v in d.sql(classes)] == [("on_time", "2015-06-10T12:00:00", 2)]
        d.audit()
        d.kipthoi("rebuild", "--yes")
        d.wait_settled()
        assert [(c, due.isoformat(), v) for c, due, v in d.sql(classes)] == [("on_time", "2015-06-10T12:00:00", 2)]
        assert d.value("SELECT count(*) FROM duty WHERE state = 'owed'") == 0
        assert d.value("SELECT count(*) FROM projection") == 0
        d.audit()


def test_a_calendar_that_concerns_more_than_a_turn_takes():
    """Without a calendar no online dossier has a known term of acceptance; with one all have, some thousands a turn."""
    with Deployment(settings={"deployment.clock": "2015-07-01T00:00:00Z"}) as d:
        d.start()
        d.send_events([event(f"D{n}", "received", "2015-06-01T09:00:00-04:00", 1, channel="online", unit="U") for n in range(24000)])
        d.wait_settled()
        assert d.sql("SELECT DISTINCT calendar::int FROM dossier") == [(-1,)]
        turns = d.metrics("scorer")["kipthoi_scorer_slices_total"]
        office = d.dir / "office.calendar"
        office.write_text(OFFICE)
        d.kipthoi("calendar", "load", str(office), check=0)
        wait_until(lambda: d.value("SELECT bool_and(calendar = 1) FROM dossier") and d.settled(), "all are judged by the calendar")
        assert d.metrics("scorer")["kipthoi_scorer_slices_total"] > turns, "no shard had too many for a turn: this test shows nothing"
        d.audit()


def test_two_scorers_know_each_other_s_procedures():
    """What one registers the other judges by: here the term of the procedure, which the second event does not name."""
    with Deployment(settings={"deployment.clock": "2015-07-01T00:00:00Z"}) as d:
        terms, office = d.dir / "terms.csv", d.dir / "office.calendar"
        terms.write_text("procedure,term\nP1,5 working days\n")
        office.write_text(OFFICE)
        d.kipthoi("calendar", "load", str(office), check=0)
        d.kipthoi("procedures", "load", str(terms), check=0)
        d.start()
        d.send_events([event("OLD", "received", "2015-05-01T09:00:00-04:00", 1, unit="U1")])
        d.wait_settled()

        def asleep():
            """Stopped between two turns, so that it holds nothing."""
            d.signal("scorer", signal.SIGSTOP)
            if d.value("SELECT bool_and(state = 'idle') FROM pg_stat_activity WHERE application_name LIKE 'kipthoi-scorer%%' "
                       "AND datname = current_database()"):
                return True
            d.signal("scorer", signal.SIGCONT)
            return False
        wait_until(asleep, "the first scorer rests")
        d.start_as("scorer2", "scorer", {"scorer.bell": ""})
        d.send_events([event("NEW", "received", "2015-06-01T09:00:00-04:00", 1, procedure="P1", unit="U1")])
        d.wait_settled()
        verdict = "SELECT promise::text, due_computed IS NOT NULL FROM dossier WHERE code = 'NEW'"
        assert d.sql(verdict) == [("overdue", True)]
        d.stop("scorer2")
        d.signal("scorer", signal.SIGCONT)
        d.send_events([event("NEW", "accepted", "2015-06-01T10:00:00-04:00", 2)])
        d.wait_settled()
        assert d.sql(verdict) == [("overdue", True)]
        d.audit()


def test_an_unreadable_ledger_row_stops_nobody():
    with Deployment() as d:
        d.expect_error("LEDGER-UNREADABLE")
        d.start("ingest")
        d.send_events([finished(f"D{n}") for n in range(20)])
        d.sql("UPDATE event SET payload = '{' WHERE dossier = 'D7'")
        d.start("scorer", "notifier")
        d.wait_settled()
        assert d.value("SELECT count(*) FROM dossier") == 19
        done = d.kipthoi("audit")
        assert done.returncode == 1 and "D7" in done.stdout, done.stdout


def test_clock_that_steps_back_changes_nothing():
    with Deployment() as d:
        d.start()
        d.send_events([event("A", "received", "2015-05-01T09:00:00-04:00", 1, due="2016-01-13T02:00:00-05:00")])
        d.wait_settled()
        assert d.value("SELECT promise::text FROM dossier") == "overdue"
        d.stop("scorer")
        d.start("scorer", sets={"deployment.clock": "2016-01-12T03:00:00-05:00"})
        d.send_events([event("A", "accepted", "2015-05-02T09:00:00-04:00", 2)])
        d.wait_settled()
        assert d.value("SELECT promise::text FROM dossier") == "overdue"
        d.audit()


def test_units_roll_up_to_their_parents():
    """Leaves, a middle unit with cases of its own, and a cycle that must not hang anything."""
    with Deployment() as d:
        d.start()
        ward = itertools.count(1)

        def case(unit, parent, late):
            return finished(f"W{next(ward)}", due="2015-05-20T00:00:00-04:00" if late else "2015-07-01T00:00:00-04:00",
                            unit=unit, unit_parent=parent)
        d.send_events([case("H29.1", "H29", True), case("H29.1", "H29", False), case("H29.2", "H29", False),
                       case("H29", "VN", False), case("X", "Y", True), case("Y", "X", False)])
        d.wait_settled()
        rows = {row["unit"]: (row["finished"], row["late"], row["rate"]) for row in d.rates("unit")["rows"]}
        assert rows == {"H29.1": (2, 1, "50.00"), "H29.2": (1, 0, "100.00"), "H29": (4, 1, "75.00"),
                        "VN": (4, 1, "75.00"), "X": (2, 1, "50.00"), "Y": (2, 1, "50.00")}, rows
        assert d.rates("unit")["total"]["finished"] == 6
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
