# SPDX-License-Identifier: MIT
"""A second scorer, for tests only: docs/rules.md in Python, fold, calendars, verdicts and counters.

    model = Model(calendars, codes, rules, terms)
    model.take(event, stored)       # an event as sent (dict), and when it was stored
    model.judge(now)                # folds what was touched, judges what time may have changed
    model.counters                  # {(day, unit, field, procedure, rule, class): dossiers}
    model.row("urn:s", "D1")        # a dossier as the table has it; model.pauses(...) its pauses, .promises(...) later promises

Zone: tests/support/model_calendar.py.
"""
import bisect
import collections

from model_calendar import Search, add_term, as_date, day_begin, local_day
from model_fold import Event, Fold, moment

DAY_US = 86400 * 10**6
RULES = ("promise", "portal", "intake")
PROMISES_MAX = 32767


def first(*moments):
    return next((value for value in moments if value is not None), None)


def least(*moments):
    return min((value for value in moments if value is not None), default=None)


class Verdict:
    """Of one rule: class and day (None: not judged), D, when it flips, the calendar version used; X of section 12, and
    whether time moves it on."""
    __slots__ = ("name", "day", "due", "flips", "calendar", "against", "runs")

    def __init__(self, name=None, day=None, due=None, flips=None, calendar=0):
        self.name, self.day, self.due, self.flips, self.calendar = name, day, due, flips, calendar
        self.against, self.runs = None, False


class Dossier:
    """Events in order, and what they came to."""
    __slots__ = ("source", "code", "events", "fold", "verdicts", "due_computed", "calendar", "flags", "flips", "promises",
                 "broken", "next_due")

    def __init__(self, source, code):
        self.source, self.code = source, code
        self.events = []
        self.fold = self.flips = None
        self.verdicts = {}

    def cells(self):
        fold = self.fold
        for rule, verdict in self.verdicts.items():
            if verdict.name:
                yield (verdict.day, fold.unit, fold.field, fold.procedure, rule, verdict.name)


