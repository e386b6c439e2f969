# SPDX-License-Identifier: MIT
"""What a dossier's events add up to, written from docs/rules.md 1 to 5."""
import datetime
import re

from model_calendar import OFFSET_US, local_day

FACTS = ("submitted", "received", "accepted", "due_first", "due_current", "finished_first", "finished", "returned", "refused",
         "stopped", "withdrawn", "told")
CODES = ("unit", "field", "procedure")
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
NAIVE_EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)
OLD_UNIT = re.compile(r"000((?:\.[^.]+)+\.H\d\d)")
NATIONAL = re.compile(r"(\d\.\d{6})(\..+)?")
COUNT_MAX = 32767
ENDS = ("finished", "returned", "refused", "stopped", "withdrawn")


def moment(text):
    """Microseconds of RFC 3339 or of a local time; None of an empty text or none."""
    if not text:
        return None
    if len(text) == 14 and text.isdigit():
        text = f"{text[:8]}T{text[8:]}"
    value = datetime.datetime.fromisoformat(text)
    if value.tzinfo is None:
        return (value - NAIVE_EPOCH) // MICROSECOND - OFFSET_US
    return (value - EPOCH) // MICROSECOND


def promised(text):
    """The same of a due date: a day without a time of day is promised until its last microsecond."""
    if text and len(text) in (8, 10):
        day = datetime.date.fromisoformat(text if len(text) == 10 else f"{text[:4]}-{text[4:6]}-{text[6:]}")
        return moment((day + datetime.timedelta(days=1)).isoformat()) - 1
    return moment(text)


class Codes:
    """The table code_alias: rows (source, list, code, means, valid_from, valid_to), days or None."""

    def __init__(self, rows):
        self.rows = {}
        for source, name, code, means, begin, end in rows:
            self.rows.setdefault((source, name, code), []).append((begin, end, means))

    def _find(self, source, name, code, day):
        for begin, end, means in self.rows.get((source, name, code), ()):
            if (begin is None or begin <= day) and (end is None or day <= end):
                return means
        return None

    def means(self, source, name, code, day):
        if name == "unit" and (old := OLD_UNIT.fullmatch(code)):
            code = ".".join(reversed(old[1][1:].split(".")))
        if name == "procedure" and (national := NATIONAL.fullmatch(code)):
            code = national[1]
        found = self._find(source, name, code, day)
        found = found or self._find("*", name, code, day)
        if found:
            return found
        return {"1": "counter", "2": "online", "3": "post"}.get(code, code) if name == "channel" else code


class Event:
    """An event as the fold needs it: key, kind, facts told (moments), codes, pauses listed."""
    __slots__ = ("key", "kind", "stored", "facts", "codes", "reason", "status", "full", "at", "listed")

    def __init__(self, event, stored, codes):
        data = event["data"]
        self.stored = stored
        self.key = (moment(event["time"]), int(event.get("sequence") or 0), event["id"].encode())
        self.at = self.key[0]
        self.kind = event["type"].split(".")[-2]
        self.status = self.reason = self.listed = None
        self.full = False
        told, sent = self._record(data) if self.kind == "synced" else self._native(data)
        if event["type"] == "vn.kipthoi.apology.sent.v1":
            told, sent = {}, {}
        self.facts = {name: value for name, text in told.items() if (value := (promised if name == "due" else moment)(text)) is not None}
        day, source = local_day(self.key[0]), event["source"]
        self.codes = {name: codes.means(source, name, code, day) for name, code in sent.items() if code}
        if self.status is not None:
            self.status = int(codes.means(source, "status", self.status, day))

    def _native(self, data):
        self.reason = data.get("reason")
        return ({name: data.get(name) for name in ("received", "submitted", "due", "finished")},
                {name: data.get(name) for name in ("unit", "field", "procedure", "channel")})

    def _record(self, data):
        self.full = "TrangThaiHoSo" in data
        self.status = str(data["TrangThaiHoSo" if self.full else "TrangThai"])
        if not self.full:
            if at := moment(data.get("ThoiDiemXuLy")):
                self.at = at
            return {}, {}
        self.listed = [(moment(entry.get("NgayBoSung")), moment(entry.get("NgayTiepNhanBoSung")),
                        promised(entry.get("NgayHenTraTruoc")), promised(entry.get("NgayHenTraMoi")))
                       for entry in data.get("DanhSachHoSoBoSung") or ()]
        return ({"received": data.get("NgayTiepNhan"), "submitted": data.get("NgayNopHoSo"), "due": data.get("NgayHenTra"),
                 "finished": data.get("NgayKetThucXuLy"), "returned": data.get("NgayTra"), "refused": data.get("NgayTuChoi")},
                {"unit": data.get("DonViXuLy"), "field": data.get("MaLinhVuc"), "procedure": data.get("MaTTHC"),
                 "channel": data.get("KenhThucHien")})


