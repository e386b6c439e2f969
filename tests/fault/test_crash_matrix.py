#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The crash matrix: whatever dies, and wherever, nothing acknowledged is lost, nothing is there that was not sent, and nothing has
an effect twice.

    test_crash_matrix.py [--seeds N | --seeds A-B]      prints a line for each seed and a table (markdown)

A seed decides who dies where and what four senders send meanwhile (plan.py); docs/reliability.md says what is counted.
KIPTHOI_FAULT_SEEDS is the range when none is given.  Leaves 0 when every seed held.
"""
import argparse
import collections
import os
import re
import sys
import time
import traceback

import harm
from deployment import ROOT, Cluster, Deployment, skip, wait_until
from plan import HARMS, NOW, POINTS, Plan, verdicts
from senders import Sender

ANSWERED_S = 60
# A deployment serves so many seeds: the audit looks at all of its events.
SEEDS_PER_DEPLOYMENT = 25
SETTINGS = {"deployment.clock": NOW, "database.statement_timeout": "10s", "scorer.slice_events": 40}
COUNTS = ("attempted", "acknowledged", "conflict", "lost", "unexpected", "duplicated")


class Run:
    """One seed against a deployment whose stages run."""

    def __init__(self, d, seed):
        self.d = d
        self.plan = Plan(seed)
        self.counts = dict.fromkeys(COUNTS, 0)
        self.reached = False
        self.complaints = []

    def execute(self):
        self.arm()
        senders = [Sender(self.d, share, f"{self.plan.seed}/{number}", time.monotonic() + ANSWERED_S,
                          request=self.plan.request)
                   for number, share in enumerate(self.plan.shares)]
        for sender in senders:
            sender.start()
        self.strike(senders)
        for sender in senders:
            sender.join()
        self.d.wait_settled()
        self.compare(senders)
        audit = self.d.kipthoi("audit")
        if audit.returncode != 0:
            self.complaints.append(f"audit left with {audit.returncode}: {audit.stdout[-800:]} {audit.stderr[-400:]}")

    def arm(self):
        """A stage that shall die at a point is a new process."""
        if self.plan.kind == "point":
            self.d.kill(self.plan.stage)
            self.d.start_as(self.plan.stage, self.plan.stage, fault=f"{self.plan.point}:{self.plan.nth}", wait=False)

    def strike(self, senders):
        plan, d = self.plan, self.d
        if plan.kind == "point":
            self.reached = self.wait_for_death(senders)
        elif plan.kind == "backend":
            self.reached = harm.kill_backend(d, plan)
        elif plan.kind == "postmaster":
            self.reached = harm.kill_server(d, plan)
        elif plan.kind == "moment":
            time.sleep(plan.delay_s)
            self.reached = True
        else:
            self.reached = harm.strike_after_commit(d, plan)
        if plan.kind in ("point", "moment"):
            d.kill(plan.stage)
            time.sleep(plan.pause_s)
            d.start(plan.stage, wait=False)

    def wait_for_death(self, senders):
        """False when everything was done before the stage came to the point so often."""
        stage = self.d.processes[self.plan.stage]

        def over():
            return stage.poll() is not None or (not any(s.is_alive() for s in senders) and self.d.settled())
        wait_until(over, f"{self.plan.stage} dies, or all is done", ANSWERED_S)
        return stage.poll() == -9

    # What came of it.

    def compare(self, senders):
        plan = self.plan
        sent = {(name, content) for name, contents in plan.sent.items() for content in contents}
        acknowledged = set().union(*(sender.stored for sender in senders))
        conflicts = set().union(*(sender.conflicts for sender in senders))
        rows = self.d.sql("""SELECT e.event_id, convert_to(e.payload, 'UTF8') FROM event e JOIN source s USING (source_id)
            WHERE s.name = %s""", plan.source)
        stored = [(name, bytes(content)) for name, content in rows]
        by_id = dict(stored)
        self.counts.update(attempted=len(sent), acknowledged=len(acknowledged), conflict=len(conflicts), lost=len(acknowledged - set(stored)),
                           unexpected=len(set(stored) - sent), duplicated=len(stored) - len(by_id))
        for sender in senders:
            self.complaints += [f"a sender was told: {answer}" for answer in sender.strange]
        silent = sent - acknowledged - conflicts
        if silent:
            self.complaints.append(f"not answered within {ANSWERED_S} s: {len(silent)}, e.g. {min(silent)[0]}")
        for name, content in conflicts:
            if by_id.get(name, content) == content:
                self.complaints.append(f"{name}: a conflict was told, and no other content is stored")
        self.compare_effects(stored, by_id)

    def compare_effects(self, stored, by_id):
        """Everything that an event adds to, against what the stored events add up to."""
        plan, d = self.plan, self.d
        classes = verdicts(by_id)
        missed = classes["late"] + classes["overdue"]
        cells = d.sql("""SELECT coalesce(sum(early + on_time), 0)::int, coalesce(sum(late), 0)::int, coalesce(sum(overdue), 0)::int,
                coalesce(sum(in_time), 0)::int, coalesce(sum(excluded), 0)::int
            FROM day_count JOIN unit USING (unit_id) WHERE unit.code = %s AND rule = 'promise'""", plan.unit)[0]
        effects = d.sql("""WITH mine AS (SELECT source_id FROM source WHERE name = %s)
            SELECT (SELECT coalesce(sum(accepted), 0)::int FROM intake JOIN mine USING (source_id)),
                (SELECT coalesce(sum(events), 0)::int FROM dossier JOIN mine USING (source_id)),
                (SELECT count(*)::int FROM duty JOIN mine USING (source_id) WHERE state <> 'void'),
                (SELECT count(*)::int FROM duty_log JOIN mine USING (source_id) WHERE now = 'owed'),
                (SELECT count(*)::int FROM alert JOIN mine USING (source_id) WHERE topic LIKE 'letter.owed/%%'),
                (SELECT count(*)::int FROM (SELECT DISTINCT code, episode FROM duty JOIN mine USING (source_id) WHERE state <> 'void') x)
            """, plan.source)[0]
        accepted, folded, owed, openings, told, distinct = effects
        for what, wanted, got in [("events counted as accepted", len(stored), accepted), ("events folded", len(stored), folded),
                                  ("letters owed", missed, owed), ("letters owed, each for another promise", owed, distinct),
                                  ("alerts that a letter is owed", openings, told),
                                  *((f"dossiers counted {name}", classes[name], cell) for name, cell in zip(classes, cells))]:
            self.counts["duplicated"] += max(got - wanted, 0)
            self.counts["lost"] += max(wanted - got, 0)
            if got != wanted:
                self.complaints.append(f"{what}: {got}, not {wanted}")

    def held(self):
        return not self.complaints and not any(self.counts[name] for name in ("lost", "unexpected", "duplicated"))


def check_points():
    """The table of points is the code's, and the programs have them."""
    found = {point for folder in ("ingest", "scorer", "notifier", "common") for path in (ROOT / folder).glob("*.c")
             for point in re.findall(r'FAULT_POINT\("([a-z-]+)"\)', path.read_text())}
    listed = {point for _, point, _ in POINTS} | {"answered"}       # that one: test_notifier_faults.py
    assert found == listed, f"fault points in the code and in plan.py differ: {found ^ listed}"
    program = ROOT / "build/dev/bin" if "KIPTHOI_BIN" not in os.environ else os.environ["KIPTHOI_BIN"]
    with open(f"{program}/kipthoi-ingest", "rb") as file:
        if b"KIPTHOI_FAULT" not in file.read():
            skip("these programs have no fault points; build the preset dev or asan")


