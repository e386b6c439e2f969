# SPDX-License-Identifier: MIT
"""What officials see of a verdict: kipthoi explain, kipthoi flags, and the rates of the portal.

Expected values are worked out by hand from docs/rules.md, in Ho Chi Minh City, with the hours of deploy/calendars
(07:00-11:30, 13:30-17:00 Monday to Friday).  March 2026 has no day off there, and its 2nd is a Monday; 16 to 20
February is the Lunar New Year.
"""
import csv
import io
import re
import time
from datetime import datetime, timedelta

import counters
from deployment import ROOT, Deployment, run_tests, wait_until

SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-03-20T12:00:00+07:00"}
CALENDAR = ROOT / "deploy/calendars/vietnam.calendar"
HOUR_S = 3600


def at(day, clock="17:00"):
    return f"2026-03-{day:02}T{clock}:00+07:00"


def utc(day, clock="17:00"):
    """The same as JSON answers tell it."""
    hour, minute = map(int, clock.split(":"))
    return f"2026-03-{day:02}T{hour - 7:02}:{minute:02}:00Z"


def event(dossier, what, moment, number, source="urn:t", **data):
    return {"specversion": "1.0", "id": f"{dossier}-{number}", "source": source,
            "type": f"vn.kipthoi.dossier.{what}.v1", "time": moment, "data": {"dossier": dossier, **data}}


def story(dossier, due, *steps, source="urn:t", received=at(2, "08:00")):
    """Received on Monday 2 March 08:00, then steps of (what, time, data)."""
    data = {"unit": "U1", "field": "F", **({"due": due} if due else {})}
    events = [event(dossier, "received", received, 0, source, **data)]
    for number, (what, moment, *more) in enumerate(steps, 1):
        events.append(event(dossier, what, moment, number, source, **(more[0] if more else {})))
    return events


# Wednesday 10:00 to Friday 10:00: 5 + 8 + 3 = 16 working hours, two days; by the clock 48 hours, two days too.
ASKED = ("supplement_requested", at(4, "10:00"), {"reason": "bản sao"})
STORIES = [
    story("EARLY", at(9), ("finished", at(5, "10:00"))),
    story("LATE", at(9), ("finished", at(10, "09:30"))),
    story("PAUSED", at(9), ASKED, ("supplemented", at(6, "10:00")), ("finished", at(11, "16:00"))),
    story("LATER", at(9), ASKED, ("supplemented", at(6, "10:00")), ("finished", at(12, "10:00"))),
    # The first due is missed, the one in force kept.
    story("MOVED", at(5), ("rescheduled", at(4, "09:00"), {"due": at(12)}), ("finished", at(11, "10:00"))),
    # One request more than the portal allows.
    story("TWICE", at(10), ("supplement_requested", at(3, "08:00")), ("supplemented", at(3, "09:00")),
          ("supplement_requested", at(4, "08:00")), ("supplemented", at(4, "09:00")), ("finished", at(9, "10:00"))),
    story("WAITS", at(9), ASKED),
    story("GONE", at(9), ("withdrawn", at(4, "10:00"))),
    story("OVER", at(9)),
    story("OPEN", at(30)),
    story("BARE", None, ("finished", at(5, "10:00"))),
    # Friday 16:00 + one working day: one hour on Friday, seven on Monday, until 16:00.
    [event("ONLINE", "received", at(6, "16:00"), 0, unit="U1", field="F", channel="online", due=at(30)),
     event("ONLINE", "accepted", at(9, "09:30"), 1)],
    story("AHEAD", "2099-12-31T17:00:00+07:00", ("finished", at(5, "10:00"))),
]
# dossier: promise, portal, the due under each, the switch that makes the difference
VERDICTS = {
    "EARLY": ("early", "early", utc(9), utc(9), None),
    "LATE": ("late", "late", utc(9), utc(9), None),
    "PAUSED": ("on_time", "on_time", utc(11), utc(11), None),
    "LATER": ("late", "late", utc(11), utc(11), None),
    "MOVED": ("late", "early", utc(5), utc(12), "due"),
    # Two working hours after the 10th 17:00, two hours by the clock.
    "TWICE": ("early", "late", utc(11, "09:00"), utc(10, "19:00"), "supplement_limit"),
    "WAITS": ("paused", "paused", utc(9), utc(9), None),
    "GONE": ("excluded", "early", utc(9), utc(9), "withdrawn"),
    "OVER": ("overdue", "overdue", utc(9), utc(9), None),
    "OPEN": ("in_time", "in_time", utc(30), utc(30), None),
    "BARE": ("excluded", "excluded", None, None, None),
    "ONLINE": ("in_time", "in_time", utc(30), utc(30), None),
    "AHEAD": ("early", "early", "2099-12-31T10:00:00Z", "2099-12-31T10:00:00Z", None),
}


