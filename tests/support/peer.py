# SPDX-License-Identifier: MIT
"""Senders written by hand: one that writes its own frames, and an honest one that works beside others' attacks."""
import json
import os
import re
import threading
import time

import zmq

from deployment import ROOT, finished


class Peer:
    """A sender that writes its own frames; options: {zmq option: value}, set before it connects."""

    def __init__(self, d, kind=zmq.DEALER, keys=None, options=None):
        self.d = d
        self.context = zmq.Context()
        self.socket = self.context.socket(kind)
        self.kind = kind
        self.socket.linger = 0
        self.socket.rcvtimeo = 20000
        for option, value in (options or {}).items():
            self.socket.setsockopt(option, value)
        self.socket.curve_serverkey = (d.dir / "secrets/ingest.pub").read_bytes().strip()
        public, secret = keys or ((d.dir / "secrets/sender.pub").read_bytes().strip(),
                                  (d.dir / "secrets/sender.key").read_bytes().strip())
        self.socket.curve_publickey, self.socket.curve_secretkey = public, secret
        self.socket.connect(d.settings["sender.endpoint"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()
        self.context.term()

    def send(self, *frames):
        delimiter = [] if self.kind == zmq.REQ else [b""]
        self.socket.send_multipart(delimiter + [f if isinstance(f, bytes) else f.encode() for f in frames])

    def receive(self):
        frames = self.socket.recv_multipart()
        if self.kind != zmq.REQ:
            assert frames.pop(0) == b"", frames
        return [frame.decode() for frame in frames]

    def ask(self, *frames):
        self.send(*frames)
        return self.receive()

    def events(self, events, tag=1):
        """Sends events and returns an answer line for each."""
        lines = [e if isinstance(e, (bytes, str)) else json.dumps(e) for e in events]
        body = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        header, answers = self.ask(f"KTP/1 EVENTS {tag}", body)
        assert header.startswith(f"KTP/1 REPLY {tag} window="), header
        answers = answers.splitlines()
        assert len(answers) == len(events), answers
        return answers


class Honest(threading.Thread):
    """Sends one event after another, each until it is accepted, and remembers how long each took."""

    ANSWER_S = 10  # docs/protocol.md: a request not answered within 10 s is sent again

    def __init__(self, d, keys=None):
        super().__init__(daemon=True)
        self.d = d
        self.keys = keys
        self.accepted = []  # (when it was accepted, seconds it took)
        self.resent = 0
        self.trouble = None
        self._ending = False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ending = True
        self.join(60)
        assert not self.is_alive(), "the honest sender is not answered"
        assert self.trouble is None, self.trouble

    def run(self):
        try:
            with Peer(self.d, keys=self.keys) as peer:
                peer.socket.rcvtimeo = self.ANSWER_S * 1000
                while not self._ending:
                    self._send_one(peer)
                    time.sleep(0.002)
        except Exception as trouble:  # pylint: disable=broad-except
            self.trouble = repr(trouble)

    def _send_one(self, peer):
        number = len(self.accepted)
        body = json.dumps(finished(f"H{number}", source="urn:honest"))
        from_s = time.monotonic()
        while True:
            peer.send(f"KTP/1 EVENT {number + 1}", body)
            try:
                # An answer to what was sent before and given up may still come.
                while (answer := peer.receive())[0].split()[2] != str(number + 1):
                    pass
            except zmq.Again:
                self.resent += 1
                continue
            if answer[1].split()[0] in ("accepted", "duplicate"):
                break
            assert answer[1].startswith("busy "), answer
            self.resent += 1
            time.sleep(0.1)
        now_s = time.monotonic()
        self.accepted.append((now_s, now_s - from_s))

    def wait_accepted(self, more, timeout):
        """Waits until so many more events were accepted."""
        target = len(self.accepted) + more
        deadline = time.monotonic() + timeout
        while len(self.accepted) < target:
            assert self.trouble is None, self.trouble
            assert time.monotonic() < deadline, f"{target - len(self.accepted)} of {more} not accepted in {timeout} s"
            time.sleep(0.01)

    def p99_ms(self, from_s, to_s):
        took = sorted(took for when, took in self.accepted if from_s <= when <= to_s)
        return 1000 * took[int(len(took) * 0.99)] if took else float("nan")


def memory_max_mib(program="ingest"):
    """What the unit allows the program."""
    unit = (ROOT / f"deploy/systemd/kipthoi-{program}.service").read_text()
    return int(re.search(r"^MemoryMax=(\d+)M$", unit, re.M).group(1))


def run_attacks(d, honest, attacks):
    """
    Runs attacks, functions of the deployment, while an honest sender works, and states what they did to it: it is
    served at the latest 10 s after the attack's end, and memory stays below what the unit allows (not under sanitizers,
    which keep what was freed).
    """
    honest.wait_accepted(200, 60)
    for attack in attacks:
        from_s = time.monotonic()
        attack(d)
        end_s = time.monotonic()
        honest.wait_accepted(1, Honest.ANSWER_S)
        back_s = time.monotonic()
        honest.wait_accepted(200, 60)
        print(f"{attack.__name__}: {end_s - from_s:.1f} s; most memory {d.memory_mib('ingest'):.0f} MiB; honest p99 "
              f"{honest.p99_ms(from_s, end_s):.1f} ms meanwhile, "
              f"{honest.p99_ms(back_s, time.monotonic()):.1f} ms after; served again after {back_s - end_s:.2f} s; "
              f"cut {d.metrics('ingest')['kipthoi_ingest_connections_cut_total']:.0f}", flush=True)
        if "KIPTHOI_TEST_SANITIZED" not in os.environ:
            assert d.memory_mib("ingest") < memory_max_mib(), attack.__name__


def assert_all_is_there(d, honest, others=0):
    """Everything the honest sender was told to be accepted is in the ledger once, and nothing but what others may."""
    stored = d.value("SELECT count(*) FROM event e JOIN source s USING (source_id) WHERE s.name = 'urn:honest'")
    assert stored == len(honest.accepted), (stored, len(honest.accepted))
    assert d.value("SELECT count(*) FROM event") == stored + others
