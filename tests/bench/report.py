#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the tables and the chart of docs/performance.md from what tests/bench/run measured.

    tests/bench/report.py [RESULTS]     default build/bench/results.json

Parts may be measured on several days: docs/performance.json keeps the last figures of each, and gets those of RESULTS.  Each
block between <!-- NAME --> and <!-- /NAME --> is written anew when one of its parts is among them.
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
KEPT = ROOT / "docs/performance.json"
NAMES = {"copy": "`COPY`, one stream", "intake": "intake alone", "ours": "**end to end**", "python": "Python", "node": "Node",
         "trigger": "PostgreSQL trigger", "rsyslog": "rsyslog (insert only)"}
M = 1000000
BUSY = 0.1      # of the machine, used by others: more is a trial
SAME_WORK = ("python", "node", "trigger")


def table(head, rows):
    """Markdown; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def is_busy(result):
    """True when others used more than a tenth of the machine: figures of a trial, to be held against nothing."""
    return result["machine"]["busy_before"] > BUSY


def _busy(result):
    return "Trial on a machine that was busy with other work. " if is_busy(result) else ""


def _caption(result):
    m = result["machine"]
    return f"{_busy(result)}{result['date']}, {m['processors']} × {m['processor']}, PostgreSQL {m['postgresql'].split()[0]}"


def where(result):
    """Date and machine of a part, in a line."""
    m = result["machine"]
    busy = _busy(result) and f"**{_busy(result).strip()}** "
    return (f"{busy}{result['date']}, {m['processor']}, {m['processors']} processors, {m['memory_mib'] / 1024:.0f} GiB, Linux {m['kernel']}, "
            f"PostgreSQL {m['postgresql'].split()[0]}, commit {m['commit']}, used by others {m['busy_before']:.0%}")


def _most_memory(runs):
    """Of all processes but PostgreSQL's together."""
    most = max(sum(run.get("memory_mib", {}).values()) for run in runs)
    return f"{most:.0f}" if most else ""


def _rates(figures):
    names = [name for name in NAMES if name in figures["median_per_s"]]
    rounds = figures["rounds"]
    per_s = lambda name: [r[name]["events_per_s"] for r in rounds]
    middle = lambda values: statistics.median(values)
    rows = [(NAMES[name], f"{middle(per_s(name)):,.0f}", f"{min(per_s(name)):,.0f} – {max(per_s(name)):,.0f}",
             f"{middle(a / b for a, b in zip(per_s(name), per_s('copy'))):.3f}", f"{middle(a / b for a, b in zip(per_s('ours'), per_s(name))):.2f}",
             f"{middle(r[name]['cpu_us_per_event_all'] for r in rounds):.1f}",
             f"{middle(r[name]['wal_bytes_per_event'] for r in rounds):,.0f}",
             _most_memory(r[name] for r in rounds)) for name in names]
    return table(("", "events/s", "least – most", "of `COPY`", "end to end is × it", "CPU µs/event", "WAL bytes/event", "MiB"), rows)


def throughput(result):
    figures, m = result["figures"], result["machine"]
    return (f"{where(result)}; {figures['rounds'][0]['ours']['events']:,} events, {len(figures['rounds'])} rounds; Python {m['python']}, "
            f"Node {m['node']}, {' '.join(m['rsyslog'].split(' (')[0].split())}\n\n" + _rates(figures))


def boston(result):
    return f"{where(result)}\n\n" + _rates(result["figures"])


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


def _growth(f):
    return [(f"an event on a ledger of {size['rows']:,} rows", f"{size['cpu_us_per_event_all']:.1f} µs of CPU, "
             f"{size['wal_bytes_per_event']:,.0f} bytes of WAL, {size['events_per_s']:,.0f} events/s") for size in (f["small"], f["large"])]


def _backfill(f):
    live = f["live"]
    return [(f"back-fill of {f['cost']['events']:,} dossiers, until scored", f"{f['cost']['events_per_s']:,.0f} events/s"),
            (f"{live['events']:,} live events meanwhile, acknowledged",
             f"p50 {live['p50_ms']:.1f}, p99 {live['p99_ms']:.1f}, p99.9 {live['p999_ms']:.1f} ms")]


def _rates_call(f):
    return [(f"`rates`, {f['rows']:,} rows of {f['dossiers']:,} dossiers", f"median {f['took']['p50_ms']:.0f} ms; CPU "
             f"{f['program_cpu_ms']:.0f} ms in the program, {f['server_cpu_ms']:.0f} ms in the server")]


def _rebuild(f):
    runs = [("one scorer", f)] + ([("two scorers", f["two"])] if "two" in f else [])
    return [(f"`rebuild` of {f['events']:,} events, {name}", f"{run['folded_per_s']:,.0f} events/s") for name, run in runs]


def _duties(f):
    rows = [(f"{f['duties']:,} duties: {name}", f"{seconds:.1f} s, {f['duties'] / seconds:,.0f} duties/s") for name, seconds in sorted(f["marks_s"].items(), key=lambda mark: mark[1])]
    half = f["alert_at_half"]
    return rows + [(f"event → alert at half of that, {half['rate_per_s']:,} late dossiers/s", f"median {half['p50_ms']:.0f} ms, p99 {half['p99_ms']:.0f} ms")]