def deployed():
    d = Deployment(settings=SETTINGS)
    d.kipthoi("calendar", "load", CALENDAR, "--why", "test", "--yes", check=0)
    d.start()
    return d


def send(d, stories):
    d.send_events([one for events in stories for one in events])
    d.wait_settled()


def explain(d, dossier, *arguments):
    return d.json("explain", dossier, *arguments)


def check_verdicts(d):
    for dossier, (promise, portal, promise_due, portal_due, switch) in VERDICTS.items():
        shown = explain(d, dossier)
        assert (shown["promise"]["class"], shown["portal"]["class"]) == (promise, portal), (dossier, shown)
        assert (shown["promise"]["due"], shown["portal"]["due"]) == (promise_due, portal_due), (dossier, shown)
        gap = shown["gap"]["switches"] if shown["gap"] else None
        assert gap == ([switch] if switch else None), (dossier, gap)
        assert shown["differs"] == [] and shown["stored"] is None, (dossier, shown["differs"])
        assert shown["as_of"] == utc(20, "12:00"), shown["as_of"]
        assert (shown["intake"]["class"] is not None) == (dossier == "ONLINE"), shown["intake"]


def check_sentences(d):
    late = explain(d, "LATE")["promise"]
    assert late["why"] == "ended 2026-03-10 09:30, due 2026-03-09 17:00: late, 16 h 30 min after", late
    assert late["needed"] == "an end 16 h 30 min earlier, by 2026-03-09 17:00", late
    # What has no end yet cannot have one earlier.
    over = explain(d, "OVER")["promise"]
    assert over["needed"] == "an end by 2026-03-09 17:00, 10 d 19 h ago", over
    twice = explain(d, "TWICE")
    assert twice["portal"]["reason"] == "supplements" and "2 times" in twice["portal"]["why"], twice["portal"]
    assert twice["portal"]["needed"] == "one supplement request less", twice["portal"]
    assert twice["gap"] == {"switches": ["supplement_limit"], "why": "supplement_limit: promise 0, portal 1"}, twice["gap"]
    intake = explain(d, "ONLINE")["intake"]
    assert (intake["class"], intake["day"], intake["due"]) == ("on_time", "2026-03-09", utc(9, "16:00")), intake
    paused = explain(d, "PAUSED")
    assert paused["promise"]["base_due"] == utc(9) and paused["promise"]["base"] == "first", paused["promise"]
    pause, = paused["pauses"]
    assert (pause["from"], pause["to"], pause["reason"]) == (utc(4, "10:00"), utc(6, "10:00"), "bản sao"), pause
    assert pause["working_s"] == 16 * HOUR_S, pause
    assert pause["promise_moved_s"] == pause["portal_moved_s"] == 48 * HOUR_S, pause
    assert paused["calendar"]["version"] == 1 and paused["calendar"]["name"] == "Vietnam", paused["calendar"]
    assert explain(d, "WAITS")["paused_since"] == utc(4, "10:00")
    assert explain(d, "BARE")["promise"]["reason"] == "no_due"
    # TWICE: the first hour on the 3rd leads from the 10th 17:00 over the night to the 11th 08:00, the second to 09:00.
    assert [p["promise_moved_s"] for p in twice["pauses"]] == [15 * HOUR_S, HOUR_S], twice["pauses"]
    assert [p["portal_moved_s"] for p in twice["pauses"]] == [HOUR_S, HOUR_S], twice["pauses"]


