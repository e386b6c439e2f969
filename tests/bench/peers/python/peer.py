#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer in Python: pyzmq takes the events, psycopg stores them by COPY batches.

Speaks as much of KTP/1 (docs/protocol.md) as `kipthoi send` needs, with CURVE and an allow-list, and answers after COMMIT.
What waits is taken as one transaction: new events by COPY and ON CONFLICT DO NOTHING, the dossiers they touch read, folded
here and written back the same way, counters by differences.

    peer.py PORT NOW ZONE KEYS    PG* variables name the database; KEYS is a folder with ingest.key, ingest.pub, sender.pub
"""
import collections
import datetime
import json
import pathlib
import sys

import psycopg
import zmq
import zmq.auth.thread

BATCH = 5000    # most events of a transaction
WELCOME = b"KTP/1 WELCOME window=8000 event_bytes=65536 batch=1000 heartbeat_ms=5000 request_bytes=1048576"
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "excluded")

SCRATCH = """
CREATE TEMP TABLE new_event (source text COLLATE "C", id text COLLATE "C", payload text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE new_dossier (LIKE dossier) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE new_count (LIKE day_count) ON COMMIT DELETE ROWS;
"""
STORE_EVENTS = """
INSERT INTO event (source, id, payload)
SELECT source, id, payload FROM new_event ORDER BY source, id ON CONFLICT DO NOTHING RETURNING source, id"""
READ_DOSSIERS = """
SELECT d.source, d.code, d.unit, d.field, d.received, d.due, d.due_told, d.finished, d.finished_told, d.last_time, d.class, d.day
FROM unnest(%s::text[], %s::text[]) k (source, code) JOIN dossier d USING (source, code)"""
STORE_DOSSIERS = """
INSERT INTO dossier SELECT * FROM new_dossier ON CONFLICT (source, code) DO UPDATE SET
    unit = excluded.unit, field = excluded.field, received = excluded.received, due = excluded.due, due_told = excluded.due_told,
    finished = excluded.finished, finished_told = excluded.finished_told, last_time = excluded.last_time,
    class = excluded.class, day = excluded.day"""
STORE_COUNTS = """
INSERT INTO day_count AS c SELECT * FROM new_count ORDER BY day, unit, field ON CONFLICT (day, unit, field) DO UPDATE SET
    """ + ", ".join(f"{name} = c.{name} + excluded.{name}" for name in CLASSES)


class Dossier:
    """What is known of a dossier."""
    __slots__ = ("source", "code", "unit", "field", "received", "due", "due_told", "finished", "finished_told", "last_time",
                 "verdict", "day")

    def __init__(self, *row):
        for name, value in zip(self.__slots__, row):
            setattr(self, name, value)

    def fold(self, time, data):
        moment = datetime.datetime.fromisoformat
        if "unit" in data:
            self.unit = data["unit"]
        if "field" in data:
            self.field = data["field"]
        if "received" in data:
            self.received = moment(data["received"])
        if "due" in data and (self.due is None or time < self.due_told):
            self.due, self.due_told = moment(data["due"]), time
        if "finished" in data and (self.finished is None or time >= self.finished_told):
            self.finished, self.finished_told = moment(data["finished"]), time
        if time > self.last_time:
            self.last_time = time

    def judge(self, now, zone):
        """Sets the verdict and the day it counts on."""
        at = self.received or self.last_time
        if self.due is None:
            self.verdict = "excluded"
        elif self.finished is not None:
            at = self.finished
            if at > self.due:
                self.verdict = "late"
            else:
                self.verdict = "early" if at.astimezone(zone).date() < self.due.astimezone(zone).date() else "on_time"
        elif now > self.due:
            self.verdict, at = "overdue", self.due
        else:
            self.verdict = "in_time"
        self.day = at.astimezone(zone).date()

    def line(self):
        """The row as COPY takes it."""
        return "\t".join("\\N" if (value := getattr(self, name)) is None else str(value) for name in self.__slots__) + "\n"


class Store:
    """The database's side."""

    def __init__(self, now, zone):
        self.now, self.zone = now, zone
        self.connection = psycopg.connect(application_name="peer", autocommit=True)
        self.connection.execute(SCRATCH)
        # Plans of statements that come again and again are kept from the first time on.
        self.connection.prepare_threshold = 0

    def append(self, payloads):
        """Stores a batch of JSON texts in one transaction and returns for each whether it was new."""
        events = [json.loads(payload) for payload in payloads]
        with self.connection.transaction(), self.connection.cursor(binary=True) as cursor:
            self._copy(cursor, "new_event", (f"{event['source']}\t{event['id']}\t{_escape(payload)}\n"
                                             for event, payload in zip(events, payloads)))
            fresh = set(cursor.execute(STORE_EVENTS).fetchall())
            taken = []
            for event in events:
                key = (event["source"], event["id"])
                taken.append(key in fresh)
                fresh.discard(key)
            self._score(cursor, [event for event, new in zip(events, taken) if new])
        return taken

    def _score(self, cursor, events):
        keys = {(event["source"], event["data"]["dossier"]) for event in events}
        rows = cursor.execute(READ_DOSSIERS, [[key[0] for key in keys], [key[1] for key in keys]])
        dossiers = {row[:2]: Dossier(*row) for row in rows}
        change = collections.defaultdict(lambda: dict.fromkeys(CLASSES, 0))
        for dossier in dossiers.values():
            change[dossier.day, dossier.unit, dossier.field][dossier.verdict] -= 1
        for event in events:
            key = event["source"], event["data"]["dossier"]
            time = datetime.datetime.fromisoformat(event["time"])
            if key not in dossiers:
                dossiers[key] = Dossier(*key, "", "", None, None, None, None, None, time)
            dossiers[key].fold(time, event["data"])
        for dossier in dossiers.values():
            dossier.judge(self.now, self.zone)
            change[dossier.day, dossier.unit, dossier.field][dossier.verdict] += 1
        self._copy(cursor, "new_dossier", (dossier.line() for dossier in dossiers.values()))
        cursor.execute(STORE_DOSSIERS)
        self._copy(cursor, "new_count", (f"{day}\t{unit}\t{field}\t" + "\t".join(map(str, counts.values())) + "\n"
                                         for (day, unit, field), counts in change.items() if any(counts.values())))
        cursor.execute(STORE_COUNTS)

    @staticmethod
    def _copy(cursor, table, lines):
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write("".join(lines))


def _escape(payload):
    """COPY's text format: a backslash is the one character of compact JSON that it reads otherwise."""
    return payload.replace("\\", "\\\\").replace("\t", "\\t")


class Allowed:
    """The allow-list."""

    def __init__(self, *keys):
        self.keys = keys

    def callback(self, _domain, key):
        return key in self.keys


def serve(router, store):
    while True:
        waiting, payloads = [], []
        router.poll()
        while len(payloads) < BATCH and router.poll(0):
            sender, _, header, *body = router.recv_multipart()
            words = header.split()
            if words[1] == b"HELLO":
                router.send_multipart([sender, b"", WELCOME])
            elif words[1] == b"PING":
                router.send_multipart([sender, b"", b"KTP/1 PONG - window=8000"])
            else:
                lines = body[0].decode().splitlines()
                waiting.append((sender, words[2] if len(words) > 2 else b"-", len(lines)))
                payloads += lines
        if payloads:
            answers = iter(store.append(payloads))
            for sender, tag, count in waiting:
                lines = "".join("accepted\n" if next(answers) else "duplicate\n" for _ in range(count))
                router.send_multipart([sender, b"", b"KTP/1 REPLY " + tag + b" window=8000", lines.encode()])


def main():
    port, now, zone, keys = sys.argv[1:]
    keys = pathlib.Path(keys)
    now = datetime.datetime.fromisoformat(now)
    zone = datetime.timezone(datetime.timedelta(hours=int(zone)))
    context = zmq.Context()
    guard = zmq.auth.thread.ThreadAuthenticator(context)
    guard.start()
    guard.configure_curve_callback(domain="peer", credentials_provider=Allowed((keys / "sender.pub").read_bytes().strip()))
    router = context.socket(zmq.ROUTER)
    router.curve_server, router.zap_domain = True, b"peer"
    router.curve_secretkey, router.curve_publickey = ((keys / name).read_bytes().strip() for name in ("ingest.key", "ingest.pub"))
    store = Store(now, zone)
    router.bind(f"tcp://127.0.0.1:{port}")
    print("ready", flush=True)
    serve(router, store)


if __name__ == "__main__":
    main()
