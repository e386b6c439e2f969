# SPDX-License-Identifier: MIT
"""The portal's rate of two provinces: as many dossiers on time and late as the National Public Service Portal counted for
Ho Chi Minh City (H29) and Đồng Tháp (H20) give the rates and scores that it published, 89.40 % and 88.47 %.

KIPTHOI_PORTAL_FULL=1 sends every one of the 2,058,882 dossiers.  Else a hundredth of them, in numbers chosen so that the
rates round to the same hundredths: 14,782 of 16,535 are 89.398 %, 3,583 of 4,050 are 88.469 %.
"""
import json
import os

from deployment import Deployment, run_tests

FULL = os.environ.get("KIPTHOI_PORTAL_FULL") == "1"
# unit: dossiers, on time; rate and score as published: 20 points where all are on time
PROVINCES = {"H29": (1653458, 1478230) if FULL else (16535, 14782), "H20": (405424, 358660) if FULL else (4050, 3583)}
PUBLISHED = {"H29": ("89.40", "17.88"), "H20": ("88.47", "17.69")}
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-06-30T12:00:00+07:00"}
RECEIVED = "2026-05-04T08:00:00+07:00"
FINISHED = "2026-05-20T10:00:00+07:00"
# Of those on time every hundredth is still open, every thousandth waits for the citizen; of those late every fiftieth is open.
AHEAD, BEFORE, BEHIND = "2026-07-31T17:00:00+07:00", "2026-05-20T17:00:00+07:00", "2026-05-19T17:00:00+07:00"


def event(unit, number, kind, time, **data):
    dossier = f"{unit}-{number}"
    return {"specversion": "1.0", "id": f"{dossier}-{kind}", "source": f"urn:{unit}", "type": f"vn.kipthoi.dossier.{kind}.v1",
            "time": time, "data": {"dossier": dossier, "unit": unit, **data}}


def dossier(unit, number, on_time):
    """The events of a dossier and the class that the portal's rule gives it."""
    if on_time and number % 100 == 0:
        events = [event(unit, number, "received", RECEIVED, due=AHEAD)]
        if number % 1000 == 0:
            return events + [event(unit, number, "supplement_requested", FINISHED)], "paused"
        return events, "in_time"
    if not on_time and number % 50 == 0:
        return [event(unit, number, "received", RECEIVED, due=BEHIND)], "overdue"
    due = (AHEAD if number % 2 else BEFORE) if on_time else BEHIND
    what = ("early" if number % 2 else "on_time") if on_time else "late"
    return [event(unit, number, "finished", FINISHED, received=RECEIVED, due=due)], what


def write(path):
    counts = {}
    with open(path, "w", encoding="utf-8") as file:
        for unit, (total, on_time) in PROVINCES.items():
            for number in range(total):
                events, what = dossier(unit, number, number < on_time)
                counts[unit, what] = counts.get((unit, what), 0) + 1
                file.writelines(json.dumps(one) + "\n" for one in events)
    return counts


def test_the_rates_that_were_published():
    with Deployment(settings=SETTINGS) as d:
        counts = write(d.dir / "portal.ndjson")
        d.start("ingest", "scorer", "notifier")
        d.send(d.dir / "portal.ndjson", timeout=1800)
        d.wait_settled(1800)
        rows = {row["unit"]: row for row in d.json("rates", "--rule", "portal", "--by", "unit")["rows"]}
        for unit, (total, on_time) in PROVINCES.items():
            row = rows[unit]
            for what in ("early", "on_time", "late", "overdue", "in_time", "paused"):
                assert row[what] == counts[unit, what], (unit, what, row, counts)
            assert row["excluded"] == 0
            assert row["early"] + row["on_time"] + row["in_time"] + row["paused"] == on_time
            assert sum(row[what] for what in ("early", "on_time", "late", "overdue", "in_time", "paused")) == total
            assert (row["rate"], row["score"]) == PUBLISHED[unit], row


if __name__ == "__main__":
    run_tests(globals())