def check_languages(d):
    """Every screen has its sentences in both languages, and programs get the same names in both."""
    words = {"en": ["promise", "portal", "intake clock", "would have to differ", "they differ because", "rules used"],
             "vi": ["theo lời hẹn", "theo Cổng quốc gia", "đồng hồ tiếp nhận", "điều cần khác đi", "khác nhau vì",
                    "quy tắc áp dụng"]}
    for language, expected in words.items():
        shown = d.kipthoi("--lang", language, "explain", "MOVED", "--count", check=0).stdout
        for word in expected:
            assert word in shown, (word, shown)
        assert "{" not in shown, shown
    # Received and accepted have one name each, as dates and as events.
    online = d.kipthoi("--lang", "vi", "explain", "ONLINE", check=0).stdout
    for title, moment in (("tiếp nhận", "2026-03-06 16:00"), ("chấp nhận xử lý", "2026-03-09 09:30")):
        assert re.search(rf"^  {title} +{moment}$", online, re.M), online
        assert re.search(rf"^{moment} .* {title} ", online, re.M), online
    assert "chấp nhận xử lý 2026-03-09 09:30, thời hạn tiếp nhận đến 2026-03-09 16:00" in online, online
    english, vietnamese = (d.json("--lang", lang, "explain", "MOVED") for lang in ("en", "vi"))
    assert sorted(english) == sorted(vietnamese)
    assert english["promise"]["class"] == vietnamese["promise"]["class"] == "late"
    assert "sooner" not in vietnamese["promise"]["needed"] and "sớm hơn" in vietnamese["promise"]["needed"]


def check_flags(d):
    answer = d.json("flags", "--flag", "told_late")
    counts = {row["flag"]: (row["dossiers"], row["share"]) for row in answer["flags"]}
    assert len(counts) == 14 and answer["dossiers"] == 13, answer
    # All nine that ended are told by the clock of the server, months later: 9 of 13.
    assert counts.pop("told_late") == (9, "69.23"), answer["flags"]
    assert set(counts.values()) == {(0, "0.00")}, counts
    ended = ["AHEAD", "BARE", "EARLY", "GONE", "LATE", "LATER", "MOVED", "PAUSED", "TWICE"]
    assert [row["dossier"] for row in answer["rows"]] == ended, answer["rows"]
    # Late: LATE, LATER, MOVED.  Told after a due that was kept: EARLY, PAUSED, TWICE; the due of AHEAD is to come.
    source, = answer["sources"]
    assert (source["source"], source["ended"]) == ("urn:t", 9), source
    assert (source["late_in_fact"], source["late_on_wire"], source["wire_share"]) == (3, 3, "50.00"), source
    # Nine delays: the fifth least is that of the fifth latest end (12th, 11th, 11th, 10th, 9th), the ninth that of GONE.
    for column, dossier in (("told_after_median_s", "TWICE"), ("told_after_p90_s", "GONE")):
        shown = explain(d, dossier)
        told, end = (datetime.fromisoformat(shown[name].replace("Z", "+00:00")) for name in ("told_at", "end"))
        assert source[column] == (told - end) // timedelta(seconds=1), (column, source, shown["told_at"])
    assert answer["bulk_resets"] == []
    assert d.json("flags", "--flag", "told_late", "--limit", "2")["rows"] == answer["rows"][:2]
    shown = d.kipthoi("flags", "--flag", "told_late", check=0).stdout
    assert "69.23" in shown and "due_moved" not in shown and "Late on the wire" not in shown, shown
    assert "dossiers: 13; as of" in shown, shown
    d.kipthoi("flags", "--source", "urn:nobody", check=1)
    assert d.json("flags", "--unit", "U1")["dossiers"] == 13
    rows = list(csv.DictReader(io.StringIO(d.kipthoi("flags", "--csv", check=0).stdout)))
    assert [row["dossiers"] for row in rows if row["flag"] == "told_late"] == ["9"], rows
    d.kipthoi("flags", "--flag", "odd", check=2)


