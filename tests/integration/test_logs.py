# SPDX-License-Identifier: MIT
"""Real XES logs of permits: what the maps of deploy/demo make of them, counted again straight from the XML."""
import collections
import datetime
import json

import xes
from deployment import ROOT, Deployment, run_tests

RECEIPT = xes.real_log("receipt_envpermit", "receipt.xes.gz")
BPIC15 = [xes.real_log("bpic15_permits", f"BPIC15_{number}.xes.gz") for number in (1, 2)]
RECEIPT_MAP = ROOT / "deploy/demo/receipt.map"
BPIC15_MAP = ROOT / "deploy/demo/bpic15.map"
# Behind every end in the log of receipts; a few of the cases that are open then are not due yet.
AS_OF = "2013-01-01T00:00:00+01:00"


def moment(text):
    return datetime.datetime.fromisoformat(text)


def dry(d, log, mapping):
    """{id: event}, all good."""
    done = d.send(log, "--map", mapping, "--dry-run", check=0)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    by_id = {event["id"]: event for event in events}
    assert len(by_id) == len(events), "an id comes twice"
    return by_id


def expect_same(events, expected):
    """expected: {id: (what, time, data)}"""
    assert set(events) == set(expected), sorted(set(events) ^ set(expected))[:5]
    for number, (what, time, data) in expected.items():
        event = events[number]
        assert event["type"] == f"vn.kipthoi.dossier.{what}.v1", event
        assert moment(event["time"]) == time, (event, time)
        for name in ("received", "due", "finished"):
            assert (name in event["data"]) == (name in data), (event, data)
            assert name not in data or moment(event["data"][name]) == data[name], (event, data)
        assert event["data"]["dossier"] == data["dossier"], event


def receipt_events():
    expected = {}
    for trace, _ in xes.traces(RECEIPT):
        case = trace["concept:name"]
        dates = {"received": moment(trace["startdate"]), "due": moment(trace["deadline"])}
        expected[f"{case}:received"] = "received", dates["received"], {"dossier": case, **dates}
        if "enddate" in trace:
            end = moment(trace["enddate"])
            expected[f"{case}:finished"] = "finished", end, {"dossier": case, "finished": end, **dates}
    return expected


def test_receipt_becomes_the_events_of_its_cases():
    with Deployment() as d:
        expected = receipt_events()
        kinds = collections.Counter(what for what, _, _ in expected.values())
        assert kinds == {"received": 1434, "finished": 1329}, kinds
        events = dry(d, RECEIPT, RECEIPT_MAP)
        expect_same(events, expected)
        channels = collections.Counter(event["data"]["channel"] for event in events.values()
                                       if event["id"].endswith(":received"))
        assert channels == {"Internet": 1250, "Desk": 109, "Post": 53, "e-mail": 21, "Intern": 1}, channels


def test_receipt_late_as_the_log_has_it():
    """377 of 1,329 ends lie behind the deadline, as the description of the log says."""
    settings = {"deployment.time_zone": "Europe/Amsterdam", "deployment.clock": AS_OF}
    finished = late = overdue = 0
    for trace, _ in xes.traces(RECEIPT):
        due = moment(trace["deadline"])
        if "enddate" in trace:
            finished += 1
            late += moment(trace["enddate"]) > due
        else:
            overdue += moment(AS_OF) > due
    assert (finished, late) == (1329, 377), (finished, late)
    assert 0 < overdue < 1434 - finished, overdue
    with Deployment(settings=settings) as d:
        d.start()
        for _ in range(2):
            d.send(RECEIPT, "--map", RECEIPT_MAP)
        d.wait_settled()
        total = d.rates("unit", "all", "--rule", "promise")["total"]
        assert (total["finished"], total["late"], total["overdue"]) == (finished, late, overdue), total
        assert total["in_time"] == 1434 - finished - overdue, total
        d.audit()


def local(text):
    """Wall clock time of the Netherlands as the log writes it; offsets by the rule of the European Union."""
    naive = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")

    def last_sunday(month):
        day = datetime.datetime(naive.year, month, 31)
        return day - datetime.timedelta(days=(day.weekday() + 1) % 7)

    summer = last_sunday(3) + datetime.timedelta(hours=2) <= naive < last_sunday(10) + datetime.timedelta(hours=3)
    return naive.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=2 if summer else 1)))


