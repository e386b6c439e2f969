# SPDX-License-Identifier: MIT
"""What officials see of a verdict: kipthoi explain, kipthoi flags, and the rates of the portal.

Expected values are worked out by hand from docs/rules.md, in Ho Chi Minh City, with the hours of deploy/calendars
(07:00-11:30, 13:30-17:00 Monday to Friday).  March 2026 has no day off there; the 2nd is a Monday.
"""
import json
import time

from deployment import ROOT, Deployment, run_tests, wait_until

SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-03-20T12:00:00+07:00"}
CALENDAR = ROOT / "deploy/calendars/vietnam.calendar"


def at(day, clock="17:00"):
    return f"2026-03-{day:02}T{clock}:00+07:00"


def utc(day, clock):
    """The same as JSON answers tell it."""
    hour, minute = map(int, clock.split(":"))
    return f"2026-03-{day:02}T{hour - 7:02}:{minute:02}:00Z"


def event(dossier, what, time_, number, source="urn:t", **data):
    return {"specversion": "1.0", "id": f"{dossier}-{number}", "source": source,
            "type": f"vn.kipthoi.dossier.{what}.v1", "time": time_, "data": {"dossier": dossier, **data}}


def story(dossier, due, *steps, source="urn:t", unit="U1", **data):
    """Received on Monday 2 March 08:00, then steps of (what, time, data)."""
    if due:
        data["due"] = due
    events = [event(dossier, "received", at(2, "08:00"), 0, source, unit=unit, field="F", **data)]
    for number, (what, when, more) in enumerate(steps, 1):
        events.append(event(dossier, what, when, number, source, **more))
    return events


STORIES = [
    story("EARLY", at(9), ("finished", at(5, "10:00"), {})),
    story("LATE", at(9), ("finished", at(10, "09:30"), {})),
    # Wednesday 10:00 to Friday 10:00: 5 + 8 + 3 = 16 working hours, two days; 48 hours by the clock.
    story("PAUSED", at(9), ("supplement_requested", at(4, "10:00"), {"reason": "bản sao"}),
          ("supplemented", at(6, "10:00"), {}), ("finished", at(11, "16:00"), {})),
    # The first due is missed, the one in force kept.
    story("MOVED", at(5), ("rescheduled", at(4, "09:00"), {"due": at(12)}), ("finished", at(11, "10:00"), {})),
    # One request more than the portal allows.
    story("ASKED", at(10), ("supplement_requested", at(3, "08:00"), {}), ("supplemented", at(3, "09:00"), {}),
          ("supplement_requested", at(4, "08:00"), {}), ("supplemented", at(4, "09:00"), {}),
          ("finished", at(9, "10:00"), {})),
    story("WAITS", at(9), ("supplement_requested", at(4, "10:00"), {})),
    story("GONE", at(9), ("withdrawn", at(4, "10:00"), {})),
    story("OVER", at(9)),
    story("OPEN", at(30)),
    story("BARE", None, ("finished", at(5, "10:00"), {})),
    # Friday 16:00 + one working day: one hour on Friday, seven on Monday, until 16:00.
    [event("ONLINE", "received", at(6, "16:00"), 0, unit="U1", field="F", channel="online", due=at(30)),
     event("ONLINE", "accepted", at(9, "09:30"), 1)],
    story("AHEAD", "2099-12-31T17:00:00+07:00", ("finished", at(5, "10:00"), {})),
]


def deployed():
    d = Deployment(settings=SETTINGS)
    d.kipthoi("calendar", "load", CALENDAR, "--why", "test", "--yes", check=0)
    d.start()
    return d


def shown(d, dossier, *arguments):
    return d.json("explain", dossier, *arguments)


def test_verdicts_are_explained():
    with deployed() as d:
        d.send_events([event for events in STORIES for event in events])
        d.wait_settled()
        for lang in ("en", "vi"):
            for events in STORIES:
                print(d.kipthoi("--lang", lang, "explain", events[0]["data"]["dossier"], check=0).stdout)
        print(d.kipthoi("explain", "PAUSED", "--count", check=0).stdout)
        print(json.dumps(shown(d, "PAUSED", "--count"), indent=1, ensure_ascii=False))
        print(d.kipthoi("flags", "--flag", "told_late", check=0).stdout)
        print(d.kipthoi("--lang", "vi", "flags", check=0).stdout)
        print(d.kipthoi("rates", check=0).stdout)
        print(d.kipthoi("rates", "--rule", "portal", check=0).stdout)
        print(d.kipthoi("rates", "--rule", "intake", check=0).stdout)
        print(d.kipthoi("late", check=0).stdout)


if __name__ == "__main__":
    run_tests(globals())