def check_rates(d):
    def total(*arguments):
        return d.json("rates", *arguments)["total"]

    promise = total()
    assert (promise["over"], promise["rate"], promise["rate_with_overdue"]) == ("finished", "57.14", "50.00"), promise
    assert promise["rate_portal"] is None and promise["score"] is None, promise
    # By hand from VERDICTS: kept 4 + 1, in time 2, paused 1, of 12; without open ones 5 of 8.
    portal = total("--rule", "portal")
    assert (portal["over"], portal["counted"], portal["rate"], portal["score"]) == ("portal", 12, "66.67", "13.33"), portal
    assert (portal["rate_portal"], portal["rate_finished"], portal["excluded"]) == ("66.67", "62.50", 1), portal
    # Ended since the 10th: LATE, PAUSED, LATER, MOVED; and all four that are open, though received before.
    later = total("--rule", "portal", "--from", "2026-03-10", "--to", "2026-03-31")
    assert (later["early"], later["on_time"], later["late"]) == (1, 1, 2), later
    assert (later["overdue"], later["in_time"], later["paused"], later["counted"]) == (1, 2, 1, 8), later
    assert (later["rate"], later["score"]) == ("62.50", "12.50"), later
    # Received by the 5th: not ONLINE.
    sooner = total("--rule", "portal", "--from", "2026-03-03", "--to", "2026-03-05")
    assert (sooner["early"], sooner["in_time"], sooner["counted"], sooner["excluded"]) == (3, 1, 6, 0), sooner
    assert (sooner["rate"], sooner["score"]) == ("83.33", "16.67"), sooner
    # Under the promise open dossiers stand on their own days.
    assert total("--from", "2026-03-10", "--to", "2026-03-31")["in_time"] == 0
    intake = total("--rule", "intake")
    assert (intake["on_time"], intake["finished"], intake["rate"]) == (1, 1, "100.00"), intake
    d.kipthoi("rates", "--rule", "portal", "--target", "66.67", "--check", check=1)  # 66.666... is less
    d.kipthoi("rates", "--rule", "portal", "--target", "66.66", "--check", check=0)
    d.kipthoi("rates", "--rule", "city", check=2)


def check_late(d):
    rows = {row["dossier"]: row for row in d.json("late")["rows"]}
    assert sorted(rows) == ["LATE", "LATER", "MOVED", "OVER"], rows
    later = rows["LATER"]
    assert (later["due"], later["due_first"], later["days_late"]) == (utc(11), utc(9), 1), later
    assert later["late_by_s"] == 17 * HOUR_S, later
    assert rows["LATE"]["due_first"] is None, rows["LATE"]
    for language in ("en", "vi"):
        for command in (["late"], ["rates"], ["rates", "--rule", "portal"], ["flags", "--flag", "told_late"]):
            shown = d.kipthoi("--lang", language, *command, check=0).stdout
            assert max(map(len, shown.splitlines())) <= 120, (command, shown)
    assert "first due" in d.kipthoi("late", check=0).stdout
    assert "first due" not in d.kipthoi("late", "--open", check=0).stdout


def test_what_officials_see():
    with deployed() as d:
        send(d, STORIES)
        check_verdicts(d)
        check_sentences(d)
        check_languages(d)
        check_flags(d)
        check_rates(d)
        check_late(d)
        d.audit()


