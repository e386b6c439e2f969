# SPDX-License-Identifier: MIT
"""A dump restored into another cluster: noticed, refused, and healed by `kipthoi rebase` without loss or repetition."""
import json
import subprocess

from deployment import Cluster, Deployment, finished, run_tests, wait_until
from dump import dump, restore


def burn_transactions(d, count):
    """Moves the cluster's transaction numbers on: a statement each, for those of a pipeline share one."""
    with d.connect() as c:
        for _ in range(count):
            c.execute("SELECT pg_current_xact_id()")


def batch(name, count):
    return [finished(f"{name}{n}", due="2015-05-20T00:00:00-04:00") for n in range(count)]


def test_restored_dump_is_refused_until_rebase():
    """The dump's transaction numbers are higher than the new cluster's: there a reader that goes by number is blind."""
    cluster = Cluster.start_private()
    try:
        with Deployment() as old, Deployment(cluster) as new:
            burn_transactions(old, 3000)
            old.start()
            old.send_events(batch("A", 50))
            old.wait_settled()
            old.stop("scorer")
            # Stored but not folded when the dump is taken.
            old.send_events(batch("B", 30))
            file = new.dir / "dump"
            dump(old, file)
            restore(new, file)
            assert new.value("SELECT min(xid::text::bigint) FROM event") > new.value("SELECT pg_current_xact_id()::text::bigint")
            new.expect_error("REFUSED", "OTHER-CLUSTER")
            new.kipthoi("allow", new.dir / "secrets/sender.pub", "--name", "new", "--source", "*", check=0)
            new.start("ingest", "scorer", "notifier", wait=False)
            wait_until(lambda: "kipthoi rebase" in new.log("scorer"), "the scorer refuses the foreign epoch", 20)
            wait_until(lambda: "kipthoi rebase" in new.log("notifier"), "the notifier refuses the foreign epoch", 20)
            sending = subprocess.Popen([str(part) for part in [new.bin / "kipthoi", "--config", new.conf, "send", "-"]],
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
            sending.stdin.write("".join(json.dumps(event) + "\n" for event in batch("C", 20)))
            sending.stdin.close()
            wait_until(lambda: "kipthoi rebase" in new.log("ingest"), "ingest takes nothing", 20)
            assert new.sql("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM dossier)") == [(80, 50)]
            new.kipthoi("rebase", check=0)
            assert sending.wait(60) == 0
            for stage in ("ingest", "scorer", "notifier"):
                new.wait_ready(stage)
            new.wait_settled()
            assert new.sql("SELECT count(*), sum(events) FROM dossier") == [(100, 100)]
            assert new.value("SELECT count(*) FROM duty WHERE state = 'owed'") == 100
            new.audit()
            # Known ids are still known.
            new.send_events(batch("A", 50))
            assert new.value("SELECT count(*) FROM event") == 100
            new.rebuild()
            new.wait_settled()
            new.audit()
            old.start("scorer")
            old.wait_settled()
    finally:
        cluster.destroy()


if __name__ == "__main__":
    run_tests(globals())
