# SPDX-License-Identifier: MIT
"""Calendars: loaded as versions, shown, compared, and terms counted with them.  Every due below was counted by hand."""
import concurrent.futures
import csv
import io
import re

from deployment import ROOT, Deployment, run_tests

ZONE = "Asia/Ho_Chi_Minh"
NOW = "2026-06-01T09:00:00+07:00"
VIETNAM = ROOT / "deploy/calendars/vietnam.calendar"

SMALL = """[calendar]
name = Small
years = {years}
cut_off = 15:00

[hours]
monday-friday = 07:00-11:30 13:30-17:00

[hours H29.1 H29.2]
monday-saturday = 07:30-11:30
day = 4h
cut_off = none

[days]
{days}"""
DAYS = ["2024-01-01 = off Tết Dương lịch", "2024-12-31 = work 07:00-11:30 nửa ngày", "2025-01-01 = off Tết Dương lịch"]


def deployment(zone=ZONE, clock=NOW):
    return Deployment(settings={"deployment.time_zone": zone, "deployment.clock": clock}, sources=())


def write(d, name, years="2024-2025", days=None):
    path = d.dir / name
    path.write_text(SMALL.format(years=years, days="\n".join(DAYS if days is None else days) + "\n"))
    return path


def due(d, received, term, *arguments):
    return d.json("calendar", "due", "--from", received, "--term", term, *arguments)


def refused(d, *arguments, code=1):
    done = d.kipthoi("calendar", *arguments, check=code)
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1, (done.stdout, done.stderr)
    return done.stderr


GOLDEN = [
    # 1 h on Friday; 29 and 30 April, 1 May off; Thursday, Friday, make-up Saturday, Monday 8 h each; 7 h on Tuesday.
    ("2024-04-26 16:00", "5 working days", "2024-05-07T09:00:00Z"),
    # In the lunch break: 3 h 30 in the afternoon, 4 h 30 on Tuesday morning.
    ("2024-03-04 12:00", "8 working hours", "2024-03-05T04:30:00Z"),
    # Saturday: all of Monday.
    ("2024-03-09 10:00", "1 working day", "2024-03-11T10:00:00Z"),
    # After closing: from 07:00 on.
    ("2024-03-04 18:00", "4 hours", "2024-03-05T04:00:00Z"),
    # 5 h before Tết; off from Thursday 8 to Wednesday 14; 8 h, 8 h, 3 h on Monday.
    ("2024-02-07 10:00", "3 working days", "2024-02-19T03:00:00Z"),
    # 5 h, 8 h, 8 h, and 3 h on the make-up Saturday for 2 May.
    ("2025-04-23 10:00", "3 working days", "2025-04-26T03:00:00Z"),
    # New Year 2023 was a Sunday, made up for on the Monday.
    ("2022-12-31T17:00:00Z", "1 working day", "2023-01-03T10:00:00Z"),
    # The end of a day belongs to the day: 8 h from 07:00 end at 17:00, not on the next morning.
    ("2024-03-04 07:00", "1 working day", "2024-03-04T10:00:00Z"),
    ("2024-04-26 16:00", "30 days", "2024-05-26T09:00:00Z"),
    ("2024-01-31 10:00", "1 month", "2024-02-29T03:00:00Z"),
    ("2024-04-26 16:00", "5 ngày làm việc", "2024-05-07T09:00:00Z"),
]


def test_dues_counted_by_hand():
    with deployment() as d:
        d.kipthoi("calendar", "load", VIETNAM, check=0)
        for received, term, wanted in GOLDEN:
            assert due(d, received, term)["due"] == wanted, (received, term, due(d, received, term))


