# SPDX-License-Identifier: MIT
"""deploy/calendars/vietnam.calendar is the list it was made from, and every day of every year comes out of the database as the
list says."""
import csv
import datetime

from deployment import ROOT, Deployment, run_tests

CULTURE_DAYS = {datetime.date(2026, 11, 24), datetime.date(2027, 11, 24)}
HOURS = "07:00-11:30 13:30-17:00"


def listed():
    with open(ROOT / "tests/data/vn_days_off_2023_2027.csv", encoding="utf-8", newline="") as file:
        return {datetime.date.fromisoformat(row["date"]): (row["kind"], row["name"]) for row in csv.DictReader(file)}


def test_every_day_of_five_years():
    days = listed()
    with Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh"}, sources=()) as d:
        d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
        seen = 0
        for year in range(2023, 2028):
            for row in d.json("calendar", "show", str(year))["rows"]:
                day = datetime.date.fromisoformat(row["day"])
                kind, name = days.get(day, (None, ""))
                worked = kind == "working_saturday" or (kind is None and day not in CULTURE_DAYS and day.weekday() < 5)
                assert row["hours"] == (HOURS if worked else None), row
                assert day in CULTURE_DAYS or row["name"] == name, (row, name)
                assert row["settled"] == (day not in CULTURE_DAYS and not (year == 2027 and kind)), row
                seen += kind is not None
        assert seen == len(days) == 72, (seen, len(days))


if __name__ == "__main__":
    run_tests(globals())
