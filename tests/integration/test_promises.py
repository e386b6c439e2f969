# SPDX-License-Identifier: MIT
"""A dossier that was re-appointed and is late again: how many promises were broken, which is next, and what the notifier
hears of it before anything is due."""
from deployment import Deployment, run_tests, wait_until

UNIT = {"unit": "U1", "field": "F", "procedure": "P"}
STATE = """SELECT promise::text, broken, to_char(next_due AT TIME ZONE 'America/New_York', 'MM-DD HH24:MI'),
    to_char(flips_at AT TIME ZONE 'America/New_York', 'MM-DD HH24:MI') FROM dossier WHERE code = %s"""
WHOLE = "SELECT d.*, (SELECT array_agg(p ORDER BY p.episode) FROM promise p WHERE p.code = d.code) FROM dossier d ORDER BY d.code"
LATER = """SELECT episode, to_char(due_at AT TIME ZONE 'America/New_York', 'MM-DD HH24:MI') FROM promise WHERE code = %s
    ORDER BY episode"""
CHANGES = "SELECT was::text, now::text, broken FROM verdict_change WHERE code = %s ORDER BY xid"
# Monday to Friday 09:00 to 17:00.
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


def at(day, time="12:00:00"):
    """A moment of 2015 in New York, whose clocks are four hours behind all the while."""
    return f"2015-{day}T{time}-04:00"


def event(dossier, number, what, time, **data):
    for name in ("due", "finished"):
        if name in data:
            data[name] = at(*data[name].split())
    return {"specversion": "1.0", "id": f"{dossier}-{number}", "source": "urn:t", "type": f"vn.kipthoi.dossier.{what}.v1",
            "time": time, "data": {"dossier": dossier, **data}}


def audit(d):
    """As of the moment that the stages have come to."""
    d.kipthoi("audit", "--set", f"deployment.clock={d.moment}", check=0)


class Story:
    """A deployment whose clock is moved by hand."""

    def __init__(self, d):
        self.d = d

    def until(self, moment, *events):
        """Moves the clock on, sends what has happened and waits until all is judged as of then."""
        self.d.stop()
        self.d.moment = moment
        self.d.start(sets={"deployment.clock": moment})
        if events:
            self.d.send_events(list(events))
        wait_until(lambda: self.d.value("SELECT bool_and(judged_at >= %s::timestamptz) FROM scorer_cursor", moment),
                   f"the scorer has come to {moment}")
        self.d.wait_settled()
        audit(self.d)

    def expect(self, code, *state):
        found = self.d.sql(STATE, code)
        assert found == [state], found


def test_late_again_and_again():
    with Deployment() as d:
        story = Story(d)
        story.until(at("05-04"), event("A", 1, "received", at("05-01"), due="05-20 17:00:00", **UNIT))
        story.expect("A", "in_time", 0, "05-20 17:00", "05-20 17:00")
        # Put off before it is due: the first promise stays the next one.
        story.until(at("05-18"), event("A", 2, "rescheduled", at("05-18"), due="05-22 17:00:00"))
        story.expect("A", "in_time", 0, "05-20 17:00", "05-20 17:00")
        story.until(at("05-20", "17:00:00.000001"))
        story.expect("A", "overdue", 1, "05-22 17:00", "05-22 17:00")
        story.until(at("05-22", "17:00:00"))
        story.expect("A", "overdue", 1, "05-22 17:00", "05-22 17:00")
        # The scorer is killed, and time goes on without it.
        d.kill("scorer")
        story.until(at("05-24"))
        story.expect("A", "overdue", 2, None, None)
        # What is not later than the last promise is none.
        story.until(at("05-25"), event("A", 3, "rescheduled", at("05-25"), due="05-22 17:00:00"),
                    event("A", 4, "rescheduled", at("05-25", "12:00:01"), due="05-21 17:00:00"))
        story.expect("A", "overdue", 2, None, None)
        story.until(at("05-26"), event("A", 5, "rescheduled", at("05-26"), due="05-29 17:00:00"),
                    event("A", 6, "rescheduled", at("05-26", "12:00:01"), due="06-05 17:00:00"))
        story.expect("A", "overdue", 2, "05-29 17:00", "05-29 17:00")
        assert d.sql(LATER, "A") == [(2, "05-22 17:00"), (3, "05-29 17:00"), (4, "06-05 17:00")]
        rebuilt(d)
        story.until(at("05-30"))
        story.expect("A", "overdue", 3, "06-05 17:00", "06-05 17:00")
        rebuilt(d)
        story.until(at("06-05", "17:00:00"), event("A", 7, "finished", at("06-05", "17:00:00")))
        story.expect("A", "late", 3, None, None)
        rebuilt(d)
        # The end is corrected: it was in time; and again: it was after the last promise.
        story.until(at("06-08"), event("A", 8, "finished", at("06-08"), finished="05-20 17:00:00"))
        story.expect("A", "on_time", 0, None, None)
        story.until(at("06-09"), event("A", 9, "finished", at("06-09"), finished="06-05 17:00:01"))
        story.expect("A", "late", 4, None, None)
        rebuilt(d)


