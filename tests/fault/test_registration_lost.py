#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A unit's number that was given but not yet on disk when the server died: the scorer does not go on using it."""
import signal

from deployment import Cluster, Deployment, finished, run_tests, wait_until


def lazy_cluster():
    """A cluster that leaves to others when the log is written: nothing is, but what somebody waits for."""
    cluster = Cluster.start_private()
    with cluster.connect() as c:
        c.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    cluster.immediate()
    cluster.resume()
    return cluster


def test_number_lost_with_the_server():
    cluster = lazy_cluster()
    try:
        with Deployment(cluster) as d:
            d.start()
            d.send_events([finished("A", unit="KNOWN", due="2015-05-20T00:00:00-04:00")])
            d.wait_settled()
            d.stop("notifier")
            holder = d.connect()
            holder.execute("BEGIN")
            holder.execute("LOCK TABLE dossier IN SHARE MODE")
            d.send_events([finished("B", unit="NEW", due="2015-05-20T00:00:00-04:00")])
            # The slice waits for the table; the unit's number is committed, but nobody has waited for the disk.
            wait_until(lambda: d.sql("SELECT code FROM unit WHERE code = 'NEW'"), "the unit is registered", 20)
            d.signal("scorer", signal.SIGSTOP)
            cluster.immediate()
            holder.close()
            cluster.resume()
            assert d.sql("SELECT code FROM unit WHERE code > '' ORDER BY 1") == [("KNOWN",)], "the server lost nothing: this test shows nothing"
            d.value("INSERT INTO unit (code) VALUES ('OTHER') RETURNING unit_id")
            d.signal("scorer", signal.SIGCONT)
            d.start("notifier")
            d.wait_settled()
            assert d.sql("SELECT d.code, u.code FROM dossier d JOIN unit u USING (unit_id) ORDER BY 1") == [
                ("A", "KNOWN"), ("B", "NEW")]
            d.audit()
    finally:
        cluster.destroy()


if __name__ == "__main__":
    run_tests(globals())
