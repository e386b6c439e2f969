# SPDX-License-Identifier: MIT
"""The statement that every view of rates reads, against sums of days made one by one: it takes whole months from the counters
of months, and what it answers must not tell."""
import collections
import datetime
import random

from counters import CLASSES, RULES
from deployment import ROOT, Deployment, run_tests

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2023, 11, 20)
LAST = datetime.date(2026, 2, 5)
# A tree of units; X and Y are each other's superior, which the statement has to survive.
PARENTS = {"A": None, "A1": "A", "A2": "A", "A11": "A1", "B": None, "X": "Y", "Y": "X"}
FIELDS = ("", "F1", "F2")
PROCEDURES = ("", "P1", "P2")
ENDED = ("early", "on_time", "late", "excluded")
CALLS = 400


class Figures:
    """Counters of some years in a database, and the same in memory."""

    def __init__(self, d, rng):
        self.cells = {}     # (day, unit, field, procedure): {(rule, class): dossiers}
        days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
        for _ in range(4000):
            key = (rng.choice(days), rng.choice(list(PARENTS)), rng.choice(FIELDS), rng.choice(PROCEDURES))
            cell = self.cells.setdefault(key, {})
            for _ in range(rng.randrange(4)):
                cell[rng.choice(RULES), rng.choice(CLASSES)] = rng.randrange(5)
        for name, codes in (("unit", PARENTS), ("field", FIELDS), ("procedure", PROCEDURES)):
            d.sql(f"INSERT INTO {name} (code) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", list(codes))
        for unit, parent in PARENTS.items():
            d.sql("UPDATE unit SET parent_id = (SELECT unit_id FROM unit WHERE code = %s) WHERE code = %s", parent, unit)
        columns = [(rule, name) for rule in RULES for name in CLASSES]
        with d.connect() as c:
            c.execute("CREATE TABLE cell (day date, unit text, field text, procedure text, "
                      + ", ".join(f"{rule}_{name} int" for rule, name in columns) + ")")
            with c.cursor().copy("COPY cell FROM STDIN") as copy:
                for key, cell in self.cells.items():
                    copy.write_row([*key, *(cell.get(column) or None for column in columns)])
            names = ", ".join(f"{rule}_{name}" for rule, name in columns)
            sums = ", ".join(f"sum({rule}_{name})" for rule, name in columns)
            of_cell = "FROM cell c JOIN unit u ON u.code = c.unit JOIN field f ON f.code = c.field"
            c.execute(f"""INSERT INTO day_tally SELECT c.day, u.unit_id, f.field_id, p.procedure_id, {names}
                {of_cell} JOIN procedure p ON p.code = c.procedure""")
            c.execute(f"""INSERT INTO month_tally SELECT date_trunc('month', c.day)::date, u.unit_id, f.field_id, {sums}
                {of_cell} GROUP BY 1, 2, 3""")
            c.execute("DROP TABLE cell")

    def window(self, first, last, rule, by, unit):
        """[(is_total, unit, field, procedure, counts)] by the definition: day by day, cell by cell."""
        sums = collections.defaultdict(collections.Counter)
        for (day, code, field, procedure), cell in self.cells.items():
            lineage = above(code)
            if day > last or (unit is not None and unit not in lineage):
                continue
            counts = collections.Counter()
            for (name, kind), count in cell.items():
                # Under portal, who is open counts however long ago it was received.
                if name == rule and (day >= first or (rule == "portal" and kind not in ENDED)):
                    counts[kind] += count
            sums[True, None, None, None] += counts
            if any(by):
                for one in lineage if by[0] else [None]:
                    if one is None or unit is None or unit in above(one):
                        sums[False, one, field if by[1] else None, procedure if by[2] else None] += counts
        sums.setdefault((True, None, None, None), collections.Counter())
        return {(*key, *(counts[name] for name in CLASSES)) for key, counts in sums.items() if key[0] or sum(counts.values())}


def above(unit):
    """A unit and those above it."""
    lineage = []
    while unit is not None and unit not in lineage:
        lineage.append(unit)
        unit = PARENTS[unit]
    return lineage


def some_day(rng):
    """Often at the edge of a month."""
    day = FIRST + rng.randrange(-40, (LAST - FIRST).days + 60) * DAY
    edge = rng.choice(("first", "last", "second", "any", "any"))
    if edge == "any":
        return day
    first = day.replace(day=1)
    return {"first": first, "last": first - DAY, "second": first + DAY}[edge]


def some_window(rng):
    first, last = sorted((some_day(rng), some_day(rng)))
    return rng.choice(((first, last), (first, last), (first, first), (last - rng.randrange(60) * DAY, last)))


def test_windows_are_sums_of_days():
    rng = random.Random(20261130)
    text = (ROOT / "schema/queries/rates_rows.sql").read_text()
    with Deployment(sources=()) as d:
        figures = Figures(d, rng)
        # As those who ask; the notifier's rights are the same.
        with d.connect("operator") as c:
            c.execute("PREPARE rates (date[], date[], text, boolean, boolean, boolean, text) AS " + text)
            # The zone of a session must not matter, nor the plan that it keeps.
            for call in range(CALLS):
                # Days ahead of the clock are taken to be empty; that they are not must not matter.
                if call % 20 == 0:
                    d.sql("UPDATE scorer_cursor SET judged_at = %s", rng.choice(("-infinity", some_day(rng).isoformat())))
                c.execute(f"SET timezone = '{rng.choice(('Asia/Ho_Chi_Minh', 'America/Sao_Paulo', 'UTC'))}'")
                windows = [some_window(rng) for _ in range(rng.randrange(1, 6))]
                rule = rng.choice(RULES)
                by = [rng.random() < 0.5 for _ in range(3)] if call % 4 else [True, True, False]
                unit = rng.choice((None, None, *PARENTS))
                dates = [", ".join(f"'{day}'" for day in days) for days in zip(*windows)]
                rows = c.execute(f"EXECUTE rates (ARRAY[{dates[0]}]::date[], ARRAY[{dates[1]}]::date[], '{rule}', {by[0]}, {by[1]}, "
                                 f"{by[2]}, {'NULL' if unit is None else repr(unit)})").fetchall()
                assert [row[-1] for row in rows] == sorted(row[-1] for row in rows)
                for place, (first, last) in enumerate(windows, 1):
                    told = [row[:-1] for row in rows if row[-1] == place]
                    wanted = figures.window(first, last, rule, by, unit)
                    assert set(told) == wanted and len(told) == len(wanted), (
                        first, last, rule, by, unit, sorted(set(told) ^ wanted, key=str)[:6])
                    assert told[-1][0] and not any(row[0] for row in told[:-1])


if __name__ == "__main__":
    run_tests(globals())