class Fold:
    """The dossier after its events, which come in order."""

    def __init__(self, events):
        for name in FACTS:
            setattr(self, name, None)
        self.unit = self.field = self.procedure = ""
        self.online = False
        self.due_moves = self.supplements = 0
        self.marks = set()      # of the flags 1, 2, 32, 64, which stay
        self.pauses = []        # [kind, from, to, reason] as opened
        self.appointed = []     # dues of re-appointments, as told
        self.by_list = False
        for event in events:
            self._take(event)
        self.events = len(events)
        self.last = events[-1].key
        self.pauses.sort(key=lambda pause: pause[1])

    def _take(self, event):
        facts = event.facts
        for name in ("received", "submitted"):
            if name in facts:
                setattr(self, name, facts[name])
        for name in CODES:
            if name in event.codes:
                setattr(self, name, event.codes[name])
        if "channel" in event.codes:
            self.online = event.codes["channel"] == "online"
        if event.kind in ENDS or event.status in (3, 7, 8, 9, 10):
            self.told = event.stored if self.told is None else min(self.told, event.stored)
        if event.kind == "synced":
            self._synced(event)
            return
        if "due" in facts:
            self._due(facts["due"], "announced" if event.kind == "rescheduled" else "silent")
            if event.kind == "rescheduled":
                self.appointed.append(facts["due"])
        at = event.key[0]
        if event.kind == "received" and "received" not in facts:
            self.received = at
        elif event.kind == "accepted":
            self.accepted = at
        elif event.kind == "finished":
            self._finish(facts.get("finished", at))
        elif event.kind in ENDS:
            setattr(self, event.kind, at)
        elif event.kind == "supplement_requested" and not self.by_list:
            self.supplements = min(self.supplements + 1, COUNT_MAX)
            self._open("supplement", at, event.reason)
        elif event.kind == "payment_requested":
            self._open("payment", at, event.reason)
        elif event.kind == "supplemented" and not self.by_list:
            if not self._close("supplement", at):
                self.marks.add(64)
        elif event.kind == "paid":
            self._close("payment", at)

    def _due(self, due, how):
        if self.due_first is None:
            self.due_first = due
        elif due != self.due_current:
            if how == "announced":
                self.due_moves = min(self.due_moves + 1, COUNT_MAX)
            elif how == "silent":
                self.marks.add(1)
        self.due_current = due

    def _finish(self, finish):
        if self.finished_first is None:
            self.finished_first = finish
        elif self.finished is not None and finish != self.finished:
            self.marks.add(2)
        self.finished = finish

    def _open_of(self, kind):
        return next((pause for pause in self.pauses if pause[0] == kind and pause[2] is None), None)

    def _open(self, kind, at, reason):
        if not self._open_of(kind):
            self.pauses.append([kind, at, None, reason])

    def _close(self, kind, at):
        if pause := self._open_of(kind):
            pause[2] = at
        return pause

    def _synced(self, event):
        facts, status, full, at = event.facts, event.status, event.full, event.at
        if full:
            if self.due_first is None:
                if before := next((entry[2] for entry in event.listed if entry[2] is not None), None):
                    self._due(before, "listed")
            if "due" in facts:
                self._due(facts["due"], "listed" if any(entry[3] == facts["due"] for entry in event.listed) else "silent")
            if status in (1, 2, 4, 5, 6):
                if any(getattr(self, name) is not None for name in ENDS):
                    self.marks.add(32)
                for name in ENDS:
                    setattr(self, name, None)
        if status not in (1, 3):
            self._imply("accepted", facts.get("received") if full else None, at)
        if status == 1 and self.received is None:
            self.received = at
        if status == 3:
            self._imply("refused", facts.get("refused"), at)
        if status == 7:
            self._imply("withdrawn", None, at)
        if status == 8:
            self._imply("stopped", None, at)
        if status in (9, 10) and "finished" in facts:
            self._finish(facts["finished"])
        elif status == 9 and self.finished is None:
            self._finish(at)
        if status == 10:
            self._imply("returned", facts.get("returned"), at)
        if any(entry[0] is not None for entry in event.listed or ()):
            entries = [entry for entry in event.listed if entry[0] is not None]
            self.by_list = True
            self.supplements = len(entries)
            self.pauses = [pause for pause in self.pauses if pause[0] == "payment"]
            self.pauses += [["supplement", entry[0], entry[1], None] for entry in entries]
        self._pause_by_status("supplement", 5, event)
        self._pause_by_status("payment", 6, event)

    def _imply(self, name, told, at):
        if told is not None:
            setattr(self, name, told)
        elif getattr(self, name) is None:
            setattr(self, name, at)

    def _pause_by_status(self, kind, asks, event):
        if kind == "supplement" and self.by_list:
            return
        if event.status == asks and not self._open_of(kind):
            if kind == "supplement":
                self.supplements = min(self.supplements + 1, COUNT_MAX)
            self._open(kind, event.at, None)
        elif event.status in (2, 4, 9, 10):
            self._close(kind, event.at)

    def state(self):
        for name in ENDS[1::-1] + ENDS[2:]:
            if getattr(self, name) is not None:
                return name
        if any(pause[2] is None for pause in self.pauses):
            return "paused"
        return "received" if self.accepted is None else "in_process"

    def flags(self):
        """Section 5, but for what needs rules."""
        def before(one, other):
            return one is not None and other is not None and one < other
        rows = ((4, before(self.finished, self.received)), (8, before(self.due_first, self.received)),
                (16, self.finished is not None and self.received is None),
                (128, any(before(pause[2], pause[1]) for pause in self.pauses)),
                (256, before(self.finished, self.finished_first) and before(self.due_first, self.finished_first)
                 and self.finished <= self.due_first),
                (512, self.finished is not None and self.finished in (self.due_current, self.due_first)))
        return sum(self.marks) + sum(bit for bit, is_set in rows if is_set)