def bpic15_events(log):
    expected = {}
    for trace, steps in xes.traces(log):
        case = trace["concept:name"]
        start = moment(trace["startDate"])
        expected[f"{case}:received"] = "received", start, {"dossier": case, "received": start}
        if "endDate" in trace:
            end = moment(trace["endDate"])
            expected[f"{case}:finished"] = "finished", end, {"dossier": case, "received": start, "finished": end}
        for number, step in enumerate(steps, 1):
            action = step["concept:name"]
            if "dueDate" in step:
                code, done = f"{case}/{number}/{action}", local(step["dateFinished"])
                expected[f"{code}:finished"] = "finished", done, {"dossier": code, "finished": done,
                                                                  "due": moment(step["dueDate"])}
            if action == "08_AWB45_020_2":
                expected[f"{case}/{number}:supplement_requested"] = ("supplement_requested",
                                                                     moment(step["time:timestamp"]), {"dossier": case})
            if action == "08_AWB45_040":
                day, clock = step["question"].split(" ")
                date = "-".join(part.zfill(2) for part in reversed(day.split("-")))
                expected[f"{case}/{number}:supplemented"] = ("supplemented", local(f"{date} {clock.zfill(8)}"),
                                                             {"dossier": case})
    return expected


def test_bpic15_becomes_the_events_of_steps_and_cases():
    with Deployment() as d:
        for log, counts, late in zip(BPIC15, ((3340, 1199, 956, 288, 247), (398, 832, 711, 178, 134)), (619, 97)):
            expected = bpic15_events(log)
            kinds = collections.Counter((what, "/" in data["dossier"]) for what, _, data in expected.values())
            assert counts == (kinds["finished", True], kinds["received", False], kinds["finished", False],
                              kinds["supplement_requested", False], kinds["supplemented", False]), kinds
            events = dry(d, log, BPIC15_MAP)
            expect_same(events, expected)
            # Lateness of the steps by calendar day, as the description of the log has it; the days are the log's own.
            steps = [event["data"] for event in events.values() if "due" in event["data"]]
            assert len(steps) == counts[0]
            assert sum(data["finished"][:10] > data["due"][:10] for data in steps) == late


BY_DAY = "[promise]\nfrom = 2000-01-01\nnote = by calendar day\nprecision = day\n"


def test_bpic15_late_by_calendar_day_with_pauses():
    """619 of 3,340 and 97 of 398 steps end behind their due day; what was asked of applicants are pauses."""
    for log, (steps, late) in zip(BPIC15, ((3340, 619), (398, 97))):
        expected = bpic15_events(log)
        asked = collections.Counter(data["dossier"] for what, _, data in expected.values() if what == "supplement_requested")
        with Deployment(settings={"deployment.time_zone": "Europe/Amsterdam", "deployment.clock": "2016-01-01T00:00:00Z"}) as d:
            rules = d.dir / "by-day.rules"
            rules.write_text(BY_DAY)
            d.start()
            d.kipthoi("rules", "load", str(rules), "--past")
            d.send(log, "--map", BPIC15_MAP)
            d.wait_settled()
            counts = dict(d.sql("SELECT promise::text, count(*) FROM dossier WHERE code LIKE '%/%' GROUP BY 1"))
            assert sum(counts.values()) == steps and counts["late"] == late, counts
            assert set(counts) <= {"late", "early", "on_time"}, counts
            told = dict(d.sql("SELECT code, supplements::int FROM dossier WHERE supplements > 0"))
            assert told == dict(asked), len(told)
            shown = collections.Counter(code for code, in d.sql("SELECT code FROM pause WHERE kind = 'supplement'"))
            assert set(shown) == set(asked)
            case = max(shown, key=lambda code: (shown[code], code))
            explained = json.loads(d.kipthoi("explain", case, "--json").stdout)
            assert len(explained["pauses"]) == shown[case], explained["pauses"]
            d.audit()


if __name__ == "__main__":
    run_tests(globals())