def run_seeds(seeds):
    """Yields (run, seconds).  A run that breaks off has not held; its deployment is kept, and the next seeds have another."""
    harm.adopt_orphans()
    cluster = Cluster.start_private()
    waiting = collections.deque(seeds)
    while waiting:
        run, from_s = None, 0.0
        try:
            with Deployment(cluster, SETTINGS) as d:
                d.expect_error("DB-RETRY", "DB-LOST")
                d.start()
                for _ in range(min(len(waiting), SEEDS_PER_DEPLOYMENT)):
                    run, from_s = Run(d, waiting.popleft()), time.monotonic()
                    run.execute()
                    yield run, time.monotonic() - from_s
                    run = None
        except Exception as trouble:    # pylint: disable=broad-except
            if run is None:
                raise
            traceback.print_exc()
            run.complaints.append(f"broke off: {trouble}")
            yield run, time.monotonic() - from_s


def print_run(run, took_s):
    counts = "  ".join(f"{name} {run.counts[name]}" for name in COUNTS)
    print(f"seed {run.plan.seed:>5}  {counts}  recovered {'yes' if run.held() else 'NO '}  {took_s:4.1f} s  {run.plan.harm()}"
          f"{'' if run.reached else ' (not reached)'}", flush=True)
    for complaint in run.complaints:
        print(f"            {complaint}")
    if not run.held():
        print(f"            again: ./tests/run fault --seeds {run.plan.seed}-{run.plan.seed}", flush=True)


def print_table(runs, seeds):
    totals = collections.defaultdict(collections.Counter)
    for run in runs:
        for key in (run.plan.harm(), "total"):
            totals[key].update(run.counts, runs=1, reached=run.reached, recovered=run.held())
    names = ("runs", "reached", *COUNTS, "recovered")
    print(f"\n{time.strftime('%Y-%m-%d')}, `./tests/run fault --seeds {seeds[0]}-{seeds[-1]}`:\n")
    print("| what dies | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
    order = [Plan(seed).harm() for seed in range(len(HARMS))]
    for key in sorted((key for key in totals if key != "total"), key=order.index) + ["total"]:
        mark = "**" if key == "total" else ""
        print(f"| {mark}{key}{mark} | " + " | ".join(f"{mark}{totals[key][name]}{mark}" for name in names) + " |")


def parse_seeds(text):
    first, dash, last = text.partition("-")
    return list(range(int(first), int(last) + 1)) if dash else list(range(1, int(first) + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=parse_seeds, default=parse_seeds(os.environ.get("KIPTHOI_FAULT_SEEDS", "60")),
                        help="N (seeds 1 to N) or A-B")
    seeds = parser.parse_args().seeds
    check_points()
    runs = []
    try:
        for run, took_s in run_seeds(seeds):
            runs.append(run)
            print_run(run, took_s)
    finally:
        print_table(runs, seeds)
    failed = [run.plan.seed for run in runs if not run.held()]
    if failed:
        print(f"\nseeds that did not hold: {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
