# SPDX-License-Identifier: MIT
"""Random streams of events, the same for the same seed: dossiers of 1 to 15 events with corrections, contradictions,
repetitions and late arrival, and a world of calendars, rules, terms and codes to judge them by.

    for arrived, event in Stream(seed).events(200000): …    # in order of arrival; arrived in microseconds
"""
import datetime
import heapq
import json
import random

from model_calendar import DAY_US, OFFSET_US, Calendars, Hours, as_day
from model_fold import Codes, moment

SOURCES = ("urn:mot-cua:1", "urn:mot-cua:2", "urn:mot-cua:3")
FROM = moment("2025-01-06T00:00:00+07:00")
TO = moment("2026-11-30T00:00:00+07:00")
LAST = moment("2026-12-30T00:00:00+07:00")
MINUTE = 60 * 10**6
HOUR = 60 * MINUTE

# --- the world ---

OFFICE = {day: [(7 * 3600, 41400), (48600, 17 * 3600)] for day in range(1, 6)}      # 07:00-11:30, 13:30-17:00
SIX_DAYS = {**{day: [(27000, 43200), (48600, 61200)] for day in range(1, 6)}, 6: [(27000, 41400)]}  # 07:30-12:00 …
UNITS = ("U1", "U2", "U3", "U4", "H56.22.17")
DAYS_OFF = ("2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-04-07", "2025-04-30", "2025-05-01",
            "2025-09-01", "2025-09-02", "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
            "2026-04-27", "2026-04-30", "2026-05-01", "2026-09-02")
WORKED = {"2025-04-26": [], "2026-08-22": [], "2025-12-31": [(7 * 3600, 41400)], "2026-02-13": [(7 * 3600, 41400)]}
# version: in force, years, day_s, cut-off of all units; units with hours of their own; days off besides
VERSIONS = [
    {"in_force": None, "years": (2025, 2026), "cut_off": 57600, "own": {"U2": (28800, None, SIX_DAYS)}, "off": ()},
    {"in_force": "2026-01-15T00:00:00+07:00", "years": (2025, 2027), "cut_off": None,
     "own": {"U2": (30600, 61200, SIX_DAYS), "U3": (28800, 54000, OFFICE)}, "off": ("2026-03-09", "2026-08-31")},
]

DEFAULTS = {
    "promise": {"precision": "instant", "due": "first", "finish": "latest", "pause": "move_due", "measure": "working",
                "payment": "runs", "waiting": "paused", "supplement_limit": 0, "extension_limit": 1, "missing_due": "term",
                "withdrawn": "exclude_kept", "unaccepted": "count", "term": None},
    "portal": {"precision": "instant", "due": "current", "finish": "latest", "pause": "deduct", "measure": "elapsed",
               "payment": "runs", "waiting": "ends", "supplement_limit": 1, "extension_limit": 1, "missing_due": "term",
               "withdrawn": "end", "unaccepted": "exclude", "term": None},
    "intake": {"precision": "instant", "due": "first", "finish": "latest", "pause": "none", "measure": "working",
               "payment": "runs", "waiting": "runs", "supplement_limit": 0, "extension_limit": 1, "missing_due": "exclude",
               "withdrawn": "exclude", "unaccepted": "count", "term": (1, "working_days")},
}
# (rule, effective from, what differs from version 1); version 1 is that of the migration
LATER_RULES = [
    ("promise", "2025-06-01T00:00:00+07:00", {"precision": "day", "due": "current", "payment": "pauses", "waiting": "ends"}),
    ("promise", "2025-12-01T08:30:00+07:00", {"finish": "first", "measure": "elapsed", "waiting": "runs", "supplement_limit": 2,
                                              "withdrawn": "end", "missing_due": "exclude", "extension_limit": 0}),
    ("promise", "2026-05-01T00:00:00+07:00", {"pause": "none", "withdrawn": "exclude", "unaccepted": "exclude", "precision": "day"}),
    ("promise", "2026-08-01T00:00:00+07:00", {"payment": "pauses", "supplement_limit": 3}),
    ("portal", "2025-09-01T00:00:00+07:00", {"precision": "day", "finish": "first", "pause": "move_due", "payment": "pauses"}),
    ("portal", "2026-04-01T00:00:00+07:00", {"waiting": "runs", "supplement_limit": 0, "measure": "working", "pause": "move_due",
                                             "withdrawn": "exclude_kept", "unaccepted": "count"}),
    ("intake", "2026-01-01T00:00:00+07:00", {"term": (4, "working_hours")}),
    ("intake", "2026-07-01T00:00:00+07:00", {"term": (2, "calendar_days")}),
]
# procedure, effective from, term, mode
TERMS = [
    ("1.000001", None, (5, "working_days"), "pause"), ("1.000001", "2026-01-01T00:00:00+07:00", (3, "working_days"), "restart"),
    ("1.000002", None, (16, "working_hours"), "restart"), ("1.000003", None, (20, "calendar_days"), "pause"),
    ("1.000004", None, (1, "months"), "restart"), ("1.000005", None, None, "restart"),
    ("1.000006", "2025-10-01T00:00:00+07:00", (40, "working_days"), "pause"),
]
PROCEDURES = ("1.000001", "1.000002.000.00.00.H56", "1.000002", "1.000003", "1.000004", "1.000005", "1.000006.H29", "2.000007",
              "thu-tuc-8", "cu-9", None)