def rebuilt(d):
    """Folded anew from the ledger, everything is as the ticks have left it."""
    before = d.sql(WHOLE)
    d.rebuild()
    d.wait_settled()
    assert d.sql(WHOLE) == before
    audit(d)


def test_what_the_notifier_hears():
    with Deployment() as d:
        story = Story(d)
        office = d.dir / "office.calendar"
        office.write_text(OFFICE)
        d.kipthoi("calendar", "load", str(office), check=0)
        due = {"due": "05-20 17:00:00"}
        story.until(
            at("05-05"),
            *(event(code, 1, "received", at("05-01"), **due, **UNIT) for code in ("OPEN", "MOVES", "WAITS", "PUT-OFF", "TOLD-LATE")),
            event("ENDED", 1, "finished", at("05-04"), **due, **UNIT),
            event("NO-DUE", 1, "received", at("05-01"), **UNIT))
        story.until(at("05-06"), event("OPEN", 2, "accepted", at("05-06"), due="05-25 17:00:00", **UNIT),   # the first due counts
                    event("MOVES", 2, "accepted", at("05-06"), unit="U2"),
                    event("WAITS", 2, "supplement_requested", at("05-06")),
                    event("PUT-OFF", 2, "rescheduled", at("05-06"), due="05-22 17:00:00"),
                    event("TOLD-LATE", 2, "rescheduled", at("05-06"), due="05-22 17:00:00"),
                    event("NO-DUE", 2, "accepted", at("05-06")))
        story.expect("WAITS", "paused", 0, None, None)
        # From Wednesday 12:00 to Thursday 12:00: eight hours of work, a day.
        story.until(at("05-07"), event("WAITS", 3, "supplemented", at("05-07")))
        story.expect("WAITS", "in_time", 0, "05-21 17:00", "05-21 17:00")
        story.until(at("05-20"), event("OPEN", 3, "finished", at("05-20")), event("WAITS", 4, "finished", at("05-20")))
        story.until(at("05-23"))
        story.until(at("05-25"), event("PUT-OFF", 3, "rescheduled", at("05-25"), due="05-27 17:00:00"),
                    event("MOVES", 3, "rescheduled", at("05-25"), due="05-27 17:00:00"))
        story.until(at("05-26"), event("MOVES", 4, "accepted", at("05-26"), unit="U3"),
                    event("PUT-OFF", 4, "supplement_requested", at("05-26")),
                    # Told before the other one, which is no promise then: the second broken one is another now.
                    event("TOLD-LATE", 3, "rescheduled", at("05-06", "11:00:00"), due="05-24 17:00:00"))
        story.until(at("05-27"), event("TOLD-LATE", 4, "accepted", at("05-27")))    # changes nothing
        story.expect("PUT-OFF", "overdue", 2, None, None)
        story.until(at("05-28"), event("PUT-OFF", 5, "finished", at("05-28")))
        story.expect("PUT-OFF", "late", 3, None, None)
        # The end is corrected: the third was kept.  That the end is another one still is no news.
        story.until(at("05-29"), event("PUT-OFF", 6, "finished", at("05-29"), finished="05-27 17:00:00"))
        story.until(at("05-30"), event("PUT-OFF", 7, "finished", at("05-30"), finished="05-27 16:00:00"))
        story.expect("PUT-OFF", "late", 2, None, None)
        heard = {code: d.sql(CHANGES, code) for code, in d.sql("SELECT code FROM dossier")}
        seen, over = (None, "in_time", 0), ("in_time", "overdue", 1)
        assert heard == {
            "OPEN": [seen, ("in_time", "on_time", 0)],
            # Another unit before the due; the due is over; another promise, another unit; that one is over too.
            "MOVES": [seen, ("in_time", "in_time", 0), over, ("overdue", "overdue", 1), ("overdue", "overdue", 1),
                      ("overdue", "overdue", 2)],
            "WAITS": [seen, ("in_time", "paused", 0), ("paused", "in_time", 0), ("in_time", "early", 0)],
            # Both promises are over when the clock is looked at; a third one; it waits; it has ended, and ended earlier.
            "PUT-OFF": [seen, ("in_time", "overdue", 2), ("overdue", "overdue", 2), ("overdue", "overdue", 2), ("overdue", "late", 3),
                        ("late", "late", 2)],
            "TOLD-LATE": [seen, ("in_time", "overdue", 2), ("overdue", "overdue", 2)],
            "ENDED": [],
            "NO-DUE": [],
        }, heard
        assert d.sql(LATER, "TOLD-LATE") == [(2, "05-24 17:00")]
        # Told anew, only what stands: the ended ones that were in time are no news.
        d.rebuild()
        d.wait_settled()
        assert {code: d.sql(CHANGES, code) for code in heard} == {
            "OPEN": [], "WAITS": [], "ENDED": [], "NO-DUE": [], "MOVES": [(None, "overdue", 2)], "PUT-OFF": [(None, "late", 2)],
            "TOLD-LATE": [(None, "overdue", 2)]}
        d.audit()


