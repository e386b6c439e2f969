# SPDX-License-Identifier: MIT
"""Targets are dated data; the most specific decides; margins and forecasts are exact; what contradicts is refused.

The figures are put into the tables that the scorer writes, so that every expected value below can be worked out by hand.
"""
import csv
import json
import unicodedata

import counters
from deployment import ROOT, Deployment, run_tests

PLAN = ROOT / "deploy/targets/hcmc-2023-2025.csv"
FIELDS = ROOT / "deploy/targets/fields.csv"
HEADER = ["plan", "valid_from", "valid_to", "each", "unit", "field_group", "procedure", "measure", "relation", "bound",
          "min_sample", "period", "title", "source"]
# Every measure of the plan: measure, each, group, relation, bound.
MEASURES = {
    ("on_time", "field", "", ">=", 9800), ("on_time", "", "complaints", ">=", 9500),
    ("late", "", "land", "<", 300), ("late", "", "investment", "<", 300),
    ("letters_timely", "", "", ">=", 10000),
    ("satisfaction", "field", "", ">=", 9500), ("satisfaction", "", "education", ">=", 9500),
    ("satisfaction", "", "health", ">=", 9500), ("satisfaction", "", "", ">=", 9500),
    ("disbursement", "unit", "", ">=", 9000),
    ("e_payment", "unit", "", ">=", 10000), ("e_payment", "unit", "education", ">=", 10000),
    ("e_payment", "unit", "health", ">=", 10000),
    ("documents_electronic", "unit", "", ">=", 10000),
    ("initiative_registered", "", "", ">=", 10000), ("initiative_applied", "", "", ">=", 1000),
    ("par_class", "unit", "", ">=", 10000), ("digital_signature", "unit", "", ">=", 10000),
}


def target(**values):
    row = {"plan": "p", "valid_from": "2025-01-01", "valid_to": "2025-12-31", "each": "", "unit": "", "field_group": "",
           "procedure": "", "measure": "on_time", "relation": ">=", "bound": 9800, "min_sample": 0, "period": "year",
           "title": "T", "source": "S"}
    return row | values


def write(d, *rows, name="targets.csv", header=None):
    path = d.dir / name
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header or HEADER, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(d, *rows, **options):
    return d.kipthoi("targets", "load", write(d, *rows, **options), check=0)


def deployment(clock="2025-07-01T08:00:00+07:00"):
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": clock}, sources=())
    d.sql("UPDATE scorer_cursor SET judged_at = %s", clock)
    d.sql("""INSERT INTO unit (code, name) VALUES ('H29', 'TP.HCM'), ('H29.1', 'Một'), ('H29.2', NULL), ('H29.11', NULL),
        ('H30', NULL)""")
    d.sql("""UPDATE unit u SET parent_id = p.unit_id FROM unit p
        WHERE (u.code, p.code) IN (('H29.1', 'H29'), ('H29.2', 'H29'), ('H29.11', 'H29.1'))""")
    d.sql("INSERT INTO field (code) VALUES ('HO'), ('DD'), ('DD2'), ('KN')")
    d.sql("INSERT INTO procedure (code) VALUES ('1.000001')")
    d.sql("INSERT INTO source (name) VALUES ('urn:t')")
    return d


def count(d, unit, field, day="2025-03-03", rule="promise", procedure="", **counts):
    counters.add(d, unit, field, procedure, day, rule, **counts)


def report(d, measure, period, unit, numerator, denominator, field="", sequence=0, source=1):
    d.sql("""INSERT INTO indicator (source_id, numerator, denominator, last_happened, last_sequence, key, last_event_id, measure,
        period, unit, field) VALUES (%s, %s, %s, '2025-06-30Z', %s, %s, 'e', %s, %s, %s, %s)""",
          source, numerator, denominator, sequence, f"{measure}|{period}|{unit}|{field}", measure, period, unit, field)


def board(d, *arguments, check=0):
    return d.json("scoreboard", *arguments, check=check)["rows"]


def pick(rows, **wanted):
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, (wanted, found)
    return found[0]


def told(row, *names):
    return tuple(row[name] for name in names)


FIGURES = ("numerator", "denominator", "rate", "met", "margin")


