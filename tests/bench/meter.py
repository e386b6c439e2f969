# SPDX-License-Identifier: MIT
"""What a stretch of work costs: seconds, CPU time of each process and of each kind of PostgreSQL backend, bytes of WAL.

    with Meter(connection, {"ingest": pid}) as meter:
        …
    meter.figures(events=200000)

CPU time comes from /proc: user and system ticks, all threads of a process.  Programs that were waited for within the stretch
(kipthoi send) count as "sender".  Backends that ended within it, autovacuum's most of all, are in the postmaster's count of
its children and stand under "postgres: ended": what is to be told apart has to stay connected until the end.
"""
import os
import resource
import time

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Backends by what they work for: our roles have names of their own, peers name themselves "peer".  What the benchmark itself
# looks by (WATCH) is no cost of anything.
WATCH = "bench"
BACKENDS = f"""
    SELECT pid, 'postgres: ' || CASE
        WHEN backend_type <> 'client backend' THEN backend_type
        WHEN usename LIKE 'kipthoi%' THEN 'for ' || substr(usename, 9)
        ELSE 'for ' || application_name END
    FROM pg_stat_activity WHERE application_name <> '{WATCH}'"""


def _ticks(pid):
    """(own, of children waited for) of a process, 0 of one that is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0, 0
    return int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])


def _waited_for_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Meter:
    def __init__(self, connection, processes):
        """connection: one of WATCH, to any database of the server; processes: {name: pid}, all of which live on."""
        self.connection = connection
        self.processes = dict(processes)
        self.marks = {}

    def __enter__(self):
        # What went before shall not be written out within the stretch.
        self.connection.execute("CHECKPOINT")
        self.postmaster = self._postmaster()
        self.wal = self._wal()
        self.before = self._ticks_now()
        self.children_s = _waited_for_s()
        self.from_s = time.monotonic()
        return self

    def mark(self, name):
        """Notes how long it took to come here."""
        self.marks[name] = time.monotonic() - self.from_s

    def __exit__(self, *_):
        self.wall_s = time.monotonic() - self.from_s
        self.children_s = _waited_for_s() - self.children_s
        after = self._ticks_now()
        self.cpu_s = {}
        for key, ticks in after.items():
            name = key[0]
            self.cpu_s[name] = self.cpu_s.get(name, 0) + (ticks - self.before.get(key, 0)) * TICK_S
        self.cpu_s["sender"] = self.cpu_s.get("sender", 0) + self.children_s
        self.wal = self._wal() - self.wal

    def figures(self, events):
        """What results.json holds of it."""
        return {
            "events": events, "wall_s": self.wall_s, "events_per_s": events / self.wall_s, "marks_s": self.marks,
            "cpu_us_per_event": {name: seconds * 1e6 / events for name, seconds in sorted(self.cpu_s.items()) if seconds > 0},
            "cpu_us_per_event_all": sum(self.cpu_s.values()) * 1e6 / events,
            "wal_bytes_per_event": self.wal / events,
        }

    def _ticks_now(self):
        ticks = {(name, pid): _ticks(pid)[0] for name, pid in self.processes.items()}
        for pid, name in self.connection.execute(BACKENDS).fetchall():
            ticks[name, pid] = _ticks(pid)[0]
        ticks["postgres: ended", self.postmaster] = _ticks(self.postmaster)[1]
        return ticks

    def _postmaster(self):
        pid = self.connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])

    def _wal(self):
        return int(self.connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()[0])


def memory_mib(pid):
    """The most memory the process has had."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024