def test_working_time_is_counted_day_by_day():
    with deployed() as d:
        # Thursday 12 February 14:00 to Tuesday 24 February 09:30, over the Lunar New Year.
        send(d, [STORIES[2], story("TET", "2026-02-24T09:30:00+07:00", received="2026-02-12T14:00:00+07:00")])
        whole, pause = explain(d, "PAUSED", "--count")["count"]
        # Monday from 08:00: 3.5 + 3.5 hours; then four days, and three in the second week.
        assert (whole["of"], whole["working_s"]) == ("start_to_due", (7 + 7 * 8) * HOUR_S), whole
        assert (pause["of"], pause["working_s"]) == ("pause", 16 * HOUR_S), pause
        assert [(day["day"], day["counted_s"] / HOUR_S, day["total_s"] / HOUR_S) for day in pause["days"]] == [
            ("2026-03-04", 5, 5), ("2026-03-05", 8, 13), ("2026-03-06", 3, 16)], pause
        tet, = explain(d, "TET", "--count")["count"]
        assert [day["counted_s"] / HOUR_S for day in tet["days"]] == [3, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2.5], tet
        assert tet["days"][-1]["total_s"] == tet["working_s"] == 21.5 * HOUR_S, tet
        assert [day["kind"] for day in tet["days"]] == ["work"] * 2 + ["rest"] * 2 + ["off"] * 5 + ["rest"] * 2 + ["work"] * 2
        assert "Tết" in tet["days"][5]["name"] and tet["days"][5]["day"] == "2026-02-17", tet["days"][5]
        for language in ("en", "vi"):
            shown = d.kipthoi("--lang", language, "explain", "TET", "--count", check=0).stdout
            assert "21:30" in shown and "Mùng hai Tết Nguyên Đán" in shown, shown


def test_days_of_a_count_are_said_as_calendar_due_says_them():
    with deployed() as d:
        # Over 24 November, which is not settled; over the Saturday that made up for 2 May 2025.
        send(d, [story("LONG", "2026-11-26T17:00:00+07:00"),
                 story("SWAP", "2025-04-29T17:00:00+07:00", received="2025-04-25T08:00:00+07:00")])
        whole, = explain(d, "LONG", "--count")["count"]
        counted = {day["day"]: day for day in whole["days"]}
        due = d.json("calendar", "due", "--from", "2026-03-02 08:00", "--term", f"{whole['working_s'] // HOUR_S} hours")
        assert due["due"] == "2026-11-26T10:00:00Z", due["due"]
        said = {day["day"]: day for day in due["days"]}
        assert sorted(counted) == sorted(said)
        for day, row in counted.items():
            for name in ("weekday", "hours", "counted_s", "kind", "settled", "name"):
                assert row[name] == said[day][name], (row, said[day])
        assert (counted["2026-03-07"]["kind"], counted["2026-03-07"]["name"]) == ("rest", ""), counted["2026-03-07"]
        assert not counted["2026-11-24"]["settled"], counted["2026-11-24"]
        for language, day_off, unsettled, make_up in (("en", "day off", "not settled yet", "make-up day"),
                                                      ("vi", "ngày nghỉ", "chưa chính thức", "ngày làm bù")):
            shown = d.kipthoi("--lang", language, "explain", "LONG", "--count", check=0).stdout
            assert f"{day_off}; Ngày Văn hóa Việt Nam; {unsettled}\n" in shown, shown
            shown = d.kipthoi("--lang", language, "explain", "SWAP", "--count", check=0).stdout
            assert re.search(rf"^2025-04-26 .* {make_up}; làm bù cho 2025-05-02$", shown, re.M), shown