LARGE = {"growth": _growth, "backfill": _backfill, "rates": _rates_call, "rebuild": _rebuild, "duties": _duties}


def large(results):
    """A table for each part, as each may be of another day."""
    tables = ((name, table(("", name), rows(results[name]["figures"]))) for name, rows in LARGE.items() if name in results)
    return "\n\n".join(f"{where(results[name])}\n\n{text}" for name, text in tables)


def memory(results):
    """The most that each stage took in any part."""
    most = {}
    for name, result in results.items():
        figures = result["figures"]
        for run in ([r["ours"] for r in figures["rounds"]] if "rounds" in figures else [figures]):
            for stage, mib in run.get("memory_mib", {}).items():
                most[stage] = max(most.get(stage, 0), mib)
    return most


def targets(results):
    """What is asked for and what was measured.  Whether it is met is told of a quiet machine and the size asked for only."""
    rows = []

    def add(part, what, measured, sign, bound, form, size=None, asked=0):
        if is_busy(results[part]) or (size is not None and size < asked):
            met = "trial"
        else:
            met = "yes" if (measured >= bound if sign == "≥" else measured <= bound) else "**no**"
        at = f" ({size:,})" if size is not None else ""
        rows.append((what, f"{sign} {form.format(bound)}", form.format(measured) + at, met))
    get = lambda name: results.get(name, {}).get("figures")
    if figures := get("throughput"):
        ratio = figures["ratio"]
        add("throughput", "end to end / `COPY`", ratio["ours/copy"], "≥", 0.40, "{:.2f}")
        add("throughput", "intake alone / `COPY`", ratio["intake/copy"], "≥", 0.80, "{:.2f}")
        if same := [ratio[f"ours/{name}"] for name in SAME_WORK if f"ours/{name}" in ratio]:
            add("throughput", "end to end / best peer of the same work", min(same), "≥", 5, "{:.1f}")
    if figures := get("latency"):
        add("latency", "acknowledgement of one event, idle, p50, ms", figures["idle"]["acknowledged"]["p50_ms"], "≤", 3, "{:.1f}")
        add("latency", "the same beside half of the load, p99, ms", figures["load"]["acknowledged"]["p99_ms"], "≤", 20, "{:.1f}")
    if figures := get("duties"):
        add("duties", "letters owed, steps taken, digests made of 100,000 late dossiers, s", max(figures["marks_s"].values()), "≤", 60, "{:.0f}",
            figures["duties"], 100000)
        add("duties", "event to alert on the feed at half of that pace, p99, ms", figures["alert_at_half"]["p99_ms"], "≤", 100, "{:.0f}")
    if figures := get("growth"):
        add("growth", "CPU per event at 30 million ledger rows / at 1 million", figures["ratio_cpu"], "≤", 1.15, "{:.2f}",
            figures["large"]["rows"], 29 * M)    # of 30 million events 1 % are repeated
    if figures := get("rebuild"):
        add("rebuild", "`rebuild` of 10 million events, events/s", max(figures["folded_per_s"], figures.get("two", figures)["folded_per_s"]), "≥", 150000, "{:,.0f}",
            figures["events"], 10 * M)
    if figures := get("rates"):
        add("rates", "`rates` by unit and field over five windows, 10 million dossiers, ms", figures["took"]["p50_ms"], "≤", 50, "{:.0f}",
            figures["dossiers"], 10 * M)
    if figures := get("backfill"):
        add("backfill", "live acknowledgement during a back-fill of 10 million events, p99, ms", figures["live"]["p99_ms"], "≤", 50, "{:.0f}",
            figures["cost"]["events"], 10 * M)
        for stage, mib in sorted(memory(results).items()):
            if stage in ("ingest", "scorer", "notifier"):
                add("backfill", f"memory of {stage}, the most in any part, MiB", mib, "≤", 100, "{:.0f}")
    return table(("", "target", "measured (at)", "met"), rows)


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/bench/results.json"
    results = {name: part for file in (KEPT, path) if file.exists() for name, part in json.loads(file.read_text(encoding="utf-8")).items()}
    KEPT.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    blocks = {"targets": targets(results)}
    if "throughput" in results:
        blocks |= {"throughput": throughput(results["throughput"]), "cpu": cpu(results["throughput"])}
        CHART.write_text(chart.svg(results["throughput"]["figures"], _caption(results["throughput"])), encoding="utf-8")
    if "boston" in results:
        blocks["boston"] = boston(results["boston"])
    if "latency" in results:
        blocks["latency"] = latency(results["latency"])
    if LARGE.keys() & results.keys():
        blocks["large"] = large(results)
    page = PAGE.read_text(encoding="utf-8")
    for name, text in blocks.items():
        page, found = re.subn(f"(<!-- {name} -->).*?(<!-- /{name} -->)", lambda m: f"{m[1]}\n{text}\n{m[2]}", page, flags=re.S)
        assert found == 1, f"{PAGE} has {found} blocks {name}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
