#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the tables and the chart of docs/performance.md from what tests/bench/run measured.

    tests/bench/report.py [RESULTS]     default build/bench/results.json

Each block between <!-- NAME --> and <!-- /NAME --> is written anew when its part was measured, and left as it is otherwise.
"""
import json
import pathlib
import re
import statistics
import sys

import chart

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"
CHART = ROOT / "docs/performance.svg"
NAMES = {"copy": "`COPY`, one stream", "intake": "intake alone", "ours": "**end to end**", "python": "Python", "node": "Node",
         "trigger": "PostgreSQL trigger", "rsyslog": "rsyslog (insert only)"}
SAME_WORK = ("python", "node", "trigger")


def table(head, rows):
    """Markdown; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def where(result):
    """Date and machine of a part, in a line."""
    m = result["machine"]
    return (f"{result['date']}, {m['processor']}, {m['processors']} processors, {m['memory_mib'] / 1024:.0f} GiB, Linux {m['kernel']}, "
            f"PostgreSQL {m['postgresql'].split()[0]}, commit {m['commit']}, load before {m['load_before']:.1f}")


def throughput(result):
    figures = result["figures"]
    names = [name for name in NAMES if name in figures["median_per_s"]]
    middle = lambda name, key: statistics.median(r[name][key] for r in figures["rounds"])
    spread = lambda name: [r[name]["events_per_s"] for r in figures["rounds"]]
    rows = [(NAMES[name], f"{figures['median_per_s'][name]:,.0f}", f"{min(spread(name)):,.0f} – {max(spread(name)):,.0f}",
             f"{statistics.median(r[name]['events_per_s'] / r['copy']['events_per_s'] for r in figures['rounds']):.3f}",
             f"{statistics.median(r['ours']['events_per_s'] / r[name]['events_per_s'] for r in figures['rounds']):.2f}",
             f"{middle(name, 'cpu_us_per_event_all'):.1f}", f"{middle(name, 'wal_bytes_per_event'):,.0f}") for name in names]
    events = figures["rounds"][0]["ours"]["events"]
    return (f"{where(result)}; {events:,} events, {len(figures['rounds'])} rounds; Python {result['machine']['python']}, "
            f"Node {result['machine']['node']}, {result['machine']['rsyslog'].split(' (')[0]}\n\n" +
            table(("", "events/s", "least – most", "of `COPY`", "ours is × it", "CPU µs/event", "WAL bytes/event"), rows))


def cpu(result):
    """CPU time by who used it; what each median is of stands in its own round."""
    rounds = result["figures"]["rounds"]
    columns = [name for name in NAMES if name in rounds[0]]
    kinds = sorted({kind for r in rounds for name in columns for kind in r[name]["cpu_us_per_event"]}, key=_stage_order)
    cell = lambda name, kind: statistics.median(r[name]["cpu_us_per_event"].get(kind, 0) for r in rounds)
    shown = lambda value: f"{value:.1f}" if value >= 0.05 else ""
    rows = [(kind, *(shown(cell(name, kind)) for name in columns)) for kind in kinds if any(cell(name, kind) >= 0.05 for name in columns)]
    return table(("CPU µs an event", *(NAMES[name] for name in columns)), rows)


def _stage_order(kind):
    order = ("sender", "loader", "ingest", "scorer", "notifier", "python", "node", "rsyslog", "postgres: for ingest",
             "postgres: for scorer", "postgres: for notifier", "postgres: for peer", "postgres: ended")
    return (order.index(kind) if kind in order else len(order), kind)


def latency(result):
    figures = result["figures"]
    rows = []
    for name, words in (("idle", "idle"), ("load", f"{figures['rate_per_s']:,} events/s")):
        answered, effects = figures[name]["acknowledged"], figures[name]["effects"]
        rows.append((words, *(f"{answered[key]:.1f}" for key in ("p50_ms", "p99_ms", "p999_ms")),
                     *(f"{effects[effect][key]:.1f}" for effect in ("rate", "alert") for key in ("p50_ms", "p99_ms"))))
    return f"{where(result)}\n\n" + table(
        ("milliseconds", "ack p50", "p99", "p99.9", "event → rate p50", "p99", "event → alert p50", "p99"), rows)