# source, list, code, means, first day, last day
ALIASES = [
    ("*", "unit", "X1", "U1", None, None), (SOURCES[1], "unit", "X1", "U4", "2025-06-01", "2026-03-31"),
    ("*", "unit", "H56.22.18", "H56.22.17", None, "2026-06-30"), ("*", "field", "dat", "F1", None, None),
    (SOURCES[2], "field", "F2", "F3", "2026-01-01", None), ("*", "procedure", "cu-9", "1.000003", None, None),
    ("*", "status", "DX", "4", None, None), (SOURCES[1], "status", "5", "6", "2026-02-01", None), ("*", "channel", "web", "online", None, None),
    (SOURCES[2], "channel", "2", "post", None, "2025-08-31"),
]


def day_of(text):
    return None if text is None else as_day(datetime.date.fromisoformat(text))


def calendars():
    """The versions as the model counts by them."""
    made = Calendars()
    for version in VERSIONS:
        days = {day_of(text): None for text in DAYS_OFF + version["off"]}
        days.update((day_of(text), hours) for text, hours in WORKED.items())
        units = {"": Hours(*version["years"], 28800, version["cut_off"], OFFICE, days)}
        for unit, (day_s, cut_off_s, week) in version["own"].items():
            units[unit] = Hours(*version["years"], day_s, cut_off_s, week, days)
        made.add(float("-inf") if version["in_force"] is None else moment(version["in_force"]), units)
    return made


def rules():
    versions = {name: [{**row, "effective": None}] for name, row in DEFAULTS.items()}
    for name, effective, changes in LATER_RULES:
        versions[name].append({**DEFAULTS[name], **changes, "effective": moment(effective)})
    return versions


def terms():
    rows = {}
    for procedure, effective, term, mode in TERMS:
        rows.setdefault(procedure, []).append({"effective": moment(effective), "term": term, "mode": mode})
    return rows


def codes():
    return Codes([(*row[:4], day_of(row[4]), day_of(row[5])) for row in ALIASES])


