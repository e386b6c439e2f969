# SPDX-License-Identifier: MIT
"""Runs parts of the benchmarks and adds what they measured to results.json; see tests/bench/run."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import time

import part_duties
import part_growth
import part_history
import part_latency
import part_throughput
from report import BUSY
from stand import ROOT, Stand

# In the order in which they run: latency takes half of the rate that throughput measured, and the last three share what
# the first of them filled.
PARTS = {
    "throughput": part_throughput.run,
    "boston": part_throughput.boston,
    "latency": part_latency.run,
    "duties": part_duties.run,
    "growth": part_growth.run,
    "backfill": part_history.backfill,
    "rates": part_history.rates,
    "rebuild": part_history.rebuild,
}
QUIET_S = 3     # before each part
REST_S = 600
MODULES = (part_throughput, part_latency, part_duties, part_growth, part_history)


def _first(path, word):
    """What stands behind the colon of the first line that begins with the word."""
    with open(path, encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(word)), "")


def _said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "none"


def _processor_ticks():
    """(all, idle) of all processors since the machine was started."""
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(field) for field in file.readline().split()[1:9]]
    return sum(ticks), ticks[3] + ticks[4]


def _busy_share():
    """How much of the processors others use, taken while nothing of ours has work."""
    before = _processor_ticks()
    time.sleep(QUIET_S)
    after = _processor_ticks()
    return 1 - (after[1] - before[1]) / max(1, after[0] - before[0])


def _rest():
    """Waits until nobody has work: what a part before this one filled PostgreSQL cleans for minutes.  Returns what others use then."""
    deadline = time.monotonic() + REST_S
    busy = _busy_share()
    while busy > BUSY and time.monotonic() < deadline:
        busy = _busy_share()
    return busy


def machine(stand):
    """Where the figures come from."""
    return {
        "processor": _first("/proc/cpuinfo", "model name"), "processors": os.cpu_count(),
        "memory_mib": int(_first("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        "busy_before": _rest(), "kernel": platform.release(),
        "postgresql": stand.admin.execute("SHOW server_version").fetchone()[0], "settings": stand.settings(),
        "python": platform.python_version(), "node": _said("node", "--version"), "rsyslog": _said(ROOT / "build/bench/rsyslog/usr/sbin/rsyslogd", "-v"),
        "commit": _said("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
    }


def note(path, name, figures):
    """Adds a part's figures to results.json; those of other parts stay."""
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    results[name] = figures
    new = path.with_suffix(".new")
    new.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description="Prints figures and passes no judgement.")
    parser.add_argument("part", nargs="*", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/bench/bin", help=argparse.SUPPRESS)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "build/bench/results.json", help="(default %(default)s)")
    parser.add_argument("--rows", type=int, default=300000,
                        help="how large growth, backfill, rates and rebuild are (default %(default)s)")
    for module in MODULES:
        module.options(parser)
    choice = parser.parse_args()
    unknown = set(choice.part) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))     # ended from outside, what was started is put away
    stand = Stand(choice.bin)
    try:
        for name, part in PARTS.items():
            if choice.part and name not in choice.part:
                continue
            print(f"{name}:", flush=True)
            from_s, before = time.monotonic(), machine(stand)
            figures = part(stand, choice)
            note(choice.results, name, {"date": datetime.date.today().isoformat(), "machine": before,
                                        "took_s": time.monotonic() - from_s, "figures": figures})
    finally:
        stand.close()


if __name__ == "__main__":
    main()
