# SPDX-License-Identifier: MIT
"""Senders of KTP/1 (docs/protocol.md) that know nothing of the faults: they send again what is not answered, and remember what was."""
import collections
import random
import threading
import time

import zmq

BUSY_S = 0.1


class Sender(threading.Thread):
    """Sends share, [(id, bytes)], until each has an answer that is final, or until the deadline."""

    FLIGHTS = 2             # requests under way
    PATIENCE_S = (0.4, 3.0) # with an answer, at first and at most; the protocol's 10 s would only make the test longer
    GAP_S = 0.03            # longest pause between two requests

    def __init__(self, d, share, seed, deadline, keys=None, request=12):
        super().__init__(daemon=True)
        self.d = d
        self.keys = keys or d.dir / "secrets"
        self.todo = collections.deque(share)
        self.chance = random.Random(seed)
        self.request = request      # most events of one
        self.deadline = deadline
        self.flights = {}       # tag -> (events, when sent)
        self.tag = 0
        self.patience_s = self.PATIENCE_S[0]
        self.send_at = 0.0
        self.stored = set()     # answered accepted or duplicate
        self.conflicts = set()
        self.strange = []       # answers that must not come
        self.again = 0          # requests sent again
        self.busy = 0
        self.socket = None

    def run(self):
        try:
            self.open()
            while (self.wants() or self.flights) and time.monotonic() < self.deadline:
                self.send()
                if self.socket.poll(20):
                    self.receive()
                self.lose_patience()
        finally:
            self.socket.close()

    def wants(self):
        """Whether there is something to send."""
        return bool(self.todo)

    def open(self):
        server, public, secret = (path.read_bytes().strip() for path in (
            self.d.dir / "secrets/ingest.pub", self.keys / "sender.pub", self.keys / "sender.key"))
        if self.socket:
            self.socket.close()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger, self.socket.immediate, self.socket.sndtimeo = 0, 1, 20
        self.socket.reconnect_ivl, self.socket.reconnect_ivl_max = 20, 100
        self.socket.curve_serverkey, self.socket.curve_publickey, self.socket.curve_secretkey = server, public, secret
        self.socket.connect(self.d.settings["sender.endpoint"])

    def send(self):
        now = time.monotonic()
        if not self.wants() or len(self.flights) >= self.FLIGHTS or now < self.send_at:
            return
        events = [self.todo.popleft() for _ in range(min(len(self.todo), self.chance.randint(1, self.request)))]
        self.tag += 1
        try:
            self.socket.send_multipart([b"", b"KTP/1 EVENTS %d" % self.tag, b"\n".join(content for _, content in events)])
        except zmq.Again:       # nobody is there
            self.todo.extendleft(reversed(events))
            return
        self.flights[self.tag] = (events, now)
        self.send_at = now + self.chance.uniform(0, self.GAP_S)

    def receive(self):
        frames = self.socket.recv_multipart()
        words = frames[1].decode().split()
        if words[1] != "REPLY":
            self.strange.append(frames[1].decode())
            return
        events, _ = self.flights.pop(int(words[2]), ((), 0))
        self.patience_s = self.PATIENCE_S[0]
        for event, answer in zip(events, frames[2].decode().splitlines()):
            self.note(event, answer)

    def note(self, event, answer):
        word = answer.split(" ", 1)[0]
        if word in ("accepted", "duplicate"):
            self.stored.add(event)
        elif word == "conflict":
            self.conflicts.add(event)
        elif word == "busy":
            self.busy += 1
            self.todo.append(event)
            self.send_at = time.monotonic() + BUSY_S
        else:
            self.strange.append(answer)

    def lose_patience(self):
        """On a new socket, as the old one may be at a server that died without a word."""
        if not any(time.monotonic() - sent > self.patience_s for _, sent in self.flights.values()):
            return
        self.again += len(self.flights)
        for events, _ in self.flights.values():
            self.todo.extend(events)
        self.flights.clear()
        self.patience_s = min(self.patience_s * 2, self.PATIENCE_S[1])
        self.open()