def _time(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def install(connection):
    """Writes the world into the tables of a deployment without events, as its administrator."""
    def insert(table, columns, rows):
        marks = ", ".join(["%s"] * len(columns.split(",")))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    insert("unit", "code", [(code,) for code in UNITS])
    unit = dict(connection.execute("SELECT code, unit_id FROM unit").fetchall())
    for number, version in enumerate(VERSIONS, 1):
        insert("calendar", "version, first_year, last_year, in_force, name, loaded_by, why, file",
               [(number, *version["years"], version["in_force"] or "-infinity", "test", "test", "test", "")])
        hours = {"": (28800, version["cut_off"], OFFICE), **version["own"]}
        for code, (day_s, cut_off_s, week) in hours.items():
            insert("calendar_unit", "version, unit_id, day_s, cut_off",
                   [(number, unit[code], day_s, None if cut_off_s is None else _time(cut_off_s))])
            insert("calendar_hours", "version, unit_id, weekday, begins, ends",
                   [(number, unit[code], day, _time(begin), _time(end)) for day, spans in week.items() for begin, end in spans])
        off = [(number, day, "off", False, "x") for day in DAYS_OFF + version["off"]]
        insert("calendar_day", "version, day, kind, provisional, name", off + [(number, day, "work", False, "x") for day in WORKED])
        insert("calendar_day_hours", "version, day, begins, ends",
               [(number, day, _time(begin), _time(end)) for day, spans in WORKED.items() for begin, end in spans])
    count = {}
    for rule, effective, changes in LATER_RULES:
        row = {**DEFAULTS[rule], **changes}
        term = row.pop("term") or (None, None)
        count[rule] = count.get(rule, 1) + 1
        row.update(rule=rule, version=count[rule], effective_from=effective, term_count=term[0], term_unit=term[1], loaded_by="test", note="test")
        insert("rule_version", ", ".join(row), [tuple(row.values())])
    insert("procedure_term", "procedure, effective_from, term_count, term_unit, pause_mode, note, loaded_by",
           [(procedure, effective or "-infinity", *(term or (None, None)), mode, "test", "test") for procedure, effective, term, mode in TERMS])
    insert("code_alias", "source, list, code, means, valid_from, valid_to, note, loaded_by",
           [(*row[:4], row[4] or "-infinity", row[5] or "infinity", "test", "test") for row in ALIASES])
    connection.execute("UPDATE book SET stamp = stamp + 1")


# --- events ---

KINDS = ("supplement_requested", "supplemented", "payment_requested", "paid", "rescheduled", "finished", "returned", "refused",
         "stopped", "withdrawn", "accepted", "received")
WEIGHTS = (16, 16, 5, 5, 8, 18, 12, 3, 3, 4, 6, 4)
STATUSES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "DX")
STATUS_WEIGHTS = (4, 10, 2, 22, 14, 6, 2, 2, 16, 16, 6)
EPOCH = datetime.datetime(1970, 1, 1)


def _local(value):
    return EPOCH + datetime.timedelta(microseconds=value + OFFSET_US)


