# SPDX-License-Identifier: MIT
"""The server that everything is measured on: one private PostgreSQL cluster that syncs, settings of a small server, and
deployments and databases on it."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from deployment import STAGES, Cluster, Deployment, wait_until  # pylint: disable=wrong-import-position

import stream
from meter import WATCH, Meter

# Over those of tests/support/cluster.sh; what docs/operations.md advises.
POSTGRES = {"shared_buffers": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 4 >> 20}MB",
            "max_wal_size": "16GB", "min_wal_size": "8GB"}
# The rest is as in deploy/kipthoi.conf.sample.
SETTINGS = {
    "deployment.time_zone": "Asia/Ho_Chi_Minh",
    "deployment.clock": stream.NOW,
    "database.unsafe_durability": "no",
    "scorer.poll": "200ms",
    "notifier.poll": "200ms",
}
SHOWN = ("fsync", "synchronous_commit", "full_page_writes", "wal_compression", "shared_buffers", "max_wal_size", "min_wal_size",
         "checkpoint_timeout", "wal_level", "autovacuum", "jit")

# A file of the log that was never used is filled with zeros first, and who commits waits for it.  A server that has been running
# has min_wal_size of used ones; so has the one that is measured.
USED_LOG = """
DO $$
BEGIN
    FOR n IN 1 .. pg_size_bytes(current_setting('min_wal_size')) / pg_size_bytes(current_setting('wal_segment_size')) LOOP
        PERFORM pg_logical_emit_message(false, '', '');
        PERFORM pg_switch_wal();
    END LOOP;
END
$$"""

STORED = "SELECT sum(accepted)::bigint FROM intake"
# Everything accepted is folded, and the notifier has seen every change of a verdict, that is, has opened each duty.
SETTLED = """(SELECT coalesce(sum(accepted), 0) FROM intake) = (SELECT sum(folded) FROM scorer_cursor)
    AND NOT (SELECT bool_or(behind) FROM scorer_cursor)
    AND NOT EXISTS (SELECT FROM verdict_change v, notifier_cursor n
        WHERE v.xid >= pg_snapshot_xmin(n.snapshot) AND NOT pg_visible_in_snapshot(v.xid, n.snapshot))"""
# Looked at in the server, a second at a time, so that looking costs the stages next to nothing.
WAIT_SETTLED = f"""
DO $$
DECLARE
    deadline timestamptz := clock_timestamp() + interval '1 s';
BEGIN
    WHILE NOT ({SETTLED}) AND clock_timestamp() < deadline LOOP
        PERFORM pg_sleep(0.02);
    END LOOP;
END
$$"""


class Stand:
    def __init__(self, binaries):
        self.bin = pathlib.Path(binaries)
        self.kept = contextlib.ExitStack()      # what parts leave for the next ones
        self.filled = None                      # see part_history.py
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kipthoi-bench."))
        with open(self.folder / "cluster.log", "w", encoding="utf-8") as log:
            subprocess.run([ROOT / "tests/support/cluster.sh", "start", self.folder, "--sync"], check=True,
                           stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.cluster = Cluster(self.folder, private=True)
        with self.cluster.connect() as connection:
            for name, value in POSTGRES.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.cluster.immediate()
        self.cluster.resume()
        self.admin = self.connect()
        self.admin.execute(USED_LOG)
        self.admin.execute("CHECKPOINT")

    def close(self):
        self.kept.close()
        self.admin.close()
        self.cluster.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database="postgres"):
        """The administrator's connection, known to Meter as one that only looks."""
        connection = self.cluster.connect(database)
        connection.execute(f"SET application_name = '{WATCH}'; SET search_path = kipthoi, public")
        return connection

    def settings(self):
        return {name: self.admin.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN}

    @contextlib.contextmanager
    def deployment(self, settings=None):
        """A deployment, in Vietnam with its calendar; nothing is started yet."""
        with Deployment(self.cluster, settings={**SETTINGS, **(settings or {})}, binaries=self.bin) as d:
            if d.settings["deployment.time_zone"] == SETTINGS["deployment.time_zone"]:
                d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
            yield d

    @contextlib.contextmanager
    def database(self, name, *files):
        """A database made by SQL files; yields the environment that leads libpq's children to it."""
        self.admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with self.connect(name) as connection:
                for file in files:
                    connection.execute(pathlib.Path(file).read_text(encoding="utf-8"))
            yield self.environment(name)
        finally:
            self.admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def environment(self, database):
        return {**os.environ, "PGHOST": self.cluster.host, "PGPORT": self.cluster.port, "PGUSER": "postgres",
                "PGPASSWORD": self.cluster.password(), "PGDATABASE": database}

    def meter(self, d=None, **processes):
        """A Meter of the stages of d that run, and of other processes."""
        stages = {name: d.pid(name) for name in STAGES if name in d.processes} if d else {}
        return Meter(self.admin, {**stages, **processes})

    def scratch(self, name):
        """A path of a file that is thrown away at the end."""
        return self.folder / name


def send(d, file, *arguments, timeout=7200):
    """kipthoi send; progress goes nowhere."""
    d.kipthoi("send", *arguments, file, check=0, timeout=timeout)


def wait_settled(d, timeout=3600):
    with d.connect() as connection:
        connection.execute(f"SET application_name = '{WATCH}'")

        def settled():
            connection.execute(WAIT_SETTLED)
            return connection.execute(f"SELECT {SETTLED}").fetchone()[0]
        wait_until(settled, lambda: f"all is scored: {d.sql('TABLE scorer_cursor')}", timeout)


def free_port():
    """A TCP port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]
