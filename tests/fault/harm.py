# SPDX-License-Identifier: MIT
"""Doing harm: a stage, one of the server's processes, a connection or the whole server, each at the moment that a plan names."""
import ctypes
import os
import pathlib
import signal
import time

import psycopg

from deployment import wait_until

PR_SET_CHILD_SUBREAPER = 36
BACKENDS = """SELECT pid, backend_xid::text, wait_event, query FROM pg_stat_activity
    WHERE datname = %s AND backend_type = 'client backend' AND starts_with(application_name, %s) ORDER BY pid"""


def with_server(d, work):
    """work(an administrator's connection), again when the server was just away."""
    def attempt():
        try:
            with d.cluster.connect() as connection:
                return [work(connection)]
        except psycopg.OperationalError:
            return None
    return wait_until(attempt, "the server answers its administrator")[0]


def adopt_orphans():
    """Whose parent dies becomes this process's child, so that it is waited for: not every machine's init does, and a zombie looks
    to PostgreSQL like a server that still runs."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1) == 0


def kill_process(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def backends(d, stage):
    """Processes that serve the stage; of ingest those that store."""
    rows = with_server(d, lambda c: c.execute(BACKENDS, [d.database, f"kipthoi-{stage}"]).fetchall())
    return [row for row in rows if stage != "ingest" or "event_append" in row[3]]


def wait_recovered(d, pid):
    """Once the postmaster has waited for the dead it ends the others and recovers."""
    wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the postmaster knows that the process is dead")
    with_server(d, lambda c: c.execute("SELECT 1"))


def kill_backend(d, plan):
    """Any process that serves the stage; the server ends all others then, and recovers."""
    time.sleep(plan.delay_s)
    pid = plan.chance.choice(wait_until(lambda: backends(d, plan.stage), f"{plan.stage} is connected"))[0]
    kill_process(pid)
    wait_recovered(d, pid)
    return True


def server_processes(d):
    """The postmaster's pid, then those of its children."""
    postmaster = int((d.cluster.socket_folder.parent / "pg/postmaster.pid").read_text().split()[0])
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


def kill_server(d, plan):
    time.sleep(plan.delay_s)
    processes = server_processes(d)
    for pid in processes:
        kill_process(pid)
    for pid in processes:
        os.waitpid(pid, 0)
    time.sleep(plan.pause_s)
    d.cluster.resume()
    return True


class HeldCommits:
    """While it is entered every commit is on disk but not told: it waits for a standby that does not exist."""

    def __init__(self, d):
        self.d = d

    def _configure(self, sentence):
        def work(connection):
            connection.execute(sentence)
            connection.execute("SELECT pg_reload_conf()")
        with_server(self.d, work)

    def __enter__(self):
        self._configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        return self

    def __exit__(self, *_):
        self._configure("ALTER SYSTEM RESET synchronous_standby_names")


# Whether the stage has something to commit.
WORK = {"scorer": "SELECT (SELECT count(*) FROM event) > (SELECT sum(folded) FROM scorer_cursor)",
        "notifier": """SELECT EXISTS (SELECT FROM verdict_change v, notifier_cursor n
            WHERE NOT pg_visible_in_snapshot(v.xid, n.snapshot))"""}


def strike_after_commit(d, plan):
    """Kills the server process (or ends the connection) of a transaction of the stage that is committed and not answered."""
    if plan.stage in WORK:
        # It commits when there is something to do: it is stopped until there is.
        d.signal(plan.stage, signal.SIGSTOP)
        wait_until(lambda: d.value(WORK[plan.stage]), f"there is work for the {plan.stage}")
    else:
        time.sleep(plan.delay_s / 4)
    with HeldCommits(d):
        d.signal(plan.stage, signal.SIGCONT)
        return _strike(d, plan)


def _strike(d, plan):
    def held():
        return [(pid, xid) for pid, xid, waits_for, _ in backends(d, plan.stage) if waits_for == "SyncRep"]
    try:
        pid, xid = wait_until(held, "a commit waits for its answer", 3)[0]
    except AssertionError:
        return False        # nothing more was to be committed
    if plan.kind == "cut after commit":
        with_server(d, lambda c: c.execute("SELECT pg_terminate_backend(%s)", [pid]))
    else:
        kill_process(pid)
    wait_recovered(d, pid)
    status = with_server(d, lambda c: c.execute("SELECT pg_xact_status(%s::xid8)", [xid]).fetchone()[0])
    assert status == "committed", f"transaction {xid} was to be committed when it was struck, and is {status}"
    return True


def exhaust_log(d):
    """Asks for new files of the write-ahead log until the server ends itself for want of room."""
    def ended():
        try:
            with d.connect() as connection:
                for _ in range(20):
                    connection.execute("SELECT pg_logical_emit_message(false, 'kipthoi', 'a record'), pg_switch_wal()")
        except psycopg.OperationalError:
            return True
        return False
    wait_until(ended, "the server finds no room for its log")
