# SPDX-License-Identifier: MIT
"""Growth: what an event costs when the ledger holds a thirtieth of --rows, and when it holds them all.

One stream goes over a year, as many events each day, and the clock of the stages goes along with it: at both sizes dossiers are
judged at the moment that the stream has reached, and what is older is history.  At both a few slices of it are measured, sent,
scored and their duties opened.  The CPU time of all processes and backends is the cost; seconds and WAL stand beside it.

The clock is set between the stretches that are measured, to the moment of the last event of what is sent next.  What time alone
breaks or makes due until then is judged and taken before anything is sent, and is no part of the cost.
"""
import itertools
import statistics
import time

import stream
from stand import SETTLED, STORED, send, wait_settled, wait_until

SHARE = 30
SLICES = 5
CHUNK = 500000      # events of a file that fills the ledger: it does not fill the disk,
CHUNK_DAYS = 7      # and the clock does not go on by more than that
ALIKE = 0.03

# All that is to be done at a moment is done: dossiers judged, duties opened, steps of the ladder taken.
REACHED = f"""SELECT {SETTLED} AND (SELECT min(judged_at) >= %s::timestamptz FROM scorer_cursor)
    AND NOT EXISTS (SELECT FROM step WHERE state = 'waiting' AND due_at <= %s::timestamptz)"""
RECEIPTS = """SELECT avg((k.type LIKE '%%.received.v1')::int)::float8 FROM event e JOIN event_kind k USING (kind) WHERE e.xid > %s::xid8"""


def options(parser):
    parser.add_argument("--slice", type=int, default=10000, help="events of a slice of growth (default %(default)s)")


class Year:
    """The year's events, and the deployment that they come to."""

    def __init__(self, stand, d, count):
        self.stand, self.d = stand, d
        self.stream = stream.Stream(count, days=stream.YEAR)
        self.lines = self.stream.lines(count)
        self.chunk = max(1, min(CHUNK, count * CHUNK_DAYS // stream.YEAR))

    def next(self, count):
        """A file of the next count events; the stages are started anew at the moment of its last one."""
        d, file = self.d, stream.write(self.stand.scratch("part.ndjson"), itertools.islice(self.lines, count))
        clock = self.stream.now()
        d.stop()
        d.start(sets={"deployment.clock": clock})
        wait_until(lambda: d.value(REACHED, clock, clock), lambda: f"{clock} is reached: {d.sql('TABLE scorer_cursor')}", 3600)
        return file

    def fill(self, count):
        """Sends the next count events, unmeasured."""
        while count > 0:
            part = min(count, self.chunk)
            file, from_s = self.next(part), time.monotonic()
            send(self.d, file)
            wait_settled(self.d)
            count -= part
            print(f"  {self.stream.now()[:10]}: {self.rows()} rows, {part / (time.monotonic() - from_s):.0f} events/s", flush=True)

    def rows(self):
        return self.d.value(STORED)

    def measure(self, size):
        """What SLICES further slices cost."""
        d, rows, slices = self.d, self.rows(), []
        # As on a server that has been running: tables that grew at once are not yet analysed.
        d.sql("VACUUM ANALYZE")
        before = d.value("SELECT pg_current_xact_id()::text")
        for _ in range(SLICES):
            file = self.next(size)
            with self.stand.meter(d) as meter:
                send(d, file)
                wait_settled(d)
            slices.append(meter.figures(size))
        return {"rows": rows, "until": self.stream.now(), "receipts": d.value(RECEIPTS, before), "slices": slices,
                **{name: statistics.median(s[name] for s in slices) for name in ("cpu_us_per_event_all", "wal_bytes_per_event", "events_per_s")}}


def run(stand, choice):
    base = max(1, choice.rows // SHARE)
    measured = SLICES * choice.slice
    between = max(0, choice.rows - base - measured)
    with stand.deployment({"deployment.clock": stream.stamp(0)}) as d:
        year = Year(stand, d, base + between + 2 * measured)
        year.fill(base)
        small = year.measure(choice.slice)
        year.fill(between)
        large = year.measure(choice.slice)
    ratio = large["cpu_us_per_event_all"] / small["cpu_us_per_event_all"]
    for figures in (small, large):
        print(f"  {figures['rows']} rows: {figures['cpu_us_per_event_all']:.1f} us of CPU an event, {figures['events_per_s']:.0f} events/s, "
              f"{figures['wal_bytes_per_event']:.0f} bytes of WAL an event; until {figures['until'][:10]}, "
              f"{figures['receipts']:.1%} received, {1 - figures['receipts']:.1%} finished")
    print(f"  ratio of CPU time {ratio:.2f}")
    if abs(large["receipts"] - small["receipts"]) >= ALIKE:
        print("  UNLIKE EVENTS were measured: the ratio says nothing")
    return {"small": small, "large": large, "ratio_cpu": ratio}