def test_explain_names_the_promises():
    with Deployment() as d:
        story = Story(d)
        story.until(at("05-18"), event("A", 1, "received", at("05-01"), due="05-20 17:00:00", **UNIT),
                    event("A", 2, "rescheduled", at("05-18"), due="05-22 17:00:00"),
                    event("A", 3, "rescheduled", at("05-18", "12:00:01"), due="05-29 17:00:00"),
                    event("ONE", 1, "received", at("05-01"), due="05-20 17:00:00", **UNIT))
        story.until(at("05-21"), event("A", 4, "accepted", at("05-21"), unit="U2"))
        story.until(at("05-23"))
        told = d.json("explain", "A")
        assert told["promises"] == [
            {"episode": 1, "due": "2015-05-20T21:00:00Z", "broken": True},
            {"episode": 2, "due": "2015-05-22T21:00:00Z", "broken": True},
            {"episode": 3, "due": "2015-05-29T21:00:00Z", "broken": False}], told["promises"]
        assert (told["broken"], told["next_due"], told["promise"]["flips_at"]) == (2, *["2015-05-29T21:00:00Z"] * 2), told
        assert told["differs"] == [] and told["stored"] is None, told
        # That it went to another unit changed no verdict.
        assert [(c["was"], c["now"], c["broken"]) for c in told["verdict_changes"]] == [
            ("in_time", "overdue", 1), ("overdue", "overdue", 2)], told["verdict_changes"]
        one = d.json("explain", "ONE")
        assert (one["promises"], one["broken"], one["next_due"]) == ([], 1, None), one
        for language, title, yes, no in (("en", "Promises", "yes", "no"), ("vi", "Các lần hẹn trả", "có", "không")):
            shown = d.kipthoi("--lang", language, "explain", "A", check=0).stdout
            lines = shown[shown.index(f"\n{title}\n"):].splitlines()[3:6]
            assert [line.split()[::3] for line in lines] == [["1", yes], ["2", yes], ["3", no]], shown
            assert f"\n{title}\n" not in d.kipthoi("--lang", language, "explain", "ONE", check=0).stdout
        # A row that says otherwise is told from what the events come to.
        d.sql("UPDATE dossier SET broken = 1, next_due = NULL WHERE code = 'A'")
        assert d.json("explain", "A")["differs"] == ["broken", "next_due"]
        d.sql("UPDATE dossier SET broken = 2, next_due = '2015-05-29T21:00:00Z' WHERE code = 'A'")


if __name__ == "__main__":
    run_tests(globals())
