# SPDX-License-Identifier: MIT
"""Throughput: the same events, on the same server, with the same durability, by COPY, by Kip Thoi, and by each peer.

A round runs them one after the other, each into tables of its own; ratios are taken within a round and the median is told, so
that a machine that is slower for a while slows both sides.  Rates are events stored (the repeated ones count once) a second.
"""
import statistics

import peers
import stream
from child import child, hear, tell
from meter import memory_mib
from stand import ROOT, STAGES, send, wait_settled

LIMIT_S = 3600
BOSTON = ROOT / "deploy/demo/boston311_2015.csv.gz"
BOSTON_MAP = ROOT / "deploy/demo/boston311.map"
BOSTON_CLOCK = {"deployment.time_zone": "America/New_York", "deployment.clock": "2016-01-13T03:00:00-05:00"}


def options(parser):
    parser.add_argument("--events", type=int, default=200000, help="of the generated stream (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is told (default %(default)s)")
    parser.add_argument("--peers", default=",".join(peers.ALL), help="which, separated by commas; none: - (default %(default)s)")


def ours(stand, arguments, settings=None):
    """(figures, what the peers are held to, figures of COPY): sent, acknowledged, scored, every duty opened."""
    with stand.deployment(settings) as d:
        d.start()
        with stand.meter(d) as meter:
            send(d, *arguments)
            meter.mark("acknowledged")
            wait_settled(d)
        expected = peers.our_figures(d)
        duties = d.value("SELECT count(*) FROM duty WHERE state <> 'void'")
        assert duties == len(expected["late"]), f"{duties} duties, {len(expected['late'])} late dossiers"
        memory = {name: memory_mib(d.pid(name)) for name in STAGES}
        d.stop()
        return {**meter.figures(expected["events"]), "duties": duties, "memory_mib": memory}, expected, ceiling(stand, d)


def ceiling(stand, d):
    """The rows of the ledger by one COPY into a table of the same shape with the same indexes and checks."""
    file = stand.scratch("ledger.copy")
    d.sql("CREATE SCHEMA bench")
    d.sql("CREATE TABLE bench.event (LIKE event INCLUDING ALL)")
    psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    with child(psql, {**stand.environment(d.database), "PGAPPNAME": "COPY"}, stand.scratch("psql.log")) as copier:
        tell(copier, f"\\copy (SELECT * FROM kipthoi.event) TO '{file}'\n\\echo ready")
        hear(copier, "ready", LIMIT_S)
        with stand.meter(sender=copier.pid) as meter:
            tell(copier, f"\\copy bench.event FROM '{file}'\n\\echo done")
            hear(copier, "done", LIMIT_S)
    rows = d.value("SELECT count(*) FROM bench.event")
    file.unlink()
    return meter.figures(rows)


def intake(stand, arguments, settings=None):
    """Sent and acknowledged; nobody reads the ledger."""
    with stand.deployment(settings) as d:
        d.start("ingest")
        with stand.meter(d) as meter:
            send(d, *arguments)
        return {**meter.figures(d.value("SELECT count(*) FROM event")), "memory_mib": {"ingest": memory_mib(d.pid("ingest"))}}


def _summary(rounds):
    """Medians, and medians of the ratios taken within each round."""
    names = rounds[0].keys()
    pairs = [("ours", "copy"), ("intake", "copy"), *(("ours", name) for name in names if name in peers.ALL)]
    return {
        "rounds": rounds,
        "median_per_s": {name: statistics.median(r[name]["events_per_s"] for r in rounds) for name in names},
        "ratio": {f"{a}/{b}": statistics.median(r[a]["events_per_s"] / r[b]["events_per_s"] for r in rounds) for a, b in pairs},
    }


def _rounds(choice, one_round):
    rounds = []
    for number in range(1, choice.rounds + 1):
        rounds.append(one_round())
        print(f"  round {number}: " + ", ".join(f"{name} {figures['events_per_s']:.0f}/s" for name, figures in rounds[-1].items()), flush=True)
    summary = _summary(rounds)
    print("  ratios: " + ", ".join(f"{name} {value:.2f}" for name, value in summary["ratio"].items()))
    return summary


def _ours_all(stand, arguments, settings=None):
    """({"ours", "copy", "intake"}, what the peers are held to)"""
    figures = {}
    figures["ours"], expected, figures["copy"] = ours(stand, arguments, settings)
    figures["intake"] = intake(stand, arguments, settings)
    return figures, expected


def run(stand, choice):
    """The generated stream, by everybody."""
    file = stream.write(stand.scratch("stream.ndjson"), stream.Stream(choice.events).lines(choice.events))
    chosen = [] if choice.peers == "-" else choice.peers.split(",")

    def one_round():
        figures, expected = _ours_all(stand, (file,))
        with stand.deployment() as d:     # for its keys
            for name in chosen:
                figures[name] = peers.ALL[name](stand, d, file, expected)
        return figures
    return _rounds(choice, one_round)


def boston(stand, choice):
    """The demonstration's 121,145 cases; the peers know no map of columns, so they are left out."""
    return _rounds(choice, lambda: _ours_all(stand, (BOSTON, "--map", BOSTON_MAP), BOSTON_CLOCK)[0])