def large(results):
    rows = []
    if "growth" in results:
        for size in ("small", "large"):
            f = results["growth"]["figures"][size]
            rows.append((f"event on a ledger of {f['rows']:,} rows", f"{f['cpu_us_per_event_all']:.1f} µs of CPU, {f['wal_bytes_per_event']:,.0f} bytes of WAL"))
    if "backfill" in results:
        f = results["backfill"]["figures"]
        rows.append((f"back-fill of {f['cost']['events']:,} dossiers", f"{f['cost']['events_per_s']:,.0f} events/s until scored"))
        rows.append((f"live events meanwhile ({f['live']['events']:,})", f"ack p50 {f['live']['p50_ms']:.1f}, p99 {f['live']['p99_ms']:.1f}, p99.9 {f['live']['p999_ms']:.1f} ms"))
    if "rates" in results:
        f = results["rates"]["figures"]
        rows.append((f"`rates`, {f['rows']:,} rows of {f['dossiers']:,} dossiers", f"{f['took']['p50_ms']:.0f} ms"))
    if "rebuild" in results:
        f = results["rebuild"]["figures"]
        rows.append((f"`rebuild` of {f['events']:,} events", f"{f['folded_per_s']:,.0f} events/s"))
    if "duties" in results:
        f = results["duties"]["figures"]
        rows += [(f"{f['duties']:,} {name}", f"{f['duties'] / seconds:,.0f} duties/s") for name, seconds in f["marks_s"].items()]
    newest = max((results[name] for name in ("growth", "backfill", "rates", "rebuild", "duties") if name in results), key=lambda r: r["date"])
    return f"{where(newest)}\n\n" + table(("", "measured"), rows)


def memory(results):
    """The most that each stage took in any part."""
    most = {}
    for name, result in results.items():
        figures = result["figures"]
        for run in ([r["ours"] for r in figures["rounds"]] if name == "throughput" else [figures]):
            for stage, mib in run.get("memory_mib", {}).items():
                most[stage] = max(most.get(stage, 0), mib)
    return most


def targets(results):
    """(what, bound, measured, met) of everything that was measured."""
    rows = []

    def add(what, measured, sign, bound, form):
        met = measured >= bound if sign == "≥" else measured <= bound
        rows.append((what, f"{sign} {form.format(bound)}", form.format(measured), "yes" if met else "**no**"))
    get = lambda name: results.get(name, {}).get("figures")
    if figures := get("throughput"):
        add("end to end / `COPY`", figures["ratio"]["ours/copy"], "≥", 0.40, "{:.2f}")
        add("intake alone / `COPY`", figures["ratio"]["intake/copy"], "≥", 0.80, "{:.2f}")
        same = [figures["ratio"][f"ours/{name}"] for name in SAME_WORK if f"ours/{name}" in figures["ratio"]]
        if same:
            add("end to end / best peer of the same work", min(same), "≥", 5, "{:.1f}")
    if figures := get("latency"):
        add("acknowledgement of one event, idle, p50 (ms)", figures["idle"]["acknowledged"]["p50_ms"], "≤", 3, "{:.1f}")
    if figures := get("growth"):
        add(f"CPU per event, {figures['large']['rows']:,} rows / {figures['small']['rows']:,}", figures["ratio_cpu"], "≤", 1.15, "{:.2f}")
    if figures := get("rebuild"):
        add(f"`rebuild`, events/s, of {figures['events']:,}", figures["folded_per_s"], "≥", 150000, "{:,.0f}")
    if figures := get("rates"):
        add(f"`rates`, {figures['rows']:,} rows of {figures['dossiers']:,} dossiers (ms)", figures["took"]["p50_ms"], "≤", 50, "{:.0f}")
    if figures := get("backfill"):
        add(f"live acknowledgement in a back-fill of {figures['cost']['events']:,}, p99 (ms)", figures["live"]["p99_ms"], "≤", 50, "{:.0f}")
    for stage, mib in sorted(memory(results).items()):
        if stage in ("ingest", "scorer", "notifier"):
            add(f"memory of {stage}, most (MiB)", mib, "≤", 100, "{:.0f}")
    return table(("", "target", "measured", "met"), rows)


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/bench/results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    blocks = {"targets": targets(results)}
    if "throughput" in results:
        blocks |= {"throughput": throughput(results["throughput"]), "cpu": cpu(results["throughput"])}
        CHART.write_text(chart.svg(results["throughput"]["figures"], where(results["throughput"])), encoding="utf-8")
    if "latency" in results:
        blocks["latency"] = latency(results["latency"])
    if {"growth", "backfill", "rates", "rebuild", "duties"} & results.keys():
        blocks["large"] = large(results)
    page = PAGE.read_text(encoding="utf-8")
    for name, text in blocks.items():
        page, found = re.subn(f"(<!-- {name} -->).*?(<!-- /{name} -->)", lambda m: f"{m[1]}\n{text}\n{m[2]}", page, flags=re.S)
        assert found == 1, f"{PAGE} has {found} blocks {name}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
