# SPDX-License-Identifier: MIT
"""Working time counted by cumulative sums: the model's own calendar, written from docs/rules.md 7 and common/calendar.h.

Moments are microseconds since 1970 UTC.  The zone is one without changes of its clocks: OFFSET_US east of UTC.
"""
import bisect
import calendar as civil
import datetime

OFFSET_US = 7 * 3600 * 10**6  # Asia/Ho_Chi_Minh
DAY_US = 86400 * 10**6
EPOCH = datetime.date(1970, 1, 1).toordinal()


class UnknownYears(Exception):
    """The calendar does not know the years asked about."""


def local_day(moment):
    return (moment + OFFSET_US) // DAY_US


def day_begin(day):
    return day * DAY_US - OFFSET_US


def as_date(day):
    return datetime.date.fromordinal(EPOCH + day)


def as_day(date):
    return date.toordinal() - EPOCH


class Hours:
    """The working time of a unit in one version.

    week: {weekday 1..7: [(begin_s, end_s)]}; days: {day: None for off, [] for Monday's hours, or [(begin_s, end_s)]}.
    """

    def __init__(self, first_year, last_year, day_s, cut_off_s, week, days):
        self.begin = day_begin(as_day(datetime.date(first_year, 1, 1)))
        self.end = day_begin(as_day(datetime.date(last_year + 1, 1, 1)))
        self.day_us = day_s * 10**6
        self.cut_off_us = None if cut_off_s is None else cut_off_s * 10**6
        self.begins, self.ends, self.before, self.after = [], [], [], []
        total = 0
        for day in range(local_day(self.begin), local_day(self.end)):
            hours = week.get(as_date(day).isoweekday(), [])
            if day in days:
                hours = [] if days[day] is None else days[day] or week.get(1, [])
            for begin_s, end_s in sorted(hours):
                self.begins.append(day_begin(day) + begin_s * 10**6)
                self.ends.append(day_begin(day) + end_s * 10**6)
                self.before.append(total)
                total += (end_s - begin_s) * 10**6
                self.after.append(total)

    def _check(self, moment):
        if not self.begin <= moment < self.end:
            raise UnknownYears

    def _worked(self, moment):
        """Working time from the first day known to a moment."""
        i = bisect.bisect_right(self.begins, moment) - 1
        return 0 if i < 0 else self.before[i] + min(moment, self.ends[i]) - self.begins[i]

    def between(self, begin, end):
        self._check(begin)
        self._check(end)
        return self._worked(end) - self._worked(begin)

    def add(self, begin, work):
        self._check(begin)
        if work == 0:
            return begin
        target = self._worked(begin) + work
        i = bisect.bisect_left(self.after, target)
        if i == len(self.after):
            raise UnknownYears
        return self.ends[i] - (self.after[i] - target)

    def start(self, moment):
        """Past the cut-off hour a working term begins with the next day."""
        self._check(moment)
        day = local_day(moment)
        if self.cut_off_us is not None and moment - day_begin(day) > self.cut_off_us:
            return day_begin(day + 1)
        return moment


class Calendars:
    """Versions 1, 2, … of a deployment; units maps a unit's code to its hours, "" to those of all units."""

    def __init__(self):
        self.versions = []

    def add(self, in_force, units):
        self.versions.append((in_force, units))

    def at(self, moment):
        return sum(in_force <= moment for in_force, _ in self.versions)

    def hours(self, version, unit):
        units = self.versions[version - 1][1]
        return units.get(unit) or units[""]


class Search:
    """Runs a computation by the version in force at a moment, else by the next ones in force by now."""

    def __init__(self, calendars, unit, moment, now):
        self.calendars = calendars
        self.unit = unit
        self.first = max(1, calendars.at(moment))
        self.last = max(self.first, calendars.at(now))
        self.version = 0
        self.needed = False

    def hours(self):
        if not self.calendars.versions:
            raise UnknownYears
        self.needed = True
        return self.calendars.hours(self.version, self.unit)

    def run(self, compute):
        """(what compute(self) gives, the version used); (None, -1) when no version knows the years."""
        for self.version in range(self.first, self.last + 1):
            self.needed = False
            try:
                return compute(self), self.version if self.needed else 0
            except UnknownYears:
                pass
        return None, -1


def add_term(search, start, count, unit):
    if unit in ("working_days", "working_hours"):
        hours = search.hours()
        return hours.add(hours.start(start), count * (hours.day_us if unit == "working_days" else 3600 * 10**6))
    day = local_day(start)
    if unit == "calendar_days":
        return start + count * DAY_US
    date = as_date(day)
    months = date.year * 12 + date.month - 1 + count
    year, month = divmod(months, 12)
    last = civil.monthrange(year, month + 1)[1]
    return day_begin(as_day(datetime.date(year, month + 1, min(date.day, last)))) + start - day_begin(day)