class Stream:
    """One seed's dossiers."""

    def __init__(self, seed, sources=SOURCES):
        self.chance = random.Random(seed)
        self.sources = sources
        self.number = 0

    def events(self, count):
        """Yields count pairs (moment of arrival, event) in order of arrival."""
        waiting, ties, last = [], 0, FROM
        starts = max(1, count // 6)
        for number in range(10 * starts):
            start = FROM + (TO - FROM) * min(number, starts) // starts
            while waiting and (waiting[0][0] <= start or number > starts):
                arrived, _, event = heapq.heappop(waiting)
                last = max(last, arrived)   # those made up at the end to reach the count come late
                yield last, event
                count -= 1
                if count == 0:
                    return
            for event in self.dossier(start) + self._indicators(start):
                for delay in self._delays():
                    ties += 1
                    heapq.heappush(waiting, (min(start + delay + self._age(event, start), LAST), ties, event))

    def _age(self, event, start):
        return max(0, moment(event["time"]) - start)

    def _delays(self):
        """How long after it happened an event arrives; more than one: it is repeated."""
        chance = self.chance
        spans = (5 * MINUTE, 2 * DAY_US, 30 * DAY_US, 200 * DAY_US)
        for _ in range(1 if chance.random() > 0.03 else chance.randint(2, 3)):
            yield chance.randrange(chance.choices(spans, (70, 20, 8, 2))[0])

    def dossier(self, start):
        """The events of a new dossier in the order of their making; a few are of years that no calendar knows."""
        chance = self.chance
        self.number += 1
        name = f"D{self.number}"
        source = chance.choice(self.sources)
        if chance.random() < 0.02:
            start -= 2 * 366 * DAY_US
        at = start + chance.randrange(DAY_US)
        self.due = self._round(at + chance.choice((0, 1, 3, 5, 10, 20, 40)) * DAY_US)
        style = chance.choices(("native", "synced", "mixed"), (60, 25, 15))[0]
        events = []
        for place in range(chance.choices(range(1, 16), [3, 4, 6, 8, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1])[0]):
            synced = style == "synced" or (style == "mixed" and chance.random() < 0.5)
            make = self._synced if synced else self._native
            kind, data = make(place, at, name)
            event = {"specversion": "1.0", "id": f"{name}-{chance.randrange(10**6):06}-{place}", "source": source,
                     "type": f"vn.kipthoi.{kind}.v1", "time": self._stamp(at), "data": data}
            if chance.random() < 0.3:
                event["sequence"] = chance.choice((place, str(place), chance.randrange(5)))
            events.append(event)
            at = min(at + self._step(), LAST)
        if style != "synced" and chance.random() < 0.2:
            events += self._put_off(name, source)
        chance.shuffle(events)
        return events

    def _put_off(self, name, source):
        """Re-appointments before, at and behind the due of the day, to a later, the same or an earlier one."""
        chance = self.chance
        events = []
        for place in range(chance.randint(1, 6)):
            at = min(self.due + chance.choice((-4 * DAY_US, -DAY_US, -1, 0, 1, HOUR, DAY_US, 3 * DAY_US, 20 * DAY_US)), LAST)
            self.due += chance.choice((-5 * DAY_US, -HOUR, 0, 0, 1, HOUR, DAY_US, 2 * DAY_US, 5 * DAY_US, 12 * DAY_US, 30 * DAY_US))
            events.append({"specversion": "1.0", "id": f"{name}-{chance.randrange(10**6):06}-again{place}", "source": source,
                           "type": "vn.kipthoi.dossier.rescheduled.v1", "time": self._stamp(at),
                           "data": {"dossier": name, "due": self._stamp(self.due)}})
        return events

    def _indicators(self, start):
        """Now and then a report of a measure, often one reported before."""
        chance = self.chance
        if chance.random() > 0.05:
            return []
        data = {"measure": chance.choice(("satisfaction", "digitised")), "period": chance.choice(("2025", "2025-Q3", "2026-02")),
                "unit": chance.choice(UNITS), "numerator": chance.randrange(100), "denominator": chance.randrange(200)}
        if chance.random() < 0.5:
            data["field"] = chance.choice(("F1", "F2"))
        return [{"specversion": "1.0", "id": f"i-{self.number}", "source": chance.choice(self.sources), "data": data,
                 "type": "vn.kipthoi.indicator.reported.v1", "time": self._stamp(start + chance.randrange(10) * HOUR),
                 "sequence": chance.randrange(3)}]

    def _step(self):
        chance = self.chance
        if chance.random() < 0.05:
            return 0
        return int(chance.expovariate(1) * chance.choice((HOUR, 8 * HOUR, DAY_US, 3 * DAY_US, 8 * DAY_US)))

    def _round(self, at):
        """Often a whole hour of the office, so that ends meet dues and hours' ends."""
        chance = self.chance
        day = (at + OFFSET_US) // DAY_US * DAY_US - OFFSET_US
        if chance.random() < 0.6:
            return day + chance.choice((0, 7, 8, 10, 14, 16, 17, 17, 17)) * HOUR
        return at - at % (10**6 if chance.random() < 0.7 else 1)

    def _stamp(self, at):
        """RFC 3339 in one of its shapes."""
        if self.chance.random() < 0.5:
            return f"{_local(at).isoformat()}+07:00"
        return f"{_local(at - OFFSET_US).isoformat()}Z"

    def _near(self, at, days=6):
        """A moment told: near, at the due, or at odds with the rest."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.15:
            return min(self.due, LAST)
        if kind < 0.20:
            return min(self.due + chance.choice((-1, 1)), LAST)
        return min(self._round(at - chance.randrange(-DAY_US // 2, days * DAY_US)), LAST)

    def _another_due(self, at):
        chance = self.chance
        if chance.random() < 0.6:
            return self.due
        if chance.random() < 0.02:
            return at + 900 * DAY_US
        self.due = self._round(at + chance.randrange(-3, 25) * DAY_US)
        return self.due

    def _native(self, place, at, name):
        chance = self.chance
        kind = chance.choices(KINDS, WEIGHTS)[0]
        if place == 0 and chance.random() < 0.9:
            kind = "received"
        elif place == 1 and chance.random() < 0.7:
            kind = "accepted"
        elif chance.random() < 0.03:
            return "apology.sent", {"dossier": name, "channel": chance.choice("12"), "due": self._stamp(self._near(at))}
        data = {"dossier": name}
        told = {"received": (0.3 if kind == "received" else 0.05, lambda: self._near(at)),
                "submitted": (0.1, lambda: self._near(at)),
                "due": (1 if kind == "rescheduled" else 0.5 if place < 2 else 0.08, lambda: self._another_due(at))}
        if kind == "finished":
            told["finished"] = (0.5, lambda: self._near(at))
        for member, (share, make) in told.items():
            if chance.random() < share:
                data[member] = self._stamp(make())
        self._codes(data, place, ("unit", "field", "procedure", "channel"))
        if kind == "supplement_requested" and chance.random() < 0.5:
            data["reason"] = chance.choice(("thiếu bản sao", "sai mẫu đơn"))
        return f"dossier.{kind}", data

    def _codes(self, data, place, members):
        chance = self.chance
        choices = ((*UNITS, "X1", "000.17.22.H56", "000.18.22.H56"), ("F1", "F2", "dat", None), PROCEDURES,
                   ("1", "2", "3", "web", "counter", "online"))
        for member, values in zip(members, choices):
            if chance.random() < (0.7 if place == 0 else 0.1):
                if (value := chance.choice(values)) is not None:
                    data[member] = value

    def _wall(self, at):
        """A moment of a record, in one of its shapes."""
        shape = self.chance.randrange(6)
        at -= at % 10**6
        text = _local(at).isoformat()
        if shape == 0:
            return self._stamp(at)
        if shape == 1:
            return text.replace("T", " ")
        if shape == 2:
            return _local(at).strftime("%Y%m%d%H%M%S")
        if shape == 3 and self.chance.random() < 0.3:
            return text[:10]
        return text

    def _synced(self, place, at, name):
        chance = self.chance
        status = chance.choices(STATUSES, STATUS_WEIGHTS)[0]
        if place == 0 and chance.random() < 0.6:
            status = chance.choice("124")
        if status.isdigit() and chance.random() < 0.3:
            status = int(status)
        if chance.random() < 0.4:
            data = {"MaHoSo": name, "NguoiXuLy": "A", "TrangThai": status}
            if chance.random() < 0.8:
                data["ThoiDiemXuLy"] = self._wall(self._near(at, 2))
            return "dossier.synced", data
        data = {"MaHoSo": name, "TrangThaiHoSo": status}
        told = (("NgayTiepNhan", 0.7, self._near), ("NgayNopHoSo", 0.3, self._near), ("NgayHenTra", 0.7, self._another_due),
                ("NgayKetThucXuLy", 0.4, self._near), ("NgayTra", 0.3, self._near), ("NgayTuChoi", 0.1, self._near))
        for member, share, make in told:
            if chance.random() < share:
                data[member] = self._wall(make(at))
            elif chance.random() < 0.1:
                data[member] = ""
        self._codes(data, place, ("DonViXuLy", "MaLinhVuc", "MaTTHC", "KenhThucHien"))
        if chance.random() < 0.25:
            data["DanhSachHoSoBoSung"] = [self._supplement(at, data) for _ in range(chance.randint(0, 3))]
        return "dossier.synced", data

    def _supplement(self, at, data):
        chance = self.chance
        entry = {"HoSoBoSungId": "1"}
        asked = self._near(at)
        if chance.random() < 0.95:
            entry["NgayBoSung"] = self._wall(asked)
        if chance.random() < 0.75:
            entry["NgayTiepNhanBoSung"] = self._wall(min(asked + chance.randrange(-DAY_US, 5 * DAY_US), LAST))
        if chance.random() < 0.3:
            entry["NgayHenTraTruoc"] = self._wall(self.due)
        if chance.random() < 0.4:
            entry["NgayHenTraMoi"] = data.get("NgayHenTra") or self._wall(self.due)
        return entry


def name_of(event):
    """The dossier's number as sent, None of an indicator."""
    return event["data"].get("dossier") or event["data"].get("MaHoSo")


def line(event):
    return json.dumps(event, ensure_ascii=False) + "\n"
