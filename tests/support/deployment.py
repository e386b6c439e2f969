# SPDX-License-Identifier: MIT
"""A deployment of Kịp Thời for tests: a database of its own, a configuration with free ports, and the real programs.

    with Deployment() as d:                     # init, keys, a sender allowed to speak for anything
        d.start()                               # ingest, scorer, notifier; each waited for until /ready
        d.send("cases.ndjson")                  # kipthoi send, must succeed
        d.wait_settled()                        # all scored, every duty opened
        assert d.rates("unit")["rows"]
        d.kill("scorer"); d.start("scorer")     # kill -9, and again
        d.audit()                               # must exit 0

On the way out the stages are stopped, and their logs must hold no sanitizer report, failed assertion or ERROR line that
the test has not asked for by `d.expect_error("DB-RETRY")`.  The database is dropped when the test went well.

Environment: KIPTHOI_BIN (folder of the programs), KIPTHOI_TEST_CLUSTER (folder with cluster.env, see cluster.sh).
"""
import atexit
import contextlib
import fcntl
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES = ("ingest", "scorer", "notifier")
PORTS = (16384, 32768)      # Linux takes those of outgoing connections from above
TROUBLE = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|[Aa]ssertion .*failed|stack smashing")
ERROR_LINE = re.compile(r"^\S+Z error \S+ (\S+)")


def skip(reason):
    """Leaves the test program as skipped."""
    print(f"skipped: {reason}")
    sys.exit(77)


def shared_data(*parts):
    """A file of ../shared/data beside the project, or the test is skipped."""
    path = ROOT.parent / "shared" / "data" / pathlib.Path(*parts)
    if not path.exists():
        skip(f"{path} is not here")
    return path


def wait_until(condition, what, timeout=60.0):
    """Polls until condition() is true and returns what it gave; fails with a sentence at the deadline."""
    deadline = time.monotonic() + timeout
    pause = 0.01
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, f"not within {timeout:g} s: {what() if callable(what) else what}"
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def _http(url, timeout=5):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
    except OSError:
        return 0, ""