class Model:
    """rules: {rule: [{switch: value, "effective": moment or None}]} by effective; terms: {procedure: the same, with
    "term": (count, unit) or None and "mode"}; aliases: {(source, code as sent): dossier}."""

    def __init__(self, calendars, codes, rules, terms, aliases=None):
        self.calendars, self.codes, self.rules, self.terms = calendars, codes, rules, terms
        self.aliases = aliases or {}
        self.dossiers = {}
        self.counters = collections.Counter()
        self.touched = set()
        self.known = set()
        self.in_force = None
        self.indicators = {}

    def take(self, event, stored):
        """Takes an event; a repetition does nothing."""
        identity = (event["source"], event["id"])
        if identity in self.known:
            return
        self.known.add(identity)
        data = event["data"]
        if event["type"] == "vn.kipthoi.indicator.reported.v1":
            self._indicate(event, data)
            return
        code = data.get("dossier") or data["MaHoSo"]
        key = (event["source"], self.aliases.get((event["source"], code), code))
        dossier = self.dossiers.get(key)
        if dossier is None:
            dossier = self.dossiers[key] = Dossier(*key)
        bisect.insort(dossier.events, Event(event, stored, self.codes), key=lambda one: one.key)
        self.touched.add(key)

    def _indicate(self, event, data):
        key = (event["source"], "|".join((data["measure"], data["period"], data.get("unit") or "", data.get("field") or "")))
        order = (moment(event["time"]), int(event.get("sequence") or 0), event["id"].encode())
        if key not in self.indicators or order > self.indicators[key][0]:
            self.indicators[key] = (order, data["numerator"], data["denominator"])

    def judge(self, now):
        in_force = self.calendars.at(now)
        for key in self.touched:
            dossier = self.dossiers[key]
            self.counters.subtract(dossier.cells())
            dossier.fold = Fold(dossier.events)
            self._judge(dossier, now)
        for key, dossier in self.dossiers.items():
            if key in self.touched:
                continue
            flipped = dossier.flips is not None and dossier.flips < now
            is_open = self._end(dossier.fold, None) is None
            stale = in_force != self.in_force and (is_open or dossier.calendar < 0) and dossier.calendar not in (0, in_force)
            if flipped or stale:
                self.counters.subtract(dossier.cells())
                self._judge(dossier, now)
        self.touched.clear()
        self.in_force = in_force

    # Verdicts, docs/rules.md 6 to 9.

    @staticmethod
    def _version(versions, anchor):
        found = None
        for version in versions:
            if version["effective"] is None or version["effective"] <= anchor:
                found = version
        return found

    @staticmethod
    def _finish(fold, rule):
        return fold.finished_first if rule and rule["finish"] == "first" and fold.finished is not None else fold.finished

    def _end(self, fold, rule):
        return first(self._finish(fold, rule), fold.returned, least(fold.refused, fold.stopped), fold.withdrawn)

    @staticmethod
    def _receipt(fold):
        return first(fold.received, fold.submitted, fold.last[0])

    def _judge(self, dossier, now):
        fold = dossier.fold
        anchor = first(fold.accepted, fold.received, fold.submitted, fold.last[0])
        rules = {name: self._version(self.rules[name], anchor) for name in RULES}
        term = self._version(self.terms.get(fold.procedure, ()), anchor)
        end = self._end(fold, rules["promise"])
        at = first(end, now)
        start = first(fold.accepted, fold.received)
        due_computed, version = None, 0
        if term and term["term"] and start is not None:
            due_computed, version = Search(self.calendars, fold.unit, at, now).run(lambda search: add_term(search, start, *term["term"]))
        dossier.due_computed = due_computed
        dossier.verdicts = {name: self._by_rule(fold, name, rules[name], term, due_computed, now) for name in ("promise", "portal")}
        dossier.verdicts["intake"] = self._intake(fold, rules["intake"], at, now)
        self._promises(dossier, rules["promise"])
        versions = [version] + [verdict.calendar for verdict in dossier.verdicts.values()]
        dossier.calendar = -1 if min(versions) < 0 else max(versions)
        dossier.flips = least(*(verdict.flips for verdict in dossier.verdicts.values()))
        dossier.flags = fold.flags() + sum(bit for bit, is_set in (
            (1024, fold.due_moves > rules["promise"]["extension_limit"]),
            (2048, None not in (fold.due_first, due_computed) and local_day(fold.due_first) != local_day(due_computed)),
            (4096, dossier.calendar < 0),
            (8192, None not in (end, fold.told) and fold.told > end + DAY_US)) if is_set)
        self.counters.update(dossier.cells())

    def _by_rule(self, fold, name, rule, term, due_computed, now):
        excluded = Verdict("excluded", local_day(self._receipt(fold)))
        base = fold.due_first if rule["due"] == "first" else fold.due_current                       # 1
        if base is None and rule["missing_due"] == "term":
            base = due_computed
        if base is None:
            return excluded
        if rule["unaccepted"] == "exclude" and first(fold.accepted, fold.due_first, fold.finished, fold.returned) is None:  # 2
            return excluded
        end = self._end(fold, rule)                                                                 # 3
        only_withdrawn = first(self._finish(fold, rule), fold.returned, fold.refused, fold.stopped) is None and fold.withdrawn is not None
        if only_withdrawn and rule["withdrawn"] == "exclude":
            return excluded
        closed, opened = self._pauses(fold, rule, end)                                              # 4
        asked = least(*(pause[1] for pause in opened))
        counted = end
        if rule["waiting"] == "ends" and asked is not None and self._finish(fold, rule) is None and fold.returned is None:  # 5
            counted = asked
        elif end is not None:
            closed = closed + [(pause[1], end) for pause in opened]
        spans = merged(closed)
        due, version = Search(self.calendars, fold.unit, first(end, now), now).run(                 # 6
            lambda search: self._due(search, rule, term, base, first(fold.accepted, fold.received), spans))
        if version < 0:
            excluded.calendar = -1
            return excluded
        verdict = Verdict(due=due, calendar=version)
        broken = 0 < rule["supplement_limit"] < fold.supplements                                    # 7
        verdict.against = first(counted if end is not None else asked, now)
        verdict.runs = end is None and asked is None
        if end is not None:
            self._ended(verdict, fold, rule, end, counted, broken, only_withdrawn)
        else:
            self._open(verdict, fold, rule, name, asked, broken, now)
        return verdict

    @staticmethod
    def _pauses(fold, rule, end):
        counting = [pause for pause in fold.pauses if pause[0] == "supplement" or rule["payment"] == "pauses"]
        opened = [pause for pause in counting if pause[2] is None]
        if rule["pause"] == "none" or (rule["waiting"] == "runs" and end is None):
            opened = []
        return [(pause[1], pause[2]) for pause in counting if pause[2] is not None], opened

    @staticmethod
    def _due(search, rule, term, base, start, spans):
        if rule["pause"] == "none":
            return base
        if rule["pause"] == "deduct":
            return base + sum(end - begin for begin, end in spans)
        working = rule["measure"] == "working"
        if term and term["term"]:
            working = term["term"][1] in ("working_days", "working_hours")
        restart = bool(term) and term["mode"] == "restart" and start is not None and base >= start
        due = base
        for begin, end in spans:
            if begin > due:
                break
            onto, span = (end, (start, base)) if restart else (due, (begin, end))
            if working:
                hours = search.hours()
                due = hours.add(onto, hours.between(*span))
            else:
                due = onto + span[1] - span[0]
        return due

    @staticmethod
    def _is_after(rule, value, due):                                                                # 8
        return local_day(value) > local_day(due) if rule["precision"] == "day" else value > due

    @staticmethod
    def _last(rule, due):
        """The last moment that is not after a due."""
        return day_begin(local_day(due) + 1) - 1 if rule["precision"] == "day" else due

    def _promises(self, dossier, rule):
        """Section 12."""
        verdict = dossier.verdicts["promise"]
        dossier.promises = [] if verdict.name == "excluded" else [verdict.due]
        for due in dossier.fold.appointed:
            if dossier.promises and due > dossier.promises[-1] and len(dossier.promises) < PROMISES_MAX:
                dossier.promises.append(due)
        dossier.broken, dossier.next_due = 0, None
        if verdict.name in ("late", "overdue"):
            dossier.broken = 1 + sum(self._is_after(rule, verdict.against, due) for due in dossier.promises[1:])
        if verdict.name == "in_time":
            dossier.next_due = dossier.promises[0]
        elif verdict.name == "overdue" and verdict.runs and dossier.broken < len(dossier.promises):
            dossier.next_due = dossier.promises[dossier.broken]
            verdict.flips = self._last(rule, dossier.next_due)

    def _ended(self, verdict, fold, rule, end, counted, broken, only_withdrawn):                    # 9
        if only_withdrawn and rule["withdrawn"] == "exclude_kept" and not self._is_after(rule, end, verdict.due):
            verdict.name, verdict.day = "excluded", local_day(self._receipt(fold))
            return
        verdict.day = local_day(end)
        if broken or self._is_after(rule, counted, verdict.due):
            verdict.name = "late"
        else:
            verdict.name = "early" if local_day(counted) < local_day(verdict.due) else "on_time"

    def _open(self, verdict, fold, rule, name, asked, broken, now):                                 # 10
        if broken:
            verdict.name = "overdue"
        elif asked is not None and rule["waiting"] != "runs":
            verdict.name = "overdue" if self._is_after(rule, asked, verdict.due) else "paused"
        elif self._is_after(rule, now, verdict.due):
            verdict.name = "overdue"
        else:
            verdict.name = "in_time"
            verdict.flips = self._last(rule, verdict.due)
        is_promise_broken = verdict.name == "overdue" and name == "promise"
        verdict.day = local_day(verdict.due if is_promise_broken else self._receipt(fold))          # 11

    def _intake(self, fold, rule, at, now):
        start = first(fold.submitted, fold.received)
        if not fold.online or start is None:
            return Verdict()
        limit, version = Search(self.calendars, fold.unit, at, now).run(lambda search: add_term(search, start, *rule["term"]))
        verdict = Verdict("excluded", local_day(start), limit, None, version)
        if version < 0:
            return verdict
        accepted = fold.accepted
        if accepted is not None:
            verdict.day = local_day(accepted)
            verdict.name = "late" if accepted > limit else "early" if verdict.day < local_day(limit) else "on_time"
        elif first(fold.refused, fold.stopped, fold.withdrawn, fold.finished, fold.returned) is None:
            if now > limit:
                verdict.name, verdict.day = "overdue", local_day(limit)
            else:
                verdict.name, verdict.flips = "in_time", limit
        return verdict

    # What the tables hold.

    def cells(self):
        """{(day, unit, field, procedure, rule): {class: dossiers}} as day_count, without empty cells."""
        rows = {}
        for (day, unit, field, procedure, rule, name), count in self.counters.items():
            if count:
                rows.setdefault((as_date(day), unit, field, procedure, rule), {})[name] = count
        return rows

    def row(self, source, code):
        """A row of dossier, moments as microseconds."""
        dossier = self.dossiers[source, code]
        fold, verdicts = dossier.fold, dossier.verdicts
        row = {"unit": fold.unit, "field": fold.field, "procedure": fold.procedure, "events": fold.events, "flags": dossier.flags,
               "pauses": len(fold.pauses), "due_moves": fold.due_moves, "supplements": fold.supplements,
               "calendar": dossier.calendar, "online": fold.online, "state": fold.state(), "last_happened": fold.last[0],
               "last_sequence": fold.last[1], "last_event_id": fold.last[2].decode(), "due_computed": dossier.due_computed,
               "flips_at": dossier.flips, "due_first": fold.due_first, "due_current": fold.due_current,
               "finished_first": fold.finished_first, "broken": dossier.broken, "next_due": dossier.next_due,
               "reappointments": sum(due > max(fold.appointed[:n], default=due - 1) for n, due in enumerate(fold.appointed))}
        for name in ("submitted", "received", "accepted", "finished", "returned", "refused", "stopped", "withdrawn", "told"):
            row[f"{name}_at"] = getattr(fold, name)
        for rule, verdict in verdicts.items():
            row[rule] = verdict.name
            row[f"{rule}_day"] = None if verdict.name is None else as_date(verdict.day)
            row[f"{rule}_due"] = verdict.due
        return row

    def pauses(self, source, code):
        return [tuple(pause) for pause in self.dossiers[source, code].fold.pauses]

    def promises(self, source, code):
        """The later ones: (number, due)."""
        return list(enumerate(self.dossiers[source, code].promises, 1))[1:]


def merged(spans):
    """Spans with begin < end, in order, those that overlap or touch made one."""
    result = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return result
