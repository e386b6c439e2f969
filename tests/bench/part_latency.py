# SPDX-License-Identifier: MIT
"""Latency: an event on an idle system and at half of the rate that was measured end to end: until it is acknowledged, until
the rate shows it, until the alert is on the feed.

The load is a province's second week: its first one is sent before in bulk, so that receipts and finishes come in equal number
and most dues lie ahead.  Without it the load would begin with receipts alone, four of ten of which are overdue when they come.
"""
import contextlib
import itertools
import json
import subprocess
import time

import part_throughput
import stream
from meter import memory_mib
from stand import STAGES, STORED, send, wait_settled, wait_until
from subscriber import Subscriber

UNIT = "PROBE"      # of the events that are followed; the load has other units
IDLE_RATE = 20


def options(parser):
    parser.add_argument("--seconds", type=int, default=30, help="of load (default %(default)s)")
    parser.add_argument("--probes", type=int, default=50, help="events followed until rate and alert (default %(default)s)")
    parser.add_argument("--rate", type=int, help="of the load, events a second (default: half of what throughput measured)")


def quantiles(values_ms):
    """What is told of a list of times."""
    ordered = sorted(values_ms)
    pick = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
    return {"count": len(ordered), "p50_ms": pick(.5), "p99_ms": pick(.99), "most_ms": ordered[-1]}


def pace(stand, d, file, rate):
    """Starts bench_pace; paced() has its figures."""
    return subprocess.Popen([str(part) for part in (stand.bin / "bench_pace", d.conf, file, rate)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def paced(process, timeout=7200):
    told, errors = process.communicate(timeout=timeout)
    assert process.returncode == 0, f"bench_pace: {told} {errors}"
    figures = json.loads(told)
    return {name[:-3] + "_ms" if name.endswith("_us") else name: value / 1000 if name.endswith("_us") else value
            for name, value in figures.items()}


def _stream_file(stand, prefix, count):
    return stream.write(stand.scratch(f"{prefix}.ndjson"), stream.Stream(count, prefix=prefix).lines(count))


def half_load(stand, choice):
    """Half of the end-to-end rate, as measured by the part throughput, or now."""
    if choice.rate:
        return choice.rate
    with contextlib.suppress(FileNotFoundError, KeyError):
        known = json.loads(choice.results.read_text(encoding="utf-8"))["throughput"]["figures"]
        return max(1, int(known["median_per_s"]["ours"] / 2))
    file = _stream_file(stand, "half", choice.events)
    return max(1, int(part_throughput.ours(stand, (file,))[0]["events_per_s"] / 2))


def _late_event(name):
    return {"specversion": "1.0", "id": name, "source": "urn:bench:probe", "type": "vn.kipthoi.dossier.received.v1",
            "time": "2026-06-01T09:00:00+07:00", "data": {"dossier": name, "unit": UNIT, "due": "2026-06-09T10:00:00+07:00"}}


RATE = """SELECT coalesce(sum(overdue), 0)::int FROM day_count WHERE rule = 'promise' AND day = '2026-06-09'
    AND unit_id = (SELECT unit_id FROM unit WHERE code = %s)"""


def follow(d, count, prefix, goes_on=lambda: True):
    """Sends late dossiers one by one, each when the last one's alert came, and takes the time to each effect; at most count,
    and as long as the load beside them goes on."""
    took = {"acknowledged": [], "rate": [], "alert": []}
    with Subscriber(d) as subscriber, d.connect() as connection:
        subscriber.listen(f"letter.owed/{UNIT}")
        known = connection.execute(RATE, [UNIT]).fetchone()[0]
        for number in range(count):
            name = f"{prefix}{number}"
            from_s = time.monotonic()
            subscriber.send(_late_event(name))
            seen = {}
            # Each look costs well under a millisecond; the feed is listened to in between.
            while len(seen) < len(took):
                if "acknowledged" not in seen and subscriber.answered():
                    seen["acknowledged"] = time.monotonic()
                if "alert" not in seen and subscriber.heard(name, wait_ms=1):
                    seen["alert"] = time.monotonic()
                if "rate" not in seen and connection.execute(RATE, [UNIT]).fetchone()[0] > known + number:
                    seen["rate"] = time.monotonic()
                assert time.monotonic() < from_s + 60, f"{name} led to {sorted(seen)} only"
            if not goes_on():
                break
            for effect, at_s in seen.items():
                took[effect].append((at_s - from_s) * 1000)
    assert took["alert"], "the load ended before a single event was followed: more --seconds"
    return {effect: quantiles(values) for effect, values in took.items()}


def run(stand, choice):
    rate = half_load(stand, choice)
    count = rate * choice.seconds
    idle_file = _stream_file(stand, "I", IDLE_RATE * choice.seconds)
    weeks = stream.Stream(4 * count, prefix="L").lines(4 * count)
    before, load_file, probe_load = (stream.write(stand.scratch(f"load{n}.ndjson"), itertools.islice(weeks, part))
                                     for n, part in enumerate((2 * count, count, count)))
    with stand.deployment() as d:
        d.start()
        figures = {"rate_per_s": rate, "idle": {"acknowledged": paced(pace(stand, d, idle_file, IDLE_RATE))}}
        wait_settled(d)
        figures["idle"]["effects"] = follow(d, choice.probes, "idle-")
        send(d, before)
        wait_settled(d)
        with stand.meter(d) as meter:
            figures["load"] = {"acknowledged": paced(pace(stand, d, load_file, rate))}
            wait_settled(d)
        figures["load"]["cost"] = meter.figures(count)
        known = d.value(STORED)
        # Again, with single events followed through; what follows them disturbs, so the load's own answers are not told.
        load = pace(stand, d, probe_load, rate)
        wait_until(lambda: d.value(STORED) > known or load.poll() is not None, "the load")
        figures["load"]["effects"] = follow(d, choice.probes, "load-", lambda: load.poll() is None)
        load.terminate()
        paced(load)
        figures["memory_mib"] = {name: memory_mib(d.pid(name)) for name in STAGES}
        wait_settled(d)
    show("idle", figures["idle"])
    show(f"{rate} events/s", figures["load"])
    return figures


def show(name, figures):
    answered = figures["acknowledged"]
    print(f"  {name}: acknowledged p50 {answered['p50_ms']:.1f} ms, p99 {answered['p99_ms']:.1f} ms, p99.9 {answered['p999_ms']:.1f} ms")
    for effect, times in figures["effects"].items():
        print(f"    followed until {effect:<12} median {times['p50_ms']:.1f} ms, p99 {times['p99_ms']:.1f} ms")