def test_a_due_is_counted_day_by_day():
    with deployment() as d:
        d.kipthoi("calendar", "load", VIETNAM, check=0)
        answer = due(d, "2024-04-26 16:00", "5 working days")
        assert (answer["count"], answer["term"], answer["version"], answer["not_settled"]) == (5, "working_days", 1, 0)
        hour = 3600
        assert [(row["day"], row["counted_s"] // hour, row["left_s"] // hour, row["kind"]) for row in answer["days"]] == [
            ("2024-04-26", 1, 39, "work"), ("2024-04-27", 0, 39, "rest"), ("2024-04-28", 0, 39, "rest"),
            ("2024-04-29", 0, 39, "off"), ("2024-04-30", 0, 39, "off"), ("2024-05-01", 0, 39, "off"),
            ("2024-05-02", 8, 31, "work"), ("2024-05-03", 8, 23, "work"), ("2024-05-04", 8, 15, "make_up"),
            ("2024-05-05", 0, 15, "rest"), ("2024-05-06", 8, 7, "work"), ("2024-05-07", 7, 0, "work")]
        assert answer["days"][3]["name"] == "Ngày nghỉ (thay cho ngày 04/05/2024)"
        # 24 November 2026 is said second-hand: counted as off, and said to be unsettled.
        answer = due(d, "2026-11-23 16:00", "2 working days")
        assert answer["due"] == "2026-11-26T09:00:00Z" and answer["not_settled"] == 1
        text = d.kipthoi("calendar", "due", "--from", "2026-11-23 16:00", "--term", "2 working days", check=0).stdout
        assert "2026-11-26 16:00 Thu" in text and "days among these not settled yet: 1;" in text, text
        told = d.kipthoi("calendar", "due", "--from", "1999-12-31 16:00", "--term", "2 working days", check=1).stderr
        assert "begins before the years known" in told, told
        told = d.kipthoi("calendar", "due", "--from", "2026-12-31 16:00", "--term", "900 working days", check=1).stderr
        assert "runs out of the years known" in told, told
        rows = list(csv.DictReader(io.StringIO(d.kipthoi("calendar", "due", "--from", "2024-04-26 16:00", "--term",
                                                         "8 hours", "--csv", check=0).stdout)))
        assert [row["counted_s"] for row in rows] == ["3600", "0", "0", "0", "0", "0", "25200"], rows


def test_units_have_hours_of_their_own():
    with deployment() as d:
        answer = d.json("calendar", "load", write(d, "small.calendar"))
        assert (answer["version"], answer["loaded"], answer["in_force"]) == (1, True, None)
        assert sorted(answer["new_units"]) == ["H29.1", "H29.2"] and answer["changes"] == []
        # 4 h a day on six days: 30 December 07:30-11:30; the half day 07:00-11:30 is everybody's: 4 h 30; 1 January off;
        # 3 h 30 of the 2nd.
        assert due(d, "2024-12-30 06:00", "3 working days", "--unit", "H29.1")["due"] == "2025-01-02T04:00:00Z"
        # Their cut-off is none: at 15:01 nothing of the day is left, nor is it at 15:00.
        assert due(d, "2024-03-08 15:01", "1 working day", "--unit", "H29.2")["due"] == "2024-03-09T04:30:00Z"
        # All others: at 15:00 sharp 2 h of the day count, one second later the next working day begins it.
        assert due(d, "2024-03-04 15:00", "8 hours")["due"] == "2024-03-05T08:00:00Z"
        late = due(d, "2024-03-04 15:00:01", "8 hours")
        assert late["due"] == "2024-03-05T10:00:00Z" and late["counted_from"] == "2024-03-04T17:00:00Z", late
        text = d.kipthoi("calendar", "due", "--from", "2024-03-04 15:00:01", "--term", "8 hours", check=0).stdout
        assert "past the cut-off" in text, text
        assert 'no unit "H29.9"' in refused(d, "due", "--from", "2024-03-04", "--term", "1 hour", "--unit", "H29.9")
        rows = d.json("calendar", "show", "2024", "--unit", "H29.1")["rows"]
        kinds = {row["day"]: (row["kind"], row["hours"]) for row in rows}
        assert kinds["2024-12-31"] == ("other_hours", "07:00-11:30") and kinds["2024-03-09"] == ("work", "07:30-11:30")
        assert kinds["2024-03-10"] == ("rest", None) and kinds["2024-01-01"] == ("off", None)
        stored = d.sql("SELECT u.code, c.day_s, c.cut_off::text FROM calendar_unit c JOIN unit u USING (unit_id) ORDER BY 1")
        assert stored == [("", 28800, "15:00:00"), ("H29.1", 14400, None), ("H29.2", 14400, None)], stored


def test_versions_come_into_force_one_after_another():
    with deployment() as d:
        stamp = d.value("SELECT stamp FROM book")
        first = write(d, "first.calendar")
        assert "kipthoi calendar load FILE" in refused(d, "list")
        assert "--from" in refused(d, "load", first, "--from", "2026-07-01")
        d.kipthoi("calendar", "load", first, "--by", "Lan", "--why", "đầu tiên", check=0)
        assert d.sql("SELECT version, in_force::text, loaded_by, why, file FROM calendar") == [
            (1, "-infinity", "Lan", "đầu tiên", first.read_text())]
        assert "already loaded: version 1" in d.kipthoi("calendar", "load", first, check=0).stdout
        assert d.json("calendar", "load", first)["loaded"] is False
        assert d.value("SELECT stamp FROM book") == stamp + 1 and d.value("SELECT count(*) FROM calendar") == 1

        second = write(d, "second.calendar", "2024-2026", [*DAYS, "2026-01-01 = provisional off Tết"])
        assert "is past" in refused(d, "load", second, "--from", "2026-05-31")
        loaded = d.json("calendar", "load", second)
        assert loaded["in_force"] == "2026-06-01T02:00:00Z" and loaded["version"] == 2
        assert {(row["what"], row["before"], row["after"]) for row in loaded["changes"]} == {
            ("years", "2024-2025", "2024-2026"), ("2026-01-01", None, "provisional off Tết")}
        assert d.value("SELECT stamp FROM book") == stamp + 2

        # The clock stands: now is taken by version 2.
        third = write(d, "third.calendar", "2024-2027", [*DAYS, "2026-01-01 = off Tết", "2027-01-01 = off Tết"])
        assert "version 2 is in force from 2026-06-01 09:00" in refused(d, "load", third)
        d.kipthoi("calendar", "load", third, "--from", "2026-07-01", check=0)
        assert d.value("SELECT in_force FROM calendar WHERE version = 3").isoformat() == "2026-06-30T17:00:00+00:00"
        fourth = write(d, "fourth.calendar", "2024-2027", [*DAYS, "2026-01-02 = off Tết", "2027-01-01 = off Tết"])
        assert "version 3 is in force" in refused(d, "load", fourth, "--from", "2026-06-15")
        fewer = write(d, "fewer.calendar", "2025-2027", ["2025-01-01 = off", "2026-01-01 = off", "2027-01-01 = off"])
        fewer.write_text(fewer.read_text().replace("H29.1 H29.2", "H77"))
        told = refused(d, "load", fewer, "--from", "2026-08-01")
        assert "2025-2027" in told and "version 3" in told and "2024-2027" in told, told
        assert d.value("SELECT count(*) FROM unit WHERE code = 'H77'") == 0
        assert d.value("SELECT count(*) FROM calendar") == 3 and d.value("SELECT stamp FROM book") == stamp + 3

        rows = d.json("calendar")["rows"]
        assert [(row["version"], row["years"], row["in_force"], row["now"]) for row in rows] == [
            (1, "2024-2025", None, False), (2, "2024-2026", "2026-06-01T02:00:00Z", True),
            (3, "2024-2027", "2026-06-30T17:00:00Z", False)]


def test_the_version_in_force_answers_or_the_next_that_knows():
    with deployment() as d:
        d.kipthoi("calendar", "load", write(d, "first.calendar"), check=0)
        second = write(d, "second.calendar", "2024-2026", [*DAYS, "2025-06-02 = off", "2026-01-01 = off"])
        d.kipthoi("calendar", "load", second, "--from", "2026-07-01", check=0)
        # Monday 2 June 2025 is off in version 2 only, which is not in force yet.
        assert due(d, "2025-06-02 07:00", "1 working day")["due"] == "2025-06-02T10:00:00Z"
        assert due(d, "2025-06-02 07:00", "1 working day", "--version", "2")["due"] == "2025-06-03T10:00:00Z"
        # The last working hours of 2025 do for one day, not for two: version 2 knows 2026.
        assert due(d, "2025-12-31 07:00", "1 working day")["version"] == 1
        longer = due(d, "2025-12-31 07:00", "2 working days")
        assert (longer["version"], longer["due"]) == (2, "2026-01-02T10:00:00Z"), longer
        later = ("--set", "deployment.clock=2026-07-01T00:00:00+07:00")
        assert due(d, "2025-06-02 07:00", "1 working day", *later)["version"] == 2
        assert "2026-07-01 00:00" in d.kipthoi("calendar", check=0).stdout
        assert [row["now"] for row in d.json("calendar", *later)["rows"]] == [False, True]


def test_a_year_without_a_calendar():
    with deployment() as d:
        for arguments in (("show", "2024"), ("due", "--from", "2024-01-02", "--term", "1 hour"), ("diff", VIETNAM)):
            assert "no calendar is loaded" in refused(d, *arguments)
        assert "chưa nạp lịch làm việc" in refused(d, "--lang", "vi", "show", "2024")
        # Calendar days need none.
        assert due(d, "2024-01-02 10:00", "10 days")["due"] == "2024-01-12T03:00:00Z"
        d.kipthoi("calendar", "load", write(d, "first.calendar"), check=0)
        for arguments in (("show", "2026"), ("due", "--from", "2025-12-31 16:30", "--term", "8 hours"),
                          ("due", "--from", "2023-12-29 16:30", "--term", "8 hours")):
            told = refused(d, *arguments)
            assert "2024-2025" in told and "kipthoi calendar load FILE" in told, told
        assert "2026" in refused(d, "show", "2026") and "version 2" in refused(d, "show", "2024", "--version", "2")
        assert "hiện có 2024-2025" in refused(d, "--lang", "vi", "show", "2026")
        second = write(d, "second.calendar", "2024-2026", [*DAYS, "2026-01-01 = off"])
        d.kipthoi("calendar", "load", second, check=0)
        assert "version 1 knows 2024-2025, not 2026" in refused(d, "show", "2026", "--version", "1")


def test_wrong_files_and_calls_change_nothing():
    with deployment() as d:
        path = d.dir / "wrong.calendar"
        path.write_text(SMALL.format(years="2024", days="2024-01-01 = off\n2024-01-01 = work\n"))
        for command in ("load", "check"):
            told = refused(d, command, path, code=2)
            assert told == f"kipthoi: {path}:16: 2024-01-01: stands twice (before in line 15)\n", told
        for arguments in (("load",), ("show",), ("show", "next"), ("due",), ("due", "--from", "2024-01-02"),
                          ("due", "--from", "noon", "--term", "1 hour"), ("due", "--from", "2024-01-02", "--term", "soon"),
                          ("diff",), ("frobnicate",), ("load", "/absent.calendar"),
                          ("load", VIETNAM, "--from", "tomorrow")):
            refused(d, *arguments, code=2)
        assert d.value("SELECT count(*) FROM calendar") == 0
        good = d.kipthoi("calendar", "check", VIETNAM, check=0).stdout
        assert "2023-2027: 72 days off, 2 days worked otherwise, 16 of them not settled" in good, good
        assert d.value("SELECT count(*) FROM calendar") == 0
        done = d.kipthoi("calendar", "--help", check=0)
        assert "examples:" in done.stdout
        # The subcommand's --version is not the program's.
        assert d.kipthoi("--version", check=0).stdout.startswith("kipthoi ")


def test_differences():
    with deployment() as d:
        first = write(d, "first.calendar")
        d.kipthoi("calendar", "load", first, check=0)
        second = d.dir / "second.calendar"
        second.write_text(first.read_text().replace("monday-friday = 07:00-11:30 13:30-17:00",
                                                    "monday-thursday = 07:00-11:30 13:30-17:00\nfriday = 07:00-11:30")
                          .replace("H29.1 H29.2", "H29.1").replace("2024-12-31 = work 07:00-11:30 nửa ngày\n", "")
                          .replace("2025-01-01 = off", "2025-01-01 = provisional off"))
        wanted = {
            (None, "friday", "07:00-11:30 13:30-17:00", "07:00-11:30"),
            # H29.2 has lost its own hours and keeps everybody's.
            *(("H29.2", day, "07:30-11:30", "07:00-11:30 13:30-17:00")
              for day in ("monday", "tuesday", "wednesday", "thursday")),
            ("H29.2", "friday", "07:30-11:30", "07:00-11:30"), ("H29.2", "saturday", "07:30-11:30", None),
            ("H29.2", "day", "4h", "8h"), ("H29.2", "cut_off", "none", "15:00"),
            (None, "2024-12-31", "work 07:00-11:30 nửa ngày", None),
            (None, "2025-01-01", "off Tết Dương lịch", "provisional off Tết Dương lịch"),
        }
        d.kipthoi("calendar", "load", second, check=0)
        for arguments in ((1, 2), (first, second), (1, second)):
            rows = d.json("calendar", "diff", *arguments)["rows"]
            assert {(row["unit"], row["what"], row["before"], row["after"]) for row in rows} == wanted, rows
            assert len(rows) == len(wanted)
        assert d.kipthoi("calendar", "diff", second, check=0).stdout == "no difference\n"
        assert d.kipthoi("--lang", "vi", "calendar", "diff", "2", "2", check=0).stdout == "không khác nhau\n"
        assert "no calendar version 7" in refused(d, "diff", "1", "7")


def test_a_year_is_shown_to_people():
    with deployment() as d:
        d.kipthoi("calendar", "load", VIETNAM, check=0)
        lines = d.kipthoi("calendar", "show", "2024", check=0).stdout.splitlines()
        assert "251 days, 2008 hours" in "\n".join(lines)
        assert any(line.split() == ["January", "2024", "February", "2024", "March", "2024"] for line in lines), lines
        assert any(line.startswith("29*30*") for line in lines), lines
        assert any(" 4+" in line for line in lines), lines
        named = [line for line in lines if line.startswith("2024-")]
        assert len(named) == 15 and "make-up day" in named[12] and "làm bù cho 29/04/2024" in named[12], named
        assert max(len(line) for line in lines if not line.startswith(("2024-", "day "))) <= 79
        text = d.kipthoi("--lang", "vi", "calendar", "show", "2026", check=0).stdout
        assert "Tháng 11/2026" in text and "24?" in text and "T2 T3 T4 T5 T6 T7 CN" in text, text
        assert "ngày nghỉ" in text and "chưa chính thức" in text, text
        rows = d.json("calendar", "show", "2024")["rows"]
        assert len(rows) == 366 and sum(row["worked_s"] for row in rows) == 2008 * 3600


def test_calls_that_are_refused_and_answers_to_programs():
    with deployment() as d:
        path = write(d, "small.calendar")
        assert d.json("calendar", "check", path) == {
            "file": str(path), "name": "Small", "first_year": 2024, "last_year": 2025, "days_off": 2,
            "days_worked_otherwise": 1, "not_settled": 0, "units": 2}
        d.kipthoi("calendar", "load", path, check=0)
        for option, call in (("--from", ("show", "2024", "--from", "junk", "--term", "x", "--why", "y")),
                             ("--term", ("show", "2024", "--term", "x")), ("--why", ("due", "--why", "y")),
                             ("--version", ("load", path, "--version", "1")), ("--unit", ("check", path, "--unit", "U")),
                             ("--by", ("diff", path, "--by", "An")), ("--by", ("list", "--by", "An"))):
            told = refused(d, *call, code=2)
            assert f"takes no {option}; see: kipthoi calendar --help" in told, told
        # What is named must be there, although no calendar decides thirty days.
        month = ("due", "--from", "2024-03-04", "--term", "30 days")
        assert "NOPE" in refused(d, *month, "--unit", "NOPE")
        assert "99" in refused(d, *month, "--version", "99")
        assert due(d, "2024-03-04", "30 days", "--unit", "H29.1", "--version", "1")["due"] == "2024-04-02T17:00:00Z"
        assert re.search(r"cut-off +15:00\n", d.kipthoi("calendar", "show", "2024", check=0).stdout)
        assert re.search(r"Giờ chốt nhận +15:00\n", d.kipthoi("calendar", "show", "2024", "--lang", "vi", check=0).stdout)
        assert "cut-off" not in d.kipthoi("calendar", "show", "2024", "--unit", "H29.1", check=0).stdout
        path.write_text("")
        assert refused(d, "check", path, code=2).startswith(f"kipthoi: {path}:1: ")


def test_two_loaders_at_once_make_two_versions():
    with deployment(clock="system") as d:
        files = [write(d, f"{number}.calendar", days=[*DAYS, f"2025-03-{number:02} = off"]) for number in range(1, 9)]
        d.kipthoi("calendar", "load", write(d, "first.calendar"), check=0)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda file: d.kipthoi("calendar", "load", file).returncode, files))
        # Whoever waited for the lock takes the time of its turn, so all of them come one after another.
        assert codes == [0] * 8, codes
        rows = d.sql("SELECT version, in_force FROM calendar WHERE version > 1 ORDER BY version")
        assert [row[0] for row in rows] == list(range(2, 10))
        assert all(a[1] < b[1] for a, b in zip(rows, rows[1:])), rows


def test_an_operator_cannot_rewrite_a_version():
    with deployment() as d:
        d.kipthoi("calendar", "load", VIETNAM, check=0)
        for statement in ("UPDATE calendar SET name = 'x'", "DELETE FROM calendar_day", "UPDATE calendar_hours SET weekday = 7"):
            try:
                d.sql(statement, role="operator")
            except Exception as error:  # pylint: disable=broad-except
                assert "permission denied" in str(error), error
            else:
                raise AssertionError(f"allowed: {statement}")


if __name__ == "__main__":
    run_tests(globals())
