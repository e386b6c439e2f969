# SPDX-License-Identifier: MIT
"""A year that is over, --rows completions of as many dossiers: sent as fast as it goes while a live sender's acknowledgements
are timed (backfill), asked for rates (rates), folded again (rebuild).

The three work on one deployment, which the first of them in a run fills.
"""
import time

import stream
from meter import memory_mib
from part_latency import pace, paced, quantiles
from stand import STAGES, send, wait_settled, wait_until

LIVE_RATE = 100
LIVE_MOST_S = 3600
WINDOWS = "7d,30d,90d,365d,ytd"
CALLS = 15


def options(parser):
    parser.add_argument("--live-rate", type=int, default=LIVE_RATE, help="of the live sender in backfill (default %(default)s)")


def _fill(stand, d, choice):
    """Sends the year, timed; returns figures."""
    count = choice.live_rate * LIVE_MOST_S
    live = pace(stand, d, stream.write(stand.scratch("live.ndjson"), stream.Stream(count, prefix="L").lines(count)), choice.live_rate)
    wait_until(lambda: live.poll() is not None or d.value("SELECT count(*) > 1 FROM source"), "the live sender")
    file = stream.write(stand.scratch("history.ndjson"), stream.completions(choice.rows))
    with stand.meter(d, live=live.pid) as meter:
        send(d, file)
        meter.mark("acknowledged")
        assert live.poll() is None, "the live sender ended before the back-fill"
        live.terminate()    # it answers for what it has sent
        answered = paced(live)
        wait_settled(d)
    file.unlink()
    return {"live": answered, "cost": meter.figures(choice.rows),
            "memory_mib": {name: memory_mib(d.pid(name)) for name in STAGES}}


def _filled(stand, choice):
    """(deployment, figures of filling it): of this run, whichever part came first."""
    if stand.filled is None:
        d = stand.kept.enter_context(stand.deployment())
        d.start()
        stand.filled = d, _fill(stand, d, choice)
    return stand.filled


def backfill(stand, choice):
    _, figures = _filled(stand, choice)
    live, cost = figures["live"], figures["cost"]
    print(f"  {cost['events']} events, {cost['events_per_s']:.0f}/s until scored; {live['events']} live ones meanwhile: "
          f"acknowledged p50 {live['p50_ms']:.1f} ms, p99 {live['p99_ms']:.1f} ms, p99.9 {live['p999_ms']:.1f} ms")
    print("  memory: " + ", ".join(f"{name} {mib:.0f} MiB" for name, mib in figures["memory_mib"].items()))
    return figures


def rates(stand, choice):
    """The program as an official calls it, from start to exit."""
    d, _ = _filled(stand, choice)
    d.sql("VACUUM ANALYZE")
    call = ("rates", "--by", "unit,field", "--window", WINDOWS)
    rows = len(d.json(*call)["rows"])
    took_ms = []
    with stand.meter() as meter:
        for _ in range(CALLS):
            from_s = time.monotonic()
            d.kipthoi(*call, "--csv", check=0)
            took_ms.append((time.monotonic() - from_s) * 1000)
    figures = {"dossiers": d.value("SELECT count(*) FROM dossier"), "cells": d.value("SELECT count(*) FROM day_count"),
               "rows": rows, "windows": WINDOWS, "took": quantiles(took_ms), "program_cpu_ms": meter.cpu_s["sender"] / CALLS * 1000,
               "server_cpu_ms": meter.cpu_s["postgres: ended"] / CALLS * 1000}
    print(f"  {rows} rows of {figures['dossiers']} dossiers, {figures['cells']} cells: median {figures['took']['p50_ms']:.0f} ms, "
          f"of CPU {figures['program_cpu_ms']:.0f} ms in the program and {figures['server_cpu_ms']:.0f} ms in the server")
    return figures


def _fold_again(stand, d, events):
    """What counts is the fold; that the notifier looks at every verdict again stands beside it."""
    with stand.meter(d) as meter:
        d.kipthoi("rebuild", "--wait", "--yes", check=0, timeout=7200)
        meter.mark("folded")
        wait_settled(d)
    folded_s = meter.marks["folded"]
    return {"folded_s": folded_s, "folded_per_s": events / folded_s, "cost": meter.figures(events)}


def rebuild(stand, choice):
    """By one scorer, and by two, as docs/operations.md advises for it."""
    d, _ = _filled(stand, choice)
    events = d.value("SELECT count(*) FROM event")
    one = _fold_again(stand, d, events)
    d.start_as("scorer2", "scorer", {"scorer.bell": ""})
    two = _fold_again(stand, d, events)
    for scorers, figures in ((1, one), (2, two)):
        print(f"  {events} events folded again by {scorers} in {figures['folded_s']:.1f} s: {figures['folded_per_s']:.0f}/s")
    return {"events": events, **one, "two": two, "memory_mib": {name: memory_mib(d.pid(name)) for name in STAGES}}