def test_a_request_that_was_never_answered():
    with deployed() as d:
        once = (("supplement_requested", at(3, "08:00")), ("supplemented", at(3, "09:00")))
        unanswered = ("supplement_requested", at(6, "10:00"))
        send(d, [story("BROKEN", at(9), *once, ("supplement_requested", at(4, "08:00"))),
                 story("BROKEN2", at(5), *once, unanswered),
                 story("ENDED", at(9), ASKED, ("finished", at(6, "10:00"))),
                 story("DEDUCT", at(5), unanswered, ("finished", at(9, "10:00"))),
                 story("DEDUCT2", at(5), unanswered, ("finished", at(8, "17:00"))),
                 story("DEDUCT3", at(5), unanswered, ("finished", at(5, "17:00"))),
                 story("DEDUCT4", at(5), unanswered, ("finished", at(5, "17:01")))])
        # With one request less it waits since before its due, however late it is now.
        portal = explain(d, "BROKEN")["portal"]
        assert (portal["class"], portal["reason"], portal["needed"]) == (
            "overdue", "supplements", "one supplement request less"), portal
        # The first request moved the due by an hour, to 18:00; the second came after that.
        portal = explain(d, "BROKEN2")["portal"]
        assert (portal["class"], portal["reason"], portal["needed"]) == (
            "overdue", "supplements",
            "one supplement request less, and the request 16 h 0 min earlier, by 2026-03-05 18:00"), portal
        assert explain(d, "BROKEN")["paused_since"] == utc(4, "08:00")
        # The pause that was open at the end ends there: 16 working hours, which move the promise from the 9th to the 11th.
        ended = explain(d, "ENDED", "--count")
        assert (ended["promise"]["due"], ended["promise"]["class"], ended["paused_since"]) == (utc(11), "early", None), ended
        pause, = ended["pauses"]
        assert (pause["to"], pause["working_s"], pause["promise_moved_s"]) == (None, 16 * HOUR_S, 48 * HOUR_S), pause
        whole, counted = ended["count"]
        assert (whole["of"], whole["to"]) == ("start_to_due", utc(11)), whole
        assert (counted["of"], counted["from"], counted["to"], counted["working_s"]) == (
            "pause", utc(4, "10:00"), utc(6, "10:00"), 16 * HOUR_S), counted
        shown = d.kipthoi("explain", "ENDED", "--count", check=0).stdout
        assert "waiting since" not in shown and "pause from 2026-03-04 10:00 to 2026-03-06 10:00" in shown, shown
        assert "waiting since" in d.kipthoi("explain", "BROKEN", check=0).stdout
        # By the portal the 72 hours until the end move the due to the 8th 17:00, but an end by then would move it to
        # the 8th 00:00 only: it is an end before the request that is needed.
        portal = explain(d, "DEDUCT")["portal"]
        assert (portal["class"], portal["due"], portal["needed"]) == (
            "late", utc(8), "an end 3 d 17 h earlier, by 2026-03-05 17:00"), portal
        classes = [explain(d, f"DEDUCT{number}")["portal"]["class"] for number in (2, 3, 4)]
        assert classes == ["late", "on_time", "late"], classes
        d.audit()


def test_a_term_and_a_payment_are_explained():
    d = Deployment(settings=SETTINGS)
    d.kipthoi("calendar", "load", CALENDAR, "--why", "test", "--yes", check=0)
    d.sql("""INSERT INTO procedure_term (procedure, effective_from, term_count, term_unit, pause_mode, note, loaded_by)
        VALUES ('1.000656', '-infinity', 5, 'working_days', 'pause', 'test', 'test')""")
    d.start()
    with d:
        def of_procedure(events):
            events[0]["data"]["procedure"] = "1.000656.000.00.00.H29"
            return events

        fee = (("payment_requested", at(3, "08:00")), ("paid", at(4, "08:00")))
        send(d, [of_procedure(story("TERM", None, ("finished", at(9, "08:01")))),
                 of_procedure(story("LONGER", at(10), *fee, ("finished", at(10, "17:01"))))])
        # 40 working hours from Monday 08:00: 7, 8, 8, 8, 8, and one on the next Monday.
        term = explain(d, "TERM")
        assert (term["procedure"], term["due_computed"]) == ("1.000656", utc(9, "08:00")), term
        assert (term["promise"]["base"], term["promise"]["due"]) == ("term", utc(9, "08:00")), term["promise"]
        assert (term["promise"]["class"], term["promise"]["needed"]) == (
            "late", "an end 1 min earlier, by 2026-03-09 08:00"), term["promise"]
        assert term["term_why"] is None
        longer = explain(d, "LONGER")
        assert (longer["promise"]["base"], longer["promise"]["due"]) == ("first", utc(10)), longer["promise"]
        assert longer["term_why"] == ("2026-03-09 08:00 by the procedure; 2026-03-10 17:00 was reported, "
                                      "1 d 9 h later"), longer["term_why"]
        assert "due_other_than_term" in longer["flags"], longer["flags"]
        # A wait for payment is shown, and moves nothing by the rules that are shipped.
        pause, = longer["pauses"]
        assert (pause["kind"], pause["working_s"], pause["promise_moved_s"]) == ("payment", 8 * HOUR_S, 0), pause
        d.audit()


