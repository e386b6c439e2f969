#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Nothing hangs: while the database does not answer, each stage says within 5 s that it is not ready and upstream is told when to
come again; within 5 s of its return everything is taken; nothing is lost.  One scene for each cause, those that need more than a
server in test_hang_*.py; docs/reliability.md."""
import contextlib
import os
import re
import signal
import time

import harm
from deployment import Cluster, finished, run_tests, wait_until
from dump import dump, restore
from upstream import PROMISED_S, REWRITTEN, Upstream, hang, private, scene, wait_back, work_for

# How long a transaction stays open; by hand 3600.
HOLD_S = int(os.environ.get("KIPTHOI_FAULT_HOLD_S", "15"))
HOLDER_WARN_S = 300         # cli/doctor.c


def signal_server(d, number):
    """A worker that ended between the look and the signal needs none."""
    for pid in harm.server_processes(d):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def test_postmaster_is_stopped():
    """It lets nobody in; who is in works on, and who comes anew waits."""
    def test(d):
        with Upstream(d) as upstream:
            postmaster = harm.server_processes(d)[0]
            os.kill(postmaster, signal.SIGSTOP)
            begin = time.monotonic()
            d.kill("scorer")
            d.start("scorer", wait=False)
            while time.monotonic() < begin + 2 * PROMISED_S:
                upstream.wait_new()
                assert d.is_ready("ingest") and d.is_ready("notifier") and not d.is_ready("scorer")
            os.kill(postmaster, signal.SIGCONT)
            back_s = wait_back(d, upstream, time.monotonic())
            print(f"  new connections again after {back_s:.1f} s")
            assert back_s <= PROMISED_S
        upstream.check()

    private(test)


def test_whole_server_is_stopped():
    """Postmaster and all its processes: for a moment, and for longer than any statement may take."""
    def test(d):
        with Upstream(d) as upstream:
            for held_s in (7, 20):
                hang(d, upstream, lambda: signal_server(d, signal.SIGSTOP), lambda: signal_server(d, signal.SIGCONT), held_s)
        upstream.check()

    private(test, **{"database.statement_timeout": "8s"})


def test_tables_are_locked():
    """Those of each stage: another session's LOCK TABLE waits for nobody's limit."""
    with scene() as d:
        d.start()
        with Upstream(d) as upstream, d.connect() as other:
            def hold():
                other.execute("BEGIN")
                # In the order in which the stages come to them.
                other.execute("LOCK TABLE notifier_cursor, scorer_cursor, event")
            hang(d, upstream, hold, lambda: other.execute("ROLLBACK"), 8)
        upstream.check()


def footprint(d):
    return dict(d.sql("SELECT relname::text, (pg_total_relation_size(oid) / 1024)::int FROM pg_class WHERE relname = ANY (%s)", REWRITTEN))


def test_transaction_stays_open():
    """An idle session holds a transaction number, another one a snapshot that is no older: dead rows stay, work goes on, doctor names
    the first."""
    with scene() as d:
        d.start()
        with Upstream(d) as upstream, d.connect() as bystander, d.connect() as other:
            other.execute("BEGIN")
            number = other.execute("SELECT pg_current_xact_id()::text, count(*) FROM event").fetchone()[0]
            # A transaction that began before it would make the other's snapshot the older one.
            wait_until(lambda: d.value("SELECT pg_snapshot_xmin(pg_current_snapshot())::text") == number, "it is the oldest")
            bystander.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            bystander.execute("SELECT count(*) FROM event")
            before, begin = footprint(d), time.monotonic()
            slowest_s = work_for(d, upstream, HOLD_S)
            grown = {name: after - before[name] for name, after in footprint(d).items()}
            held_s = time.monotonic() - begin
            holder = next(row for row in d.json("doctor", check=None)["rows"] if row["check"] == "oldest transaction")
            print(f"  held {held_s:.0f} s: an event took {slowest_s:.1f} s at most; tables grew by {grown} kB; doctor: {holder}")
            assert f"session {other.info.backend_pid}" in holder["detail"], holder
            # Of another role's session only what was stored after its beginning tells how old it is.
            assert re.search(r"\) \d+ (s|min|h)", holder["detail"]), holder
            assert holder["finding"] == ("warn" if held_s > HOLDER_WARN_S else "ok"), holder
            other.execute("ROLLBACK")
        upstream.check()


def test_dump_is_restored_elsewhere():
    """The stages are started on a cluster whose transaction numbers are not the dump's, and refuse until `kipthoi rebase`."""
    cluster = Cluster.start_private()
    try:
        with scene() as old, scene(cluster) as new:
            old.start()
            old.send_events([finished(f"OLD{n}", due="2015-05-20T00:00:00-04:00") for n in range(50)])
            old.wait_settled()
            dump(old, new.dir / "dump")
            restore(new, new.dir / "dump")
            new.expect_error("REFUSED", "OTHER-CLUSTER")
            with Upstream(new, keys=old.dir / "secrets", first=0) as upstream:
                hang(new, upstream, lambda: new.start(wait=False), lambda: new.kipthoi("rebase", check=0), 8)
            upstream.check()
            assert new.value("SELECT count(*) FROM dossier WHERE code LIKE 'OLD%%'") == 50
    finally:
        cluster.destroy()


if __name__ == "__main__":
    run_tests(globals())