def test_the_plan_of_2023_2025_has_every_measure_and_loads():
    with open(PLAN, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    asked = {(row["measure"], row["each"], row["field_group"], row["relation"], int(row["bound"])) for row in rows}
    assert asked == MEASURES and len(rows) == len(MEASURES)
    assert {(row["valid_from"], row["valid_to"]) for row in rows} == {("2023-01-01", "2025-12-31")}
    assert all(row["title"] and row["source"] for row in rows)
    with deployment() as d:
        assert "18" in d.kipthoi("targets", "load", PLAN, check=0).stdout
        d.kipthoi("targets", "load", PLAN, check=0)  # again: in the place of what was there
        listed = d.json("targets")["rows"]
        assert len(listed) == 18 and listed[0]["target"] == "98.00" and listed[0]["line"] == 2, listed[0]
        assert "Hồ sơ đất đai trễ hạn" in d.kipthoi("targets", "list", "--lang", "vi", check=0).stdout
        found = d.json("targets", "check", check=1)["rows"]
        assert ("group", "land") in {told(row, "finding", "value") for row in found}, found
        d.kipthoi("targets", "groups", "load", FIELDS, check=0)
        found = d.json("targets", "check", check=1)["rows"]
        assert "group" not in {row["finding"] for row in found}
        assert ("field", "land: SUA-MA-DAT-DAI") in {told(row, "finding", "value") for row in found}, found
        assert {row["name"] for row in d.json("targets", "groups")["rows"]} == {"land", "investment", "complaints",
                                                                               "education", "health"}
        # The plan is over: no row, and --check does not call that fine.
        done = d.kipthoi("scoreboard", "--period", "2026", "--check", check=1)
        assert "2026" in done.stderr and "2023-2025" in done.stderr, done.stderr
        d.kipthoi("scoreboard", "--period", "2026", check=0)


MISTAKES = [
    ({"bound": "10001"}, "bound"), ({"bound": "98%"}, "bound"), ({"bound": "-1"}, "bound"), ({"bound": ""}, "bound"),
    ({"bound": "98"}, "bound is in hundredths of a per cent: 9800 is 98 %"), ({"bound": "99"}, "9800 is 98 %"),
    ({"bound": "1"}, "9800 is 98 %"),
    ({"min_sample": "many"}, "min_sample"),
    ({"valid_from": "2025-02-30"}, "valid_from"), ({"valid_to": "31/12/2025"}, "valid_to"),
    ({"valid_from": "2026-01-01"}, "valid_from is after"),
    ({"relation": ">"}, "relation"), ({"relation": "<"}, "relation"), ({"measure": "late"}, "relation"),
    ({"measure": "On time"}, "measure"), ({"measure": "late", "relation": "<", "bound": 0}, "bound"),
    ({"each": "procedure"}, "each"), ({"period": "week"}, "period"), ({"plan": ""}, "plan"), ({"title": ""}, "title"),
    ({"plan": "q"}, "plan"),
    ({"measure": "e_payment", "procedure": "1.000001"}, "procedure"),
    # Against line 2, which asks 98 % on time of everything.
    ({"bound": 9700}, "contradicts line 2"), ({}, "contradicts line 2"),
    ({"measure": "late", "relation": "<", "bound": 300}, "contradicts line 2"),
    ({"valid_from": "2025-12-31", "valid_to": "2026-12-31", "bound": 9900}, "contradicts line 2"),
]


def test_what_is_wrong_is_refused_with_its_line_and_nothing_is_loaded():
    with deployment() as d:
        for wrong, word in MISTAKES:
            path = write(d, target(), target(**wrong))
            done = d.kipthoi("targets", "load", path, check=2)
            assert f"{path}:3: " in done.stderr and word in done.stderr, (wrong, done.stderr)
        path = write(d, target(), header=[name for name in HEADER if name != "bound"])
        assert f'{path}:1: the header has no column "bound"' in d.kipthoi("targets", "load", path, check=2).stderr
        path = write(d, target(), header=HEADER + ["limit"])
        assert f'{path}:1: unknown column "limit"' in d.kipthoi("targets", "load", path, check=2).stderr
        path = write(d)
        assert "no targets" in d.kipthoi("targets", "load", path, check=2).stderr
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\nland,DD,again\n")
        done = d.kipthoi("targets", "groups", "load", groups, check=2)
        assert f"{groups}:3: " in done.stderr and "line 2" in done.stderr, done.stderr
        assert d.value("SELECT count(*) FROM target") == 0 and d.value("SELECT count(*) FROM field_group") == 0


def test_other_plans_are_looked_at_and_a_dry_run_changes_nothing():
    with deployment() as d:
        done = d.kipthoi("targets", "load", write(d, target()), "--dry-run", check=0)
        assert "dry run" in done.stdout and d.value("SELECT count(*) FROM target") == 0
        # What it would load is there to be read over.
        assert "98 %" in done.stdout and "2025-12-31" in done.stdout and "on_time" in done.stdout, done.stdout
        # 1 %, none at all, and a small bound from above are demands that can be meant.
        fine = write(d, target(bound=100), target(unit="H29", bound=0),
                     target(unit="H30", measure="late", relation="<", bound=50))
        d.kipthoi("targets", "load", fine, "--dry-run", check=0)
        load(d, target(), target(field_group="land", bound=9900))
        # Other bound, common day, other plan.
        path = write(d, target(plan="q", valid_from="2025-12-31", valid_to="2026-12-31", bound=9700), name="q.csv")
        for arguments in ((), ("--dry-run",)):
            done = d.kipthoi("targets", "load", path, *arguments, check=2)
            assert f"{path}:2: contradicts plan p, line 2" in done.stderr, done.stderr
        path = write(d, target(plan="q", measure="late", relation="<", bound=200), name="q.csv")
        assert "contradicts plan p, line 2" in d.kipthoi("targets", "load", path, check=2).stderr
        # The same demand said again, other days, other scope: no contradiction.
        load(d, target(plan="q"), target(plan="q", valid_from="2026-01-01", valid_to="2026-12-31", bound=9700),
             target(plan="q", unit="H29", bound=9700), name="q.csv")
        # A plan's own rows are replaced, not contradicted.
        load(d, target(plan="q", unit="H29", bound=9600), name="q.csv")
        assert d.sql("SELECT plan, bound FROM target ORDER BY 1, 2") == [("p", 9800), ("p", 9900), ("q", 9600)]
        d.kipthoi("targets", "load", write(d, target()), "--by", "An", check=0)
        assert d.sql("SELECT plan, loaded_by FROM target WHERE plan = 'p'") == [("p", "An")]
        # The role may do it, nobody else.
        assert d.json("targets", "--plan", "q")["rows"][0]["plan"] == "q"


def test_published_totals_are_judged_to_the_dossier():
    """1,653,458 received, 1,478,230 on time: 98 % needs 1,620,389, as 0.98 * 1653458 = 1620388.84."""
    with deployment("2027-01-01T08:00:00+07:00") as d:
        load(d, target(valid_to="2026-12-31"), target(measure="late", relation="<", bound=300, field_group="land",
                                                       valid_to="2026-12-31"))
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\nland,DD2,\n")
        d.kipthoi("targets", "groups", "load", groups, check=0)
        count(d, "H29.11", "HO", day="2026-10-10", early=1000000, on_time=478230, late=175228)
        count(d, "H29", "HO", day="2027-01-01", late=7)  # after the period
        count(d, "H29", "HO", day="2025-12-31", late=7)  # before it
        row = pick(board(d, "--period", "2026"), measure="on_time")
        assert told(row, *FIGURES) == (1478230, 1653458, "89.40", False, -142159), row
        assert told(row, "target", "relation", "rule", "basis", "window", "late", "finished", "overdue", "forecast_rate") == (
            "98.00", ">=", "promise", "finished", "2026", 175228, 1653458, 0, None), row
        nothing = pick(board(d, "--period", "2026"), measure="late")
        assert told(nothing, *FIGURES) == (0, 0, None, None, None)
        assert told(nothing, "replaces_plan", "replaces_line", "replaces_target") == ("p", 2, "98.00"), nothing
        d.kipthoi("scoreboard", "--period", "2026", "--check", check=1)
        d.kipthoi("scoreboard", "--period", "2026", check=0)
        english = d.kipthoi("scoreboard", "--period", "2026", check=0).stdout
        assert "142,159 too many" in english and "1,478,230 / 1,653,458" in english and "89.40" in english, english
        vietnamese = d.kipthoi("scoreboard", "--period", "2026", "--lang", "vi", check=0).stdout
        assert "vượt 142.159 HS" in vietnamese and "1.478.230 / 1.653.458" in vietnamese, vietnamese
        assert "89,40" in vietnamese and "chưa có số liệu" in vietnamese
        # One fewer too few: exactly at the bound.
        count(d, "H29.11", "HO", day="2026-10-10", on_time=142159, late=-142159)
        assert told(pick(board(d, "--period", "2026", "--check"), measure="on_time"), *FIGURES) == (
            1620389, 1653458, "98.00", True, 0)


def test_the_most_specific_target_decides_and_says_which_it_replaces():
    with deployment("2026-01-01T08:00:00+07:00") as d:
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\nland,DD2,\n")
        d.kipthoi("targets", "groups", "load", groups, check=0)
        load(d, target(each="field", title="Từng lĩnh vực"),
             target(field_group="land", measure="late", relation="<", bound=300),
             target(procedure="1.000001", bound=9000),
             target(each="unit", bound=9700),
             target(unit="H29.1", bound=9000),
             target(field_group="land", unit="H29", measure="on_time", bound=5000))
        count(d, "H29.11", "HO", on_time=97, late=2)
        count(d, "H29.2", "HO", early=10, on_time=90, late=2)
        count(d, "H29.1", "DD", on_time=60, late=3)
        count(d, "H30", "DD2", on_time=40)
        count(d, "H30", "KN", in_time=4)
        count(d, "H30", "KN", procedure="1.000001", on_time=8, late=2)
        rows = board(d, "--period", "2025")
        # 197 of 201: 98.0099..., and one more late one makes 197/202.
        row = pick(rows, line=2, field="HO")
        assert told(row, *FIGURES) == (197, 201, "98.01", True, 0) and row["replaces_line"] is None
        # Land as a whole: 3 of 103 is 2.91 %; a fourth makes 4 of 104.
        row = pick(rows, line=3)
        assert told(row, *FIGURES) == (3, 103, "2.91", True, 0)
        assert told(row, "field_group", "replaces_line", "replaces_title", "replaces_target") == (
            "land", 2, "Từng lĩnh vực", "98.00"), row
        assert [r["field"] for r in rows if r["line"] == 2] == ["HO", "KN"]
        assert told(pick(rows, line=4), *FIGURES) == (8, 10, "80.00", False, -1)
        # Land in H29 is deeper than land: 60 of 63.
        row = pick(rows, line=7)
        assert told(row, "unit", "numerator", "denominator", "replaces_line") == ("H29", 60, 63, 3), row
        # Each unit, what is under it too; H29.1 has its own bound.
        assert told(pick(rows, line=5, unit="H29"), "numerator", "denominator", "met") == (257, 264, True)  # 97.35 %
        assert told(pick(rows, line=5, unit="H29.11"), "numerator", "denominator", "met") == (97, 99, True)
        row = pick(rows, line=6)
        assert told(row, "unit", "numerator", "denominator", "replaces_line") == ("H29.1", 157, 162, 5), row
        assert not [r for r in rows if r["line"] == 5 and r["unit"] == "H29.1"]
        shown = d.kipthoi("scoreboard", "--period", "2025", "--lang", "vi", check=0).stdout.splitlines()
        assert shown[0].endswith("Thay") and [line for line in shown if "< 3 %" in line][0].endswith("≥ 98 %"), shown
        # One unit: the city's targets on its part only.
        rows = board(d, "--period", "2025", "--unit", "H29.2")
        assert told(pick(rows, line=2), "unit", "field", "numerator", "denominator") == ("H29.2", "HO", 100, 102)
        assert {r["line"] for r in rows} == {2, 4, 5, 7}, rows
        d.kipthoi("scoreboard", "--unit", "H99", check=1)


def test_min_sample_and_periods():
    with deployment("2026-01-01T08:00:00+07:00") as d:
        load(d, target(min_sample=100, bound=9000), target(period="month", bound=8000),
             target(valid_from="2024-01-01", valid_to="2024-12-31", bound=5000))
        count(d, "H30", "HO", day="2025-07-01", on_time=50)
        count(d, "H30", "HO", day="2025-07-31", on_time=49)
        assert told(pick(board(d, "--period", "2025")), "line", *FIGURES) == (2, 99, 99, None, None, None)
        count(d, "H30", "HO", day="2025-09-30", late=1)
        row = pick(board(d, "--period", "2025"))
        # 99 of 100 against 90 %: 99 of 110 is 90 % exactly.
        assert told(row, "line", *FIGURES) == (2, 99, 100, "99.00", True, 10)
        # The target of months decides in a month, that of the year before it in a quarter.
        assert told(pick(board(d, "--period", "2025-07")), "line", "denominator", "target") == (3, 99, "80.00")
        assert told(pick(board(d, "--period", "2025-Q3")), "line", "denominator") == (2, 100)
        assert told(pick(board(d, "--period", "2025-Q2")), "line", "denominator", "met") == (2, 0, None)
        assert told(pick(board(d, "--period", "2024")), "line", "target") == (4, "50.00")
        row = pick(board(d, "--period", "p"), line=2)
        assert told(row, "window", "denominator") == ("p", 100)
        for wrong in ("2025-13", "nobody", "2025-Q5", ""):
            assert "--period" in d.kipthoi("scoreboard", "--period", wrong, check=2).stderr
        # Without --period the year of the clock, in which no target holds.
        assert board(d) == []


def test_a_running_period_is_projected_by_days():
    """2025-04-10 is day 100 of 365."""
    with deployment("2025-04-10T23:59:59+07:00") as d:
        load(d, target(min_sample=300), target(measure="on_time_portal", bound=9000))
        count(d, "H30", "HO", day="2025-02-01", on_time=97, late=3, in_time=5, overdue=4)
        count(d, "H30", "HO", day="2025-02-01", rule="portal", on_time=80, late=10)
        count(d, "H30", "HO", day="2024-02-01", rule="portal", on_time=500, in_time=6, paused=1, overdue=3)
        row = pick(board(d), measure="on_time")
        assert told(row, *FIGURES) == (97, 100, None, None, None) and row["overdue"] == 4
        # 97 * 3.65 = 354.05 of 365: the rate is kept.  98 % of 365 is 357.7.
        forecast = ("forecast_numerator", "forecast_denominator", "forecast_rate", "forecast_met", "forecast_margin")
        assert told(row, *forecast) == (354, 365, "97.00", False, -4), row
        # Portal: ended in the year, and what is open however long: 87 of 100; 292 + 7 of 328.5 + 10 at this pace.
        row = pick(board(d), measure="on_time_portal")
        assert told(row, "basis", "overdue", *FIGURES) == ("portal", 3, 87, 100, "87.00", False, -3)
        assert told(row, *forecast) == (299, 339, "88.33", False, -6), row  # 90 % is 304.65
        assert "97.00 missed" in d.kipthoi("scoreboard", check=0).stdout
        # A period that is over has no pace, one to come no figures.
        assert pick(board(d, "--period", "2025-Q1"), measure="on_time")["forecast_rate"] is None
        assert told(pick(board(d, "--period", "2025-Q4"), measure="on_time"), "denominator", "forecast_rate") == (0, None)


def test_the_pace_keeps_the_rate_and_the_answer():
    """2025-07-15 is day 196 of 365: 49 of 50 become 91.25 of 93.11, which apart would be 91 of 93, or 97.85 %."""
    forecast = ("forecast_rate", "forecast_met", "forecast_margin")
    with deployment("2025-07-15T08:00:00+07:00") as d:
        load(d, target(), target(field_group="land", bound=9375))
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\n")
        d.kipthoi("targets", "groups", "load", groups, check=0)
        count(d, "H30", "HO", day="2025-02-01", on_time=34)
        count(d, "H30", "DD", day="2025-02-01", on_time=15, late=1)
        rows = board(d)
        assert told(pick(rows, line=2), *FIGURES, *forecast) == (49, 50, "98.00", True, 0, "98.00", True, 0), rows
        assert told(pick(rows, line=3), *FIGURES, *forecast) == (15, 16, "93.75", True, 0, "93.75", True, 0), rows
        shown = d.kipthoi("scoreboard", check=0).stdout
        assert "missed" not in shown and "land" in shown, shown
        # The note of a group is how people call it; programs read its name.
        groups.write_text("name,field,note\nland,DD,\nland,DD2,đất đai\n")
        d.kipthoi("targets", "groups", "load", groups, check=0)
        shown = d.kipthoi("scoreboard", check=0).stdout
        assert "đất đai" in shown and "land" not in shown, shown
        assert told(pick(board(d), line=3), "field_group") in ("land", ("land",)), board(d)


def width(text):
    """Columns on a terminal; no letter here takes two."""
    return sum(0 if unicodedata.combining(char) else 1 for char in text)


def test_tables_of_the_plan_fit_a_terminal_of_120_columns():
    with deployment("2025-07-15T08:00:00+07:00") as d:
        d.kipthoi("targets", "load", PLAN, check=0)
        d.kipthoi("targets", "groups", "load", FIELDS, check=0)
        land = d.value("SELECT field FROM field_group WHERE name = 'land' ORDER BY 1 LIMIT 1")
        d.sql("INSERT INTO field (code) VALUES (%s) ON CONFLICT DO NOTHING", land)
        count(d, "H29.11", "HO", on_time=1478230, late=175228)
        count(d, "H29.1", "KN", on_time=12345, late=5)
        count(d, "H29.2", land, on_time=40000, late=2499)
        report(d, "e_payment", "2025", "H29.1", 4000, 5000)
        report(d, "disbursement", "2025", "H29.1", 900000000, 1000000000)
        for language, title in (("en", "Hồ sơ "), ("vi", "Hồ sơ ")):
            for command in (("scoreboard",), ("scoreboard", "--period", "2024"), ("targets",), ("rules",)):
                shown = d.kipthoi(*command, "--lang", language, check=0).stdout
                lines = shown.splitlines()
                assert max(map(width, lines)) <= 120, (language, command, shown)
                assert title in shown or command == ("rules",), shown
            assert "hcmc-2023-2025" not in d.kipthoi("targets", "--lang", language, check=0).stdout
            # Several titles begin alike: each stands whole above its rows.
            shown = d.kipthoi("scoreboard", "--lang", language, check=0).stdout.splitlines()
            for listed in d.json("targets")["rows"]:
                assert listed["title"] in shown, (language, listed["title"], shown)
            first = shown.index("Thanh toán không dùng tiền mặt tại từng cơ quan")
            assert [line.split()[0] for line in shown[first + 1:first + 3]] == ["H29", "H29.1"], shown
        # Whole to programs.
        listed = d.json("targets")["rows"]
        assert listed[0]["title"] == "Hồ sơ giải quyết đúng hạn trong từng lĩnh vực" and listed[0]["unit"] == "", listed[0]
        assert (listed[0]["plan"], listed[0]["relation"]) == ("hcmc-2023-2025", ">="), listed[0]
        assert "Xử lý đơn, giải quyết khiếu nại, tố cáo đúng hạn" in d.kipthoi("scoreboard", "--csv", check=0).stdout


def test_calls_that_are_refused_and_answers_to_programs():
    with deployment() as d:
        path = write(d, target(), target(unit="H29"))
        assert d.json("targets", "load", path, "--dry-run") == {"plan": "p", "targets": 2, "dry_run": True}
        assert d.value("SELECT count(*) FROM target") == 0
        assert "(none)" in d.kipthoi("targets", "list", "--plan", "p", check=1).stderr
        assert d.json("targets", "load", path) == {"plan": "p", "targets": 2, "dry_run": False}
        load(d, target(plan="q"), name="q.csv")
        done = d.kipthoi("targets", "list", "--plan", "nosuch", check=1)
        assert done.stderr == 'kipthoi: there is no plan "nosuch"; known are: p, q\n' and done.stdout == "", done.stderr
        # Two plans: the column is there.
        assert d.kipthoi("targets", check=0).stdout.startswith("plan")
        assert not d.kipthoi("targets", "--plan", "p", check=0).stdout.startswith("plan")
        groups = d.dir / "groups.csv"
        groups.write_text("name,field,note\nland,DD,\nland,DD2,\n")
        assert d.json("targets", "groups", "load", groups) == {"fields": 2, "dry_run": False}
        for option, call in (("--plan", ("check", "--plan", "nosuch", "--dry-run")), ("--dry-run", ("check", "--dry-run")),
                             ("--by", ("groups", "load", groups, "--by", "An")), ("--plan", ("load", path, "--plan", "p")),
                             ("--dry-run", ("list", "--dry-run")), ("--by", ("groups", "--by", "An"))):
            done = d.kipthoi("targets", *call, check=2)
            assert f"takes no {option}; see: kipthoi targets --help" in done.stderr, done.stderr
        assert d.kipthoi("targets", "load", d.dir, check=2).stderr == f"kipthoi: {d.dir}: is a folder\n"
        # A header from elsewhere does not paint the terminal.
        path.write_text("pl\x1b[31man\n")
        assert 'unknown column "pl?[31man"' in d.kipthoi("targets", "load", path, check=2).stderr
        path.write_bytes(b"\x1f\x8b\x08")
        assert d.kipthoi("targets", "load", path, check=2).stderr == (
            f"kipthoi: {path}: ends in the middle of its gzip data\n")


def dossier(d, code, unit, field="HO", promise="late", day="2025-06-30"):
    d.sql("""INSERT INTO dossier (source_id, unit_id, field_id, procedure_id, events, flags, pauses, promise_day, portal_day,
        slot, due_moves, supplements, calendar, broken, online, state, promise, portal, last_happened, last_sequence, code,
        last_event_id)
        SELECT 1, u.unit_id, f.field_id, 0, 1, 0, 0, %s, '2025-01-01', 0, 0, 0, 0, CASE %s WHEN 'late' THEN 2 ELSE 0 END, false,
            'finished', %s::dossier_class, 'late', now(), 0, %s, 'e' FROM unit u, field f WHERE u.code = %s AND f.code = %s""",
          day, promise, promise, code, unit, field)


def duty(d, code, due, state, sent=None, episode=1, deadline=None):
    """The letter's deadline is the end of the day promised, unless another is given."""
    d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, sent_at, code)
        SELECT 1, unit_id, %s, %s::duty_state, %s, coalesce(%s::timestamptz, date_trunc('day', %s::timestamptz, 'Asia/Ho_Chi_Minh')
            + interval '1 day' - interval '1 microsecond'), now(), %s, code FROM dossier WHERE code = %s""",
          episode, state, due, deadline, due, sent, code)


def letters(d):
    """2024: F's, promised a second before New Year.  2025: A in time, B a microsecond late, C and E not sent; A's second
    promise in time.  Z is void, and Y was in time after all.  A and D end in another year than was promised."""
    for code, unit, field, day in (("A", "H29.11", "HO", "2026-01-01"), ("B", "H29.11", "HO", "2025-12-31"),
                                   ("C", "H29.11", "DD", "2025-06-30"), ("D", "H29.11", "HO", "2025-01-02"),
                                   ("E", "H30", "HO", "2025-02-01"), ("Z", "H29.11", "HO", "2025-05-05")):
        dossier(d, code, unit, field, day=day)
    dossier(d, "Y", "H30", promise="on_time")
    duty(d, "A", "2025-12-30T17:00:00+07", "sent", "2025-12-30T16:59:59+07")
    duty(d, "B", "2025-12-31T23:59:59+07", "sent", "2026-01-01T00:00:00+07")
    duty(d, "C", "2025-01-01T00:00:00+07", "owed")
    duty(d, "D", "2024-12-31T23:59:59+07", "drafted")
    duty(d, "E", "2025-01-31T17:00:00+07", "approved")
    duty(d, "A", "2025-12-31T17:00:00+07", "sent", "2025-12-31T17:00:00+07", episode=2, deadline="2025-12-31T17:00:00+07")
    duty(d, "Z", "2025-05-05T17:00:00+07", "void")
    duty(d, "Y", "2025-05-05T17:00:00+07", "sent", "2025-05-05T17:00:00+07")


LETTERS = ("timely", "late", "none", "owed", "rate")


def test_letters_intake_and_their_own_denominators():
    with deployment("2026-01-01T08:00:00+07:00") as d:
        load(d, target(measure="letters_timely", bound=10000), target(measure="intake_on_time", bound=9000))
        count(d, "H30", "HO", rule="intake", early=3, on_time=5, late=2, overdue=9)
        letters(d)
        rows = board(d, "--period", "2025")
        row = pick(rows, measure="letters_timely")
        # Five letters for promises of 2025: two in time, one late, two not sent.
        assert told(row, "basis", "rule", "overdue", "finished", *FIGURES) == (
            "letters", None, None, None, 2, 5, "40.00", False, -3), row
        assert told(row, "timely", "late", "none") == (2, 1, 2)
        intake = pick(rows, measure="intake_on_time")
        assert told(intake, *FIGURES) == (8, 10, "80.00", False, -1)
        assert told(intake, "timely", "late", "none") == (None, 2, None)
        for unit, figures in (("H29", (2, 4, "50.00")), ("H29.11", (2, 4, "50.00")), ("H30", (0, 1, "0.00")),
                              ("H29.2", (0, 0, None))):
            row = pick(board(d, "--period", "2025", "--unit", unit), measure="letters_timely")
            assert told(row, "numerator", "denominator", "rate") == figures, (unit, row)
        text = d.kipthoi("scoreboard", "--period", "2025", check=0).stdout
        assert "letters late: 3; sent late: 1, not sent: 2" in text, text
        text = d.kipthoi("scoreboard", "--period", "2025", "--lang", "vi", check=0).stdout
        assert "gửi trễ hạn: 1, chưa gửi: 2" in text, text


def test_letters_by_unit_field_and_window():
    with deployment("2026-01-01T08:00:00+07:00") as d:
        letters(d)
        rows = d.json("rates", "--letters", "--by", "unit,field", "--window", "2025", "--target", "100")
        assert [told(row, "unit", "field", *LETTERS, "target", "met") for row in rows["rows"]] == [
            ("H29", "DD", 0, 0, 1, 1, "0.00", "100.00", False), ("H29", "HO", 2, 1, 0, 3, "66.67", "100.00", False),
            ("H29.1", "DD", 0, 0, 1, 1, "0.00", "100.00", False), ("H29.1", "HO", 2, 1, 0, 3, "66.67", "100.00", False),
            ("H29.11", "DD", 0, 0, 1, 1, "0.00", "100.00", False), ("H29.11", "HO", 2, 1, 0, 3, "66.67", "100.00", False),
            ("H30", "HO", 0, 0, 1, 1, "0.00", "100.00", False)]
        assert told(rows["total"], *LETTERS) == (2, 1, 2, 5, "40.00")
        # The same as the scoreboard says, for each unit.
        load(d, target(measure="letters_timely", bound=10000))
        for unit in ("H29", "H29.11", "H30", "H29.2"):
            one = d.json("rates", "--letters", "--unit", unit, "--window", "2025")["total"]
            row = pick(board(d, "--period", "2025", "--unit", unit), measure="letters_timely")
            assert told(one, "timely", "late", "none", "owed", "rate") == told(
                row, "timely", "late", "none", "denominator", "rate"), unit
        # A letter stands where its promise was: that of D in 2024, though D ended in 2025; those of A in December.
        for window, figures in (("2024", (0, 0, 1, 1, "0.00")), ("2025-12", (2, 1, 0, 3, "66.67")),
                                ("2025-01", (0, 0, 2, 2, "0.00")), ("2025-05", (0, 0, 0, 0, None)),
                                ("all", (2, 1, 3, 6, "33.33")), ("2026", (0, 0, 0, 0, None))):
            assert told(d.json("rates", "--letters", "--window", window)["total"], *LETTERS) == figures, window
        days = d.json("rates", "--letters", "--from", "2025-12-31", "--to", "2025-12-31", "--by", "unit")
        assert told(days["total"], *LETTERS) == (1, 1, 0, 2, "50.00")
        text = d.kipthoi("rates", "--letters", "--window", "2026", check=0).stdout
        assert "–" in text and "100" not in text, text
        csv_text = d.kipthoi("rates", "--letters", "--window", "2025", "--csv", check=0).stdout
        assert csv_text.splitlines()[0] == "unit,field,procedure,window,timely,late,none,owed,rate,target,met,as_of", csv_text
        text = d.kipthoi("rates", "--letters", "--window", "2025", "--lang", "vi", check=0).stdout
        assert "40,00" in text and "trễ hạn" in text, text
        d.kipthoi("rates", "--letters", "--window", "2025", "--target", "40", "--unit", "H29", "--check", check=0)
        d.kipthoi("rates", "--letters", "--window", "2025", "--target", "50.01", "--unit", "H29", "--check", check=1)
        d.kipthoi("rates", "--letters", "--rule", "promise", check=2)


def test_indicators_of_units_and_periods():
    with deployment("2025-07-01T08:00:00+07:00") as d:
        load(d, target(measure="e_payment", each="unit", bound=10000), target(measure="disbursement", bound=9000),
             target(measure="satisfaction", each="field", bound=9500), target(measure="par_class", bound=10000, unit="H29"))
        report(d, "e_payment", "2025", "H29.1", 100, 100)
        report(d, "e_payment", "2025", "H29.11", 9, 10)
        report(d, "e_payment", "2024", "H30", 1, 10)      # another year
        # H29.1 has quarters and, in the second, months; H29.2 a year of its own, which stands for its quarters.
        report(d, "disbursement", "2025-Q1", "H29.1", 10, 20)
        report(d, "disbursement", "2025-01", "H29.1", 999, 999)  # inside a quarter that was reported
        report(d, "disbursement", "2025-04", "H29.1", 3, 5)
        report(d, "disbursement", "2025-06", "H29.1", 4, 5)
        report(d, "disbursement", "2025", "H29.2", 8000000000000000, 9007199254740991)
        report(d, "disbursement", "2025-Q2", "H29.2", 1, 1)
        report(d, "satisfaction", "2025", "H30", 949, 1000, field="GD")
        report(d, "satisfaction", "2025", "H31", 960, 1000, field="GD")   # a unit that nothing else names
        # Said by two sources: the later report stands.
        d.sql("INSERT INTO source (name) VALUES ('urn:u')")
        report(d, "par_class", "2025", "H29.2", 0, 1, sequence=1)
        report(d, "par_class", "2025", "H29.2", 1, 1, sequence=2, source=2)
        report(d, "par_class", "2025", "H30", 0, 1)
        rows = board(d, "--period", "2025")
        # H29 and H29.1 hold what is under them.
        assert {row["unit"]: told(row, *FIGURES) for row in rows if row["measure"] == "e_payment"} == {
            "H29": (109, 110, "99.09", False, -1), "H29.1": (109, 110, "99.09", False, -1),
            "H29.11": (9, 10, "90.00", False, -1)}
        row = pick(rows, measure="disbursement")
        # 10+3+4 of 30, and the year of H29.2: 90 % of 9007199254741021 is 8106479329266918.9.
        assert told(row, "basis", *FIGURES) == ("reported", 8000000000000017, 9007199254741021, "88.82", False,
                                                8000000000000017 - 8106479329266919), row
        assert told(row, "forecast_rate", "forecast_met") == (None, None)
        assert told(pick(rows, measure="satisfaction"), "field", *FIGURES) == ("GD", 1909, 2000, "95.45", True, 9)
        assert told(pick(rows, measure="par_class"), *FIGURES) == (1, 1, "100.00", True, 0)
        row = pick(board(d, "--period", "2025-Q2", "--unit", "H29.1"), measure="disbursement")
        assert told(row, *FIGURES) == (7, 10, "70.00", False, -2)
        assert told(pick(board(d, "--period", "2025-01"), measure="disbursement"), *FIGURES)[:2] == (999, 999)
        text = d.kipthoi("scoreboard", "--period", "2025", check=0).stdout
        assert "106,479,329,266,902 short" in text and "9 to spare" in text, text


def test_the_ranking_shares_places_and_leaves_no_unit_out():
    with deployment("2026-01-01T08:00:00+07:00") as d:
        count(d, "H29.1", "HO", on_time=98, late=2)
        count(d, "H29.2", "HO", early=20, on_time=29, late=1, overdue=3)
        count(d, "H30", "HO", on_time=3)
        ranked = d.json("scoreboard", "--rank", "--period", "2025")["rows"]
        names = ("place", "unit", "early", "on_time", "late", "finished", "overdue", "rate")
        # Each among those of its superior: what H29 has is what H29.1 and H29.2 have.
        assert [told(row, *names) for row in ranked] == [
            (1, "H30", 0, 3, 0, 3, 0, "100.00"), (2, "H29", 20, 127, 3, 150, 3, "98.00"),
            (1, "H29.1", 0, 98, 2, 100, 0, "98.00"), (1, "H29.2", 20, 29, 1, 50, 3, "98.00"),
            (None, "H29.11", 0, 0, 0, 0, 0, None)], ranked
        assert [row["superior"] for row in ranked] == [None, None, "H29", "H29", "H29.1"], ranked
        inside = d.json("scoreboard", "--rank", "--period", "2025", "--unit", "H29")["rows"]
        assert [told(row, "place", "unit") for row in inside] == [(1, "H29.1"), (1, "H29.2"), (None, "H29.11")]
        d.kipthoi("scoreboard", "--rank", "--check", check=2)
        assert "98,00" in d.kipthoi("scoreboard", "--rank", "--period", "2025", "--lang", "vi", check=0).stdout


def test_before_anything_is_judged_there_is_no_answer():
    with deployment() as d:
        d.sql("UPDATE scorer_cursor SET judged_at = '-infinity'")
        assert "scorer" in d.kipthoi("scoreboard", check=3).stderr
        assert json.loads(d.kipthoi("targets", "--json", check=0).stdout) == {"rows": []}
        d.kipthoi("targets", "drop", check=2)


if __name__ == "__main__":
    run_tests(globals())