def test_records_are_explained():
    """Synced records: an unanswered request counts as the end for the portal, and a list of supplements is the pauses."""
    def record(number, moment, **data):
        body = {"MaHoSo": "R", "MaTTHC": "1.000656", "MaLinhVuc": "F", "KenhThucHien": "1", "DonViXuLy": "U1",
                "NgayTiepNhan": "2026-03-02T08:00:00", "NgayHenTra": "2026-03-09T17:00:00", **data}
        return {"specversion": "1.0", "id": f"R-{number}", "source": "urn:t", "type": "vn.kipthoi.dossier.synced.v1",
                "time": moment, "data": body}

    with deployed() as d:
        listed = {"HoSoBoSungId": "1", "NgayBoSung": "2026-03-04T10:00:00"}
        d.send_events([record(1, at(2, "09:00"), TrangThaiHoSo="2"),
                       record(2, at(4, "10:30"), TrangThaiHoSo="5", DanhSachHoSoBoSung=[listed])])
        d.wait_settled()
        assert (explain(d, "R")["promise"]["class"], explain(d, "R")["state"]) == ("paused", "paused")
        # Stopped on the 12th without an answer: the open pause moves the promise by 35 working hours, to the 13th.
        d.send_events([record(3, at(12, "10:00"), TrangThaiHoSo="8", DanhSachHoSoBoSung=[listed])])
        d.wait_settled()
        shown = explain(d, "R")
        assert (shown["state"], shown["stopped"], shown["end"]) == ("stopped", utc(12, "10:00"), utc(12, "10:00")), shown
        assert shown["portal"]["end"] == utc(4, "10:00") and "never supplemented" in shown["portal"]["why"], shown["portal"]
        assert [row["kind"] for row in shown["events"]] == ["dossier.synced"] * 3
        assert shown["supplements"] == 1 and shown["differs"] == [], shown
        d.audit()
        assert "bản ghi đồng bộ" in d.kipthoi("--lang", "vi", "explain", "R", check=0).stdout


def test_a_calendar_that_moves_a_due_and_a_row_that_differs():
    with deployed() as d:
        # 16 working hours of pause lead from Monday the 30th to Wednesday 1 April, 17:00.
        send(d, [story("SHIFT", at(30), ASKED, ("supplemented", at(6, "10:00"))), STORIES[1]])
        assert explain(d, "SHIFT")["promise"]["due"] == "2026-04-01T10:00:00Z"
        # Tuesday the 31st becomes a day off: a day later.
        text = CALENDAR.read_text().replace("[days]\n", "[days]\n2026-03-31 = off Ngày thử\n")
        changed = d.dir / "changed.calendar"
        changed.write_text(text)
        d.kipthoi("calendar", "load", changed, "--why", "test", "--from", at(20, "12:00"), "--yes", check=0)
        wait_until(lambda: explain(d, "SHIFT")["projections"], "the open dossier is judged by the new calendar")
        shown = explain(d, "SHIFT")
        assert (shown["promise"]["due"], shown["calendar"]["version"]) == ("2026-04-02T10:00:00Z", 2), shown
        projection, = shown["projections"]
        assert (projection["calendar_was"], projection["calendar"]) == (1, 2), projection
        assert (projection["due_was"], projection["due"]) == ("2026-04-01T10:00:00Z", "2026-04-02T10:00:00Z"), projection
        assert shown["differs"] == [], shown["differs"]
        assert "Due moved by calendars" in d.kipthoi("explain", "SHIFT", check=0).stdout
        # What is stored is compared with what the events say.
        d.sql("UPDATE dossier SET promise = 'early', flags = 0 WHERE code = 'LATE'")
        shown = explain(d, "LATE")
        assert shown["differs"] == ["promise", "flags"] and shown["stored"]["promise"] == "early", shown
        assert shown["promise"]["class"] == "late", shown["promise"]
        assert "stored otherwise" in d.kipthoi("explain", "LATE", check=0).stdout


