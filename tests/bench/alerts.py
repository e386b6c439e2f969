#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long it takes to open, ladder and digest duties, and how long an event takes to become an alert on the feed.  Prints
figures and passes no judgement.

    tests/bench/alerts.py [--duties 100000] [--units 50] [--bin build/release/bin]

A private cluster with fsync on; everything on this machine.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from deployment import Cluster, Deployment, wait_until  # pylint: disable=wrong-import-position

NOW = "2026-06-10T09:00:00+07:00"


def write_events(path, count, units, kind="late"):
    with open(path, "w", encoding="utf-8") as file:
        for n in range(count):
            due = "2026-06-09T10:00:00+07:00" if kind == "late" else "2026-06-19T10:00:00+07:00"
            file.write(json.dumps({
                "specversion": "1.0", "id": f"{kind}-{n}", "source": "urn:bench:a", "type": "vn.kipthoi.dossier.received.v1",
                "time": "2026-06-01T09:00:00+07:00",
                "data": {"dossier": f"{kind}-{n}", "unit": f"P{n % units:02}", "field": f"F{n % 7}", "due": due,
                         "received": "2026-06-01T09:00:00+07:00"}}) + "\n")
    return path


def recipients(d, units):
    d.sql("INSERT INTO unit (code) SELECT 'P' || lpad(n::text, 2, '0') FROM generate_series(0, %s) n ON CONFLICT DO NOTHING", units - 1)
    # No mail server is configured: their messages wait in the outbox, and no network is measured.
    d.sql("""INSERT INTO recipient (unit_id, role, channel, address)
        SELECT unit_id, role, 'email', role || '@' || lower(code) || '.example.vn'
        FROM unit, unnest('{officer,head}'::text[]) role WHERE unit_id > 0""")


def throughput(d, count, units):
    d.start("ingest", "scorer")
    d.send(write_events(d.dir / "late.ndjson", count, units))
    wait_until(lambda: d.value("SELECT count(*) FROM dossier WHERE promise = 'overdue'") == count, "all is judged", 300)
    recipients(d, units)
    before = time.monotonic()
    d.start("notifier")
    marks = {}

    def done(name, sql):
        if name not in marks and d.value(sql) >= 1:
            marks[name] = time.monotonic() - before
        return name in marks

    wait_until(lambda: all([
        done("duties opened", f"SELECT (count(*) = {count})::int FROM duty"),
        done("steps taken", f"SELECT (count(*) = {2 * count})::int FROM step WHERE state <> 'waiting'"),
        done("digests and messages", f"""SELECT ((SELECT sum(items) FROM message WHERE kind = 'digest') = {2 * count}
            AND NOT EXISTS (SELECT FROM notice WHERE message_id IS NULL) AND (SELECT count(*) FROM notice) = {2 * count})::int"""),
    ]), lambda: f"{marks}", 600)
    for name, seconds in marks.items():
        print(f"  {name:<22} after {seconds:6.1f} s   {count / seconds:9.0f} duties/s")
    print(f"  memory of the notifier {d.memory_mib('notifier'):6.0f} MiB")
    waiting = d.sql("EXPLAIN (ANALYZE, TIMING OFF) SELECT count(*) FROM step WHERE state = 'waiting' AND due_at <= now()")[-1][0]
    print(f"  auditor's query over {2 * count} steps: {waiting}")


def latency(d, rate, seconds):
    """Sends late dossiers at a rate and takes the moment at which each is on the feed."""
    import zmq
    secrets = d.dir / "secrets"
    key = lambda name: (secrets / name).read_text().strip().encode()
    context = zmq.Context()
    feed = context.socket(zmq.SUB)
    feed.curve_serverkey, feed.curve_secretkey, feed.curve_publickey = key("notifier.pub"), key("sender.key"), key("sender.pub")
    feed.connect(d.settings["notifier.feed"])
    feed.subscribe("letter.owed/")
    sender = context.socket(zmq.DEALER)
    sender.curve_serverkey, sender.curve_secretkey, sender.curve_publickey = key("ingest.pub"), key("sender.key"), key("sender.pub")
    sender.connect(d.settings["ingest.endpoint"])
    wait_until(lambda: feed.poll(200) or d.value("SELECT true"), "the feed")
    sent, heard, ended = {}, {}, threading.Event()

    def listen():
        while not ended.is_set():
            if feed.poll(100):
                body = feed.recv_multipart()[2]
                if body != b"HUGZ":
                    heard[json.loads(body)["dossier"]] = time.monotonic()

    listener = threading.Thread(target=listen)
    listener.start()
    start = time.monotonic()
    for n in range(int(rate * seconds)):
        name = f"live-{rate}-{n}"
        pause = start + n / rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        event = {"specversion": "1.0", "id": name, "source": "urn:bench:a", "type": "vn.kipthoi.dossier.received.v1",
                 "time": "2026-06-01T09:00:00+07:00",
                 "data": {"dossier": name, "unit": f"P{n % 50:02}", "due": "2026-06-09T10:00:00+07:00"}}
        sent[name] = time.monotonic()
        sender.send_multipart([b"", f"KTP/1 EVENT {n + 1}".encode(), json.dumps(event).encode()])
        while sender.poll(0):
            sender.recv_multipart()
    wait_until(lambda: len(heard) >= len(sent), lambda: f"{len(heard)} of {len(sent)} alerts came", 60)
    ended.set()
    listener.join()
    delays = sorted((heard[name] - sent[name]) * 1000 for name in sent)
    pick = lambda share: delays[min(len(delays) - 1, int(len(delays) * share))]
    print(f"  event to alert at {rate}/s: median {pick(.5):.0f} ms, p99 {pick(.99):.0f} ms, most {delays[-1]:.0f} ms ({len(delays)} events)")
    context.destroy(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--duties", type=int, default=100000)
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--bin", default=ROOT / "build/release/bin")
    choice = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kipthoi-bench.")
    subprocess.run([ROOT / "tests/support/cluster.sh", "start", folder, "--sync"], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cluster = Cluster(folder, private=True)
    with cluster.connect() as connection:
        connection.execute("ALTER SYSTEM SET shared_buffers = '512MB'")
    cluster.immediate()
    cluster.resume()
    try:
        settings = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": NOW, "notifier.group_wait": "2s",
                    "notifier.group_interval": "5s", "notifier.poll": "20ms", "scorer.poll": "20ms"}
        # Messages wait for more, as they do by default; nothing else is under way.
        quiet = {**settings, "notifier.group_wait": "1m", "notifier.group_interval": "15m"}
        with Deployment(cluster, settings=quiet, binaries=choice.bin) as d:
            d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
            d.start()
            recipients(d, choice.units)
            for rate in (choice.rate // 4, choice.rate):
                latency(d, rate, choice.seconds)
        with Deployment(cluster, settings=settings, binaries=choice.bin) as d:
            d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
            print(f"{choice.duties} duties over {choice.units} units, two recipients each, fsync on")
            throughput(d, choice.duties, choice.units)
    finally:
        cluster.destroy()


if __name__ == "__main__":
    main()
