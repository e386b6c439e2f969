# SPDX-License-Identifier: MIT
"""Runs the peers of tests/bench/peers on the same events and server, and holds their figures against ours: one that counts
otherwise is no peer."""
import json
import pathlib
import time

import stream
from child import child, hear, tell
from meter import memory_mib
from stand import free_port, send

HERE = pathlib.Path(__file__).resolve().parent / "peers"
PYTHON = "/usr/bin/python3"     # the one that Debian's packages are for
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "excluded")
LIMIT_S = 3600

# Day counters and late lists, ours and theirs in one form.
OUR_COUNTS = f"""
    SELECT c.day, u.code, f.code, {', '.join(f'sum({name})::int' for name in CLASSES)}
    FROM day_count c JOIN unit u USING (unit_id) JOIN field f USING (field_id)
    WHERE rule = 'promise' GROUP BY 1, 2, 3 HAVING sum({' + '.join(CLASSES)}) > 0"""
OUR_LATE = """
    SELECT s.name, d.code, d.promise::text FROM dossier d JOIN source s USING (source_id) WHERE promise IN ('late', 'overdue')"""
THEIR_COUNTS = f"SELECT day, unit, field, {', '.join(CLASSES)} FROM day_count WHERE {' + '.join(CLASSES)} > 0"
THEIR_LATE = "SELECT source, code, class FROM dossier WHERE class IN ('late', 'overdue')"


def our_figures(d):
    """What every peer has to come to."""
    return {"events": d.value("SELECT count(*) FROM event"), "counts": set(d.sql(OUR_COUNTS)), "late": set(d.sql(OUR_LATE))}


def _check_stored(name, connection, expected):
    stored = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    assert stored == expected["events"], f"{name} stored {stored} events, not {expected['events']}"


def _check(name, connection, expected):
    """Leaves with a sentence when the peer's figures are not ours."""
    _check_stored(name, connection, expected)
    for what, query in (("counts", THEIR_COUNTS), ("late", THEIR_LATE)):
        strange = sorted(set(connection.execute(query).fetchall()) ^ expected[what], key=str)
        assert not strange, f"{name}: {len(strange)} rows of {what} are not on both sides, the first: {strange[0]}"


def _served(stand, d, file, expected, name, program):
    """A peer that speaks KTP/1: kipthoi send sends to it as it does to us, and waits for its answers."""
    port = free_port()
    with stand.database(f"peer_{name}", HERE / "event.sql", HERE / "schema.sql") as environment:
        command = [*program, port, stream.NOW, stream.ZONE_HOURS, d.dir / "secrets"]
        with child(command, environment, stand.scratch(f"{name}.log")) as process:
            hear(process, "ready")
            with stand.meter(**{name: process.pid}) as meter:
                send(d, file, "--endpoint", f"tcp://127.0.0.1:{port}")
            memory = memory_mib(process.pid)
        with stand.connect(f"peer_{name}") as connection:
            _check(name, connection, expected)
    return {**meter.figures(expected["events"]), "memory_mib": {name: memory}}


def python(stand, d, file, expected):
    return _served(stand, d, file, expected, "python", [PYTHON, HERE / "python/peer.py"])


def node(stand, d, file, expected):
    return _served(stand, d, file, expected, "node", ["node", stand.bin.parent / "node/peer.js"])


def trigger(stand, _, file, expected):
    """Fed by COPY: the database alone, no transport before it."""
    with stand.database("peer_trigger", HERE / "event.sql", HERE / "schema.sql", HERE / "trigger/trigger.sql") as environment, \
            stand.connect("peer_trigger") as connection:
        connection.execute("INSERT INTO clock VALUES (%s, make_interval(hours => %s))", [stream.NOW, stream.ZONE_HOURS])
        with child([PYTHON, HERE / "trigger/load.py", file], environment, stand.scratch("trigger.log")) as loader:
            hear(loader, "ready")
            with stand.meter(loader=loader.pid) as meter:
                tell(loader, "go")
                hear(loader, "done", LIMIT_S)
            memory = memory_mib(loader.pid)
        _check("trigger", connection, expected)
    return {**meter.figures(expected["events"]), "memory_mib": {"loader": memory}}


def _certificates(folder, d):
    """The keys in the form that czmq reads."""
    key = lambda name: (d.dir / "secrets" / name).read_text(encoding="ascii").strip()
    senders = folder / "senders"
    senders.mkdir(exist_ok=True)
    form = 'metadata\n    name = "peer"\ncurve\n    public-key = "{}"\n'
    (senders / "sender").write_text(form.format(key("sender.pub")), encoding="ascii")
    (folder / "server").write_text(form.format(key("ingest.pub")), encoding="ascii")
    secret = folder / "server_secret"
    secret.touch(mode=0o600)
    secret.write_text(form.format(key("ingest.pub")) + f'    secret-key = "{key("ingest.key")}"\n', encoding="ascii")
    return {"PEER_CERT": str(folder / "server"), "PEER_CERTS": str(senders), "PEER_WORK": str(folder)}


def _last_new(file):
    """(source, id) of the last event of a file that did not come before: it is stored last."""
    seen, last = set(), None
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            key = event["source"], event["id"]
            if key not in seen:
                seen.add(key)
                last = key
    return last


def rsyslog(stand, d, file, expected):
    """Insert only, and without acknowledgements: done when the last event is in the table."""
    port, folder = free_port(), stand.scratch("rsyslog")
    folder.mkdir(exist_ok=True)
    last = _last_new(file)
    with stand.database("peer_rsyslog", HERE / "event.sql") as environment, \
            stand.connect("peer_rsyslog") as connection:
        environment |= {"PEER_PORT": str(port), "PEER_DATABASE": "application_name=peer", **_certificates(folder, d)}
        unpacked = stand.bin.parent / "rsyslog/usr"
        modules = next((unpacked / "lib").glob("*/rsyslog"))
        daemon = [unpacked / "sbin/rsyslogd", "-n", "-M", modules, "-f", HERE / "rsyslog/rsyslog.conf", "-i", folder / "pid"]
        sender = [PYTHON, HERE / "rsyslog/send.py", file, port, d.dir / "secrets"]
        stored = lambda: connection.execute("SELECT FROM event WHERE source = %s AND id = %s", last).rowcount == 1
        with child(daemon, environment, stand.scratch("rsyslog.log")) as process, \
                child(sender, environment, stand.scratch("rsyslog-send.log")) as pusher:
            hear(pusher, "ready")
            with stand.meter(rsyslog=process.pid, sender=pusher.pid) as meter:
                tell(pusher, "go")
                deadline = time.monotonic() + LIMIT_S
                while not stored():
                    assert time.monotonic() < deadline and process.poll() is None, f"rsyslog did not store all: {process.log}"
                    time.sleep(0.01)
            memory = memory_mib(process.pid)
        _check_stored("rsyslog", connection, expected)
    return {**meter.figures(expected["events"]), "memory_mib": {"rsyslog": memory}}


ALL = {"python": python, "node": node, "rsyslog": rsyslog, "trigger": trigger}