def test_bulk_resets_are_recognised():
    with deployed() as d:
        # Twenty of one source with the finish set to the due, five of them after a later finish had been reported; and
        # nineteen of another source, one too few.
        def reset(number, source):
            name = f"B{number:02}"
            later = [("finished", at(10, "09:30"))] if number < 5 else []
            return story(name, at(9), *later, ("finished", at(11, "08:00"), {"finished": at(9)}), source=source)

        # All in the same ten minutes of the server's clock.
        wait_until(lambda: time.time() % 600 < 560, "the next ten minutes begin", timeout=60)
        send(d, [reset(number, "urn:bulk") for number in range(20)] + [reset(number, "urn:few") for number in range(19)])
        answer = d.json("flags")
        bulk, = answer["bulk_resets"]
        assert (bulk["source"], bulk["dossiers"], bulk["rewritten"]) == ("urn:bulk", 20, 5), bulk
        assert bulk["examples"] == "B00 B01 B02", bulk
        begin = datetime.fromisoformat(bulk["from"].replace("Z", "+00:00"))
        assert begin.minute % 10 == 0 and begin.second == 0, bulk
        counts = {row["flag"]: row["dossiers"] for row in answer["flags"]}
        assert (counts["finish_at_due"], counts["finish_moved"], counts["finish_backdated"]) == (39, 10, 10), counts
        assert [row["source"] for row in answer["sources"]] == ["urn:bulk", "urn:few"]
        assert d.json("flags", "--source", "urn:few")["bulk_resets"] == []
        shown = explain(d, "B00", "--source", "urn:bulk")
        assert shown["flags"] == ["finish_moved", "finish_backdated", "finish_at_due", "told_late"], shown["flags"]
        assert len(shown["flags_why"]) == 4 and shown["finished_first"] == utc(10, "09:30"), shown


def test_published_totals_are_reproduced():
    """The portal's own totals of 2026: received and on time give its rate, to two decimals, a half rounded up."""
    with deployed() as d:
        send(d, [STORIES[0]])
        d.sql("TRUNCATE day_tally, month_tally")
        for code, received, on_time in (("H29", 1653458, 1478230), ("H20", 405424, 358660)):
            d.sql("INSERT INTO unit (code) VALUES (%s)", code)
            counters.add(d, code, rule="portal", early=1000, on_time=on_time - 24000, late=100,
                         overdue=received - on_time - 100, in_time=20000, paused=3000, excluded=77)
        answer = d.json("rates", "--rule", "portal")
        rows = {row["unit"]: row for row in answer["rows"]}
        # 1,478,230 / 1,653,458 = 0.894023... and 358,660 / 405,424 = 0.884654...; a fifth of each is the score.
        assert (rows["H29"]["counted"], rows["H29"]["rate"], rows["H29"]["score"]) == (1653458, "89.40", "17.88"), rows
        assert (rows["H20"]["counted"], rows["H20"]["rate"], rows["H20"]["score"]) == (405424, "88.47", "17.69"), rows
        # (1,478,230 + 358,660) / (1,653,458 + 405,424) = 0.892178...
        assert (answer["total"]["counted"], answer["total"]["rate"]) == (2058882, "89.22"), answer["total"]


if __name__ == "__main__":
    run_tests(globals())
