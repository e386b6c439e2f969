# SPDX-License-Identifier: MIT
"""Growth: what an event costs when the ledger holds a thirtieth of --rows, and when it holds them all.

One stream goes on and on; at both sizes a few slices of it are measured, sent, scored and their duties opened.  The CPU time of
all processes and backends is the cost; seconds and WAL stand beside it.
"""
import statistics

import stream
from stand import send, wait_settled

SHARE = 30
SLICES = 5
CHUNK = 500000      # events of a file that fills the ledger


def options(parser):
    parser.add_argument("--slice", type=int, default=10000, help="events of a slice of growth (default %(default)s)")


def fill(stand, d, lines, count):
    """Sends the next count lines, by files that do not fill the disk."""
    file = stand.scratch("fill.ndjson")
    while count > 0:
        part = min(count, CHUNK)
        send(d, stream.write(file, (next(lines) for _ in range(part))))
        count -= part
    wait_settled(d)


def measure(stand, d, lines, size):
    """What SLICES further slices cost."""
    rows = d.value("SELECT sum(accepted)::bigint FROM intake")
    # As on a server that has been running: tables that grew at once are not yet analysed.
    d.sql("VACUUM ANALYZE")
    file, slices = stand.scratch("slice.ndjson"), []
    for _ in range(SLICES):
        stream.write(file, (next(lines) for _ in range(size)))
        with stand.meter(d) as meter:
            send(d, file)
            wait_settled(d)
        slices.append(meter.figures(size))
    return {"rows": rows, "slices": slices,
            **{name: statistics.median(s[name] for s in slices) for name in ("cpu_us_per_event_all", "wal_bytes_per_event", "events_per_s")}}


def run(stand, choice):
    base = max(1, choice.rows // SHARE)
    count = choice.rows + 2 * SLICES * choice.slice
    lines = stream.Stream(count).lines(count)
    with stand.deployment() as d:
        d.start()
        fill(stand, d, lines, base)
        small = measure(stand, d, lines, choice.slice)
        fill(stand, d, lines, max(0, choice.rows - base - SLICES * choice.slice))
        large = measure(stand, d, lines, choice.slice)
    ratio = large["cpu_us_per_event_all"] / small["cpu_us_per_event_all"]
    for figures in (small, large):
        print(f"  {figures['rows']} rows: {figures['cpu_us_per_event_all']:.1f} us of CPU an event, {figures['events_per_s']:.0f} events/s, "
              f"{figures['wal_bytes_per_event']:.0f} bytes of WAL an event")
    print(f"  ratio of CPU time {ratio:.2f}")
    return {"small": small, "large": large, "ratio_cpu": ratio}
