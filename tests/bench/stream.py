# SPDX-License-Identifier: MIT
"""The events of the benchmarks, the same for the same seed, as lines of NDJSON in order of arrival.

Plainer than tests/support/generate.py on purpose: every peer has to come to the same figures, and what they are held to
here is the core: a first due date that stands, a finish that may be corrected, repeated events, and an end that may arrive
before the receipt.  No pauses, terms, records or re-appointments.

Stream is what a province sends in two weeks, or in more days: most dues lie ahead of the clock when the receipt arrives, as
they do in life.  completions is what it sends to fill in a year that is over.
"""
import random

NOW = "2026-06-10T09:00:00+07:00"   # the clock of all programs stands here
ZONE_HOURS = 7
SOURCES = tuple(f"urn:bench:{n}" for n in range(4))
UNITS = 200
FIELDS = 30
DAY_S = 86400
YEAR = 365                          # days before NOW; completions lie there
STREAM_DAYS = 14                    # the last of them, over which a Stream goes unless told otherwise
MEAN_WORK_S = 4 * DAY_S             # receipt to finish, exponential
TERM_DAYS = (4, 25)                 # so some 7 of 100 finish late
OPEN = 0.05                         # never finished
REPEATED = 0.01
CORRECTED = 0.01
SWAPPED = 0.02                      # the finish arrives before the receipt

_DAY_NAMES = []


def _fill_days():
    import datetime
    first = datetime.date(2025, 6, 10)
    _DAY_NAMES.extend((first + datetime.timedelta(n)).isoformat() for n in range(YEAR + 2 * TERM_DAYS[1]))


_fill_days()


def stamp(at_s):
    """RFC 3339 of a second counted from the first day of the stream."""
    day, rest = divmod(at_s, DAY_S)
    return f"{_DAY_NAMES[day]}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}+07:00"


def _event(name, source, kind, at, data):
    return (f'{{"specversion":"1.0","id":"{name}:{kind}","source":"{source}","type":"vn.kipthoi.dossier.{kind.rstrip("2")}.v1",'
            f'"time":"{at}","data":{{"dossier":"{name}",{data}}}}}\n')


class Stream:
    """Dossiers that are received, worked on and finished; the days go by as events are taken."""

    def __init__(self, count, seed=1, prefix="D", days=STREAM_DAYS):
        """count: how many events the last so many days of YEAR are spread over; prefix: keeps the dossiers of several streams apart."""
        self.chance = random.Random(seed)
        self.prefix = prefix
        self.step_s = days * DAY_S / max(1, count)
        # As many are being worked on as makes the mean time until one is picked what it shall be.
        self.under_way = max(1, int(MEAN_WORK_S / self.step_s / 2))
        self.waiting = []
        self.again = []
        self.number = 0
        self.at_s = (YEAR - days) * DAY_S

    def lines(self, count):
        """Yields the next count events."""
        chance = self.chance.random
        while count > 0:
            for line in self._next():
                if count > 0:
                    yield line
                    count -= 1
                if chance() < REPEATED:
                    self.again.append(line)
            if len(self.again) > 50 and count > 0:
                yield self.again.pop(0)
                count -= 1

    def now(self):
        """The moment that the events taken so far have reached."""
        return stamp(int(self.at_s))

    def _next(self):
        self.at_s = min(self.at_s + self.step_s, YEAR * DAY_S - 1)
        if len(self.waiting) < self.under_way or self.chance.random() < 0.5:
            return self._receive()
        return self._finish()

    def _receive(self):
        chance = self.chance
        self.number += 1
        name = f"{self.prefix}{self.number}"
        at_s = int(self.at_s)
        due_s = (at_s // DAY_S + chance.randint(*TERM_DAYS)) * DAY_S + 17 * 3600
        unit = int(UNITS * chance.random() ** 2)    # some units have many more than others
        line = _event(name, SOURCES[self.number % len(SOURCES)], "received", stamp(at_s),
                      f'"unit":"U{unit:03}","field":"F{chance.randrange(FIELDS):02}","procedure":"P{unit % 7}.{self.number % 11}",'
                      f'"received":"{stamp(at_s)}","due":"{stamp(due_s)}"')
        fate = chance.random()
        if fate < OPEN:
            return (line,)
        if fate < OPEN + SWAPPED:
            return (self._finished(self.number, at_s + 3600), line)
        self.waiting.append(self.number)
        return (line,)

    def _finish(self):
        place = self.chance.randrange(len(self.waiting))
        number, self.waiting[place] = self.waiting[place], self.waiting[-1]
        self.waiting.pop()
        at_s = int(self.at_s)
        line = self._finished(number, at_s)
        if self.chance.random() < CORRECTED:
            return (line, self._finished(number, at_s + 60, "finished2", at_s - self.chance.randrange(5 * DAY_S)))
        return (line,)

    def _finished(self, number, at_s, kind="finished", finished_s=None):
        finished = stamp(max(0, at_s if finished_s is None else finished_s))
        return _event(f"{self.prefix}{number}", SOURCES[number % len(SOURCES)], kind, stamp(at_s), f'"finished":"{finished}"')


def completions(count, seed=1, prefix="C"):
    """Yields count events of as many dossiers, each of which tells everything at once."""
    chance = random.Random(seed)
    for number in range(count):
        finished_s = int(chance.random() * YEAR * DAY_S)
        received_s = max(0, finished_s - int(chance.expovariate(1 / MEAN_WORK_S)))
        due_s = (received_s // DAY_S + chance.randint(*TERM_DAYS)) * DAY_S + 17 * 3600
        yield _event(f"{prefix}{number}", SOURCES[number % len(SOURCES)], "finished", stamp(finished_s),
                     f'"unit":"U{number % UNITS:03}","field":"F{number // UNITS % FIELDS:02}","procedure":"P{number % 7}.{number % 11}",'
                     f'"received":"{stamp(received_s)}","due":"{stamp(due_s)}","finished":"{stamp(finished_s)}"')


def write(path, lines):
    """A file of those lines."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(lines)
    return path