class Cluster:
    """A PostgreSQL cluster made by cluster.sh: the one shared by CTest, or a private one for tests that hurt it."""

    def __init__(self, folder, private):
        self.folder = pathlib.Path(folder)
        self.private = private
        env = dict(line.split("=", 1) for line in (self.folder / "cluster.env").read_text().split())
        self.host = env["PGHOST"]
        self.socket_folder = pathlib.Path(self.host)
        self.port = env["PGPORT"]
        self.secrets = pathlib.Path(env["KIPTHOI_CLUSTER_SECRETS"])

    @classmethod
    def shared(cls):
        folder = os.environ.get("KIPTHOI_TEST_CLUSTER")
        if not folder:
            skip("KIPTHOI_TEST_CLUSTER is not set: run by ctest, or tests/support/cluster.sh start FOLDER")
        return cls(folder, private=False)

    @classmethod
    def start_private(cls):
        folder = tempfile.mkdtemp(prefix="kipthoi-private.")
        cls._script("start", folder)
        cluster = cls(folder, private=True)
        atexit.register(cluster.destroy)
        return cluster

    @staticmethod
    def _script(*arguments):
        # Output to a file: the server keeps its standard error open, and a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.call([ROOT / "tests/support/cluster.sh", *map(str, arguments)],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            output.seek(0)
            assert code == 0, f"cluster.sh {arguments}: {output.read()}"

    def immediate(self):
        """Stops it as a crash would."""
        assert self.private, "other tests use the shared cluster"
        self._script("immediate", self.folder)

    def resume(self):
        self._script("resume", self.folder)

    def destroy(self):
        if self.private:
            self._script("stop", self.folder)
            shutil.rmtree(self.folder, ignore_errors=True)

    def password(self, role="admin"):
        return (self.secrets / f"{role}.password").read_text().strip()

    def connect(self, database="postgres", user="postgres", role="admin"):
        return psycopg.connect(host=self.host, port=self.port, dbname=database, user=user,
                               password=self.password(role), autocommit=True)

    @contextlib.contextmanager
    def lock(self):
        """Roles belong to the whole cluster: one `kipthoi init` at a time."""
        with open(self.folder / "lock", "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Deployment:
    """See the top of the file."""

    def __init__(self, cluster=None, settings=None, sources=("*",), binaries=None):
        """settings: {"section.key": value} over the test defaults; sources: what the sender may speak for."""
        self.cluster = cluster or Cluster.shared()
        self.bin = pathlib.Path(binaries or os.environ.get("KIPTHOI_BIN") or ROOT / "build/dev/bin")
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="kt."))
        self.database = "t_" + re.sub(r"\W", "_", self.dir.name).lower()
        self.conf = self.dir / "kipthoi.conf"
        self.processes = {}     # name -> Popen
        self.ports = {}         # name -> metrics port
        self.expected = set()   # log ids that may be ERROR
        self._held = []         # sockets that hold the ports until the configuration is written
        self.settings = self._defaults()
        self.settings.update(settings or {})
        self._write_conf()
        self._share_passwords()
        with self.cluster.lock():
            self.kipthoi("init", "--create-database", check=0)
        if sources:
            arguments = [part for source in sources for part in ("--source", source)]
            self.kipthoi("allow", self.dir / "secrets/sender.pub", "--name", "test", *arguments, "--feed", check=0)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        failed = kind is not None
        try:
            self.close(keep=failed)
        except AssertionError:
            failed = True
            raise
        finally:
            if failed:
                print(f"the deployment is kept: {self.dir}, database {self.database}", file=sys.stderr)
                for log in sorted(self.dir.glob("*.log")):
                    tail = log.read_text(errors="replace").splitlines()[-20:]
                    print(f"--- {log}", *tail, sep="\n", file=sys.stderr)

    # Configuration.

    def port(self):
        """A free TCP port, held until the configuration is written.  It is none of those that outgoing connections are given: one of
        them could have it while a stage that was killed is started again."""
        def bound():
            held = socket.socket()
            try:
                held.bind(("127.0.0.1", random.SystemRandom().randrange(*PORTS)))
            except OSError:
                held.close()
                return None
            return held
        held = wait_until(bound, "a port is free")
        self._held.append(held)
        return held.getsockname()[1]

    def _defaults(self):
        self.ports = {name: self.port() for name in STAGES}
        endpoint = f"tcp://127.0.0.1:{self.port()}"
        return {
            "deployment.time_zone": "America/New_York",
            "deployment.clock": "2016-01-13T03:00:00-05:00",
            "database.host": self.cluster.host,
            "database.port": self.cluster.port,
            "database.name": self.database,
            "database.unsafe_durability": "yes",
            "ingest.endpoint": endpoint,
            "ingest.metrics_port": self.ports["ingest"],
            "scorer.metrics_port": self.ports["scorer"],
            "scorer.poll": "50ms",
            "notifier.feed": f"tcp://127.0.0.1:{self.port()}",
            "notifier.replay": f"tcp://127.0.0.1:{self.port()}",
            "notifier.metrics_port": self.ports["notifier"],
            "notifier.poll": "50ms",
            "sender.endpoint": endpoint,
        }

    def _write_conf(self):
        sections = {}
        for name, value in self.settings.items():
            section, key = name.split(".", 1)
            sections.setdefault(section, []).append(f"{key} = {value}\n")
        self.conf.write_text("".join(f"[{name}]\n{''.join(lines)}" for name, lines in sections.items()))
        for held in self._held:
            held.close()
        self._held.clear()

    def _share_passwords(self):
        """Roles belong to the whole cluster, so every deployment on it has the same passwords."""
        (self.dir / "secrets").mkdir(mode=0o700)
        (self.dir / "run").mkdir()
        for source in self.cluster.secrets.glob("*.password"):
            copy = self.dir / "secrets" / source.name
            copy.touch(mode=0o600)
            copy.write_text(source.read_text())

    # The operator's program.

    def kipthoi(self, *arguments, check=None, timeout=300, **options):
        """Runs kipthoi; check: the exit code it must have.  Returns CompletedProcess with text output."""
        command = [self.bin / "kipthoi", "--config", self.conf, *arguments]
        done = subprocess.run([str(part) for part in command], capture_output="stdout" not in options, text=True,
                              timeout=timeout, check=False, env=self._environment(), **options)
        if check is not None:
            assert done.returncode == check, (f"kipthoi {' '.join(map(str, arguments))}: exit code "
                                              f"{done.returncode}, not {check}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *arguments, check=0):
        """The parsed answer of kipthoi … --json."""
        return json.loads(self.kipthoi(*arguments, "--json", check=check).stdout)

    def send(self, file, *arguments, check=0, **options):
        return self.kipthoi("send", *arguments, file, check=check, **options)

    def send_events(self, events, check=0):
        """Sends a list of events (dicts) as NDJSON on standard input."""
        lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        return self.kipthoi("send", "-", input=lines, check=check)

    def rates(self, by="unit", window="all", *arguments):
        return self.json("rates", "--by", by, "--window", window, *arguments)

    def audit(self, check=0):
        return self.kipthoi("audit", check=check)

    def rebuild(self):
        self.kipthoi("rebuild", "--yes", check=0)

    @staticmethod
    def _environment():
        strange = ("PG", "KIPTHOI_", "LC_", "LANG", "JOURNAL_", "NOTIFY_")
        env = {key: value for key, value in os.environ.items() if not key.startswith(strange)}
        env["LC_ALL"] = "C.UTF-8"
        env["NO_COLOR"] = "1"
        # Programs that lay letters out: what the libraries hold on to is no leak of theirs.
        env["LSAN_OPTIONS"] = f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0"
        return env

    # The stages.

    def start(self, *names, sets=None, wait=True):
        """Starts stages (all by default) with --set's and waits until each is ready."""
        for name in names or STAGES:
            self.start_as(name, name, sets, wait=False)
        for name in names or STAGES:
            if wait:
                self.wait_ready(name)

    def start_as(self, label, name, sets=None, wait=True, fault=None):
        """A further process of a stage under a label of its own: start_as("scorer2", "scorer", {...}).  fault: "point:N" of
        common/fault.h, at which it dies."""
        assert label not in self.processes, f"{label} runs already"
        sets = dict(sets or {})
        if label != name:
            sets.setdefault(f"{name}.metrics_port", self._free_port())
        self.ports[label] = int(sets.get(f"{name}.metrics_port", self.ports.get(label, self.ports[name])))
        command = [self.bin / f"kipthoi-{name}", "--config", self.conf]
        for key, value in sets.items():
            command += ["--set", f"{key}={value}"]
        environment = {**self._environment(), **({"KIPTHOI_FAULT": fault} if fault else {})}
        with open(self.dir / f"{label}.log", "ab") as log:
            self.processes[label] = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                                     stdout=log, stderr=log, env=environment)
        if wait:
            self.wait_ready(label)

    def _free_port(self):
        port = self.port()
        self._held.pop().close()
        return port

    def wait_ready(self, label, timeout=60):
        def ready():
            code = self.processes[label].poll()
            assert code is None, f"{label} has ended with {code}:\n{self.log(label)[-3000:]}"
            return self.is_ready(label)
        wait_until(ready, f"{label} is ready", timeout)

    def readiness(self, label, timeout=5):
        """200 or 503; 0 when nothing is answered in time."""
        return _http(f"http://127.0.0.1:{self.ports[label]}/ready", timeout)[0]

    def is_ready(self, label):
        return self.readiness(label) == 200

    def stop(self, *labels, timeout=60):
        """SIGTERM; each must leave with 0."""
        labels = labels or tuple(self.processes)
        for label in labels:
            self.processes[label].terminate()
        for label in labels:
            code = self.processes.pop(label).wait(timeout)
            assert code == 0, f"{label} left with {code}:\n{self.log(label)[-3000:]}"

    def kill(self, label):
        """kill -9"""
        process = self.processes.pop(label)
        process.send_signal(signal.SIGKILL)
        process.wait(30)

    def signal(self, label, number):
        self.processes[label].send_signal(number)

    def pid(self, label):
        return self.processes[label].pid

    def memory_mib(self, label):
        """The most memory the process has had."""
        status = pathlib.Path(f"/proc/{self.pid(label)}/status").read_text()
        return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) / 1024

    def log(self, label):
        return (self.dir / f"{label}.log").read_text(errors="replace")

    def metrics(self, label):
        """{'name{labels}': value} of /metrics."""
        code, text = _http(f"http://127.0.0.1:{self.ports[label]}/metrics")
        assert code == 200, f"{label} gives no metrics"
        rows = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in rows}

    # The database.

    def connect(self, role="admin"):
        """A connection as the administrator, or as ingest, scorer, notifier, operator."""
        user = "postgres" if role == "admin" else f"kipthoi_{role}"
        connection = self.cluster.connect(self.database, user, role)
        connection.execute("SET search_path = kipthoi")
        return connection

    def sql(self, text, *parameters, role="admin"):
        """Runs one statement and returns its rows, [] when it has none."""
        with self.connect(role) as connection:
            cursor = connection.execute(text, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, text, *parameters, role="admin"):
        return self.sql(text, *parameters, role=role)[0][0]

    def settled(self):
        """True when every ledger row has been folded and every change of a verdict been seen by the notifier."""
        return self.value("""
            SELECT (SELECT count(*) FROM event) = (SELECT sum(folded) FROM scorer_cursor)
                AND NOT (SELECT bool_or(behind) FROM scorer_cursor)
                AND (SELECT snapshot::text <> '1:1:' FROM notifier_cursor)
                AND NOT EXISTS (SELECT FROM verdict_change v, notifier_cursor n
                                WHERE NOT pg_visible_in_snapshot(v.xid, n.snapshot))""")

    def wait_settled(self, timeout=180):
        wait_until(self.settled, lambda: f"all is scored; cursors {self.sql('TABLE scorer_cursor')}", timeout)

    # The end.

    def expect_error(self, *ids):
        """Log ids that this test provokes and that may be ERROR lines."""
        self.expected.update(ids)

    def check_logs(self):
        for path in sorted(self.dir.glob("*.log")):
            for line in path.read_text(errors="replace").splitlines():
                assert not TROUBLE.search(line), f"{path.name}: {line}"
                found = ERROR_LINE.search(line)
                assert not found or found.group(1) in self.expected, f"{path.name}: {line}"

    def close(self, keep=False):
        """Stops everything, looks at the logs, drops the database unless it shall be kept."""
        if keep:
            for label in tuple(self.processes):
                self.kill(label)
        else:
            self.stop()
            self.check_logs()
            with self.cluster.connect() as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
            shutil.rmtree(self.dir, ignore_errors=True)


def finished(dossier, due=None, finished_at="2015-06-01T10:00:00-04:00", received="2015-05-01T09:00:00-04:00",
             source="urn:test:a", unit="U1", **data):
    """A finished event, the simplest one to send."""
    body = {"dossier": dossier, "unit": unit, "received": received, "finished": finished_at, **data}
    if due:
        body["due"] = due
    return {"specversion": "1.0", "id": f"{dossier}-finished", "source": source,
            "type": "vn.kipthoi.dossier.finished.v1", "time": finished_at, "data": body}


def run_tests(namespace):
    """Runs the functions test_* of a test program in the order written; the exit code is the number that failed."""
    # Ended from outside, a test still puts away what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failures = 0
    chosen = sys.argv[1:]
    for name, function in list(namespace.items()):
        if not name.startswith("test_") or (chosen and name not in chosen):
            continue
        from_s = time.monotonic()
        try:
            function()
            print(f"ok      {name} ({time.monotonic() - from_s:.1f} s)", flush=True)
        except Exception:  # pylint: disable=broad-except
            import traceback
            failures += 1
            traceback.print_exc()
            print(f"FAILED  {name} ({time.monotonic() - from_s:.1f} s)", flush=True)
    sys.exit(min(failures, 70))
