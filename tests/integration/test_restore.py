# SPDX-License-Identifier: MIT
"""A dump restored into another cluster: noticed, refused, and healed by `kipthoi rebase` without loss or repetition."""
import os
import subprocess

from deployment import Cluster, Deployment, finished, run_tests, wait_until


def dump(d, file):
    subprocess.run(["pg_dump", "-h", d.cluster.host, "-p", d.cluster.port, "-U", "postgres", "-Fc", "-f", file, d.database],
                   check=True, env={**os.environ, "PGPASSWORD": d.cluster.password()})


def restore(d, file):
    with d.cluster.connect() as admin:
        admin.execute(f'DROP DATABASE "{d.database}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{d.database}"')
    subprocess.run(["pg_restore", "-h", d.cluster.host, "-p", d.cluster.port, "-U", "postgres", "-d", d.database, file],
                   check=True, env={**os.environ, "PGPASSWORD": d.cluster.password()})


def test_restored_dump_is_refused_until_rebase():
    cluster = Cluster.start_private()
    try:
        with Deployment() as old, Deployment(cluster) as new:
            old.start()
            old.send_events([finished(f"A{n}", due="2015-05-20T00:00:00-04:00") for n in range(50)])
            old.wait_settled()
            old.stop("scorer")
            # Stored but not folded when the dump is taken.
            old.send_events([finished(f"B{n}", due="2015-05-20T00:00:00-04:00") for n in range(30)])
            file = new.dir / "dump"
            dump(old, file)
            restore(new, file)
            new.expect_error("EPOCH", "OTHER-CLUSTER")
            new.kipthoi("allow", new.dir / "secrets/sender.pub", "--name", "new", "--source", "*", check=0)
            new.start("ingest")
            new.start("scorer", "notifier", wait=False)
            wait_until(lambda: "EPOCH" in new.log("scorer"), "the scorer refuses the foreign epoch", 20)
            assert new.value("SELECT count(*) FROM dossier") == 50
            new.send_events([finished(f"C{n}", due="2015-05-20T00:00:00-04:00") for n in range(20)])
            new.kipthoi("rebase", check=0)
            new.wait_settled()
            assert new.sql("SELECT count(*), sum(events) FROM dossier") == [(100, 100)]
            assert new.value("SELECT count(*) FROM duty WHERE state = 'owed'") == 100
            new.audit()
            # Known ids are still known.
            new.send_events([finished(f"A{n}", due="2015-05-20T00:00:00-04:00") for n in range(50)])
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
