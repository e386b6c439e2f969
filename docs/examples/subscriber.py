#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A subscriber of the alert feed that can prove it missed nothing (docs/feed.md).

Prints every alert once, in the order of its topic, as a line of JSON.  What was lost on the way, while this program
was down or while it was slow, is fetched from the replay.  Needs python3-zmq.
"""
import argparse
import json
import os
import sys
import time

import zmq

HUGZ = b"HUGZ"


class Gone(Exception):
    """The other side was silent for too long: connect anew."""


class Subscriber:
    def __init__(self, options):
        self.options = options
        self.context = zmq.Context()
        self.seen = self.load()  # topic: last number printed
        self.replayed = 0
        self.received = 0
        self.feed = None
        self.replay = None

    def load(self):
        if self.options.state and os.path.exists(self.options.state):
            with open(self.options.state, encoding="utf-8") as file:
                return json.load(file)
        return {}

    def save(self):
        if self.options.state:
            with open(self.options.state + ".new", "w", encoding="utf-8") as file:
                json.dump(self.seen, file)
            os.replace(self.options.state + ".new", self.options.state)

    def connect(self):
        """A key that was refused is not asked for again by libzmq, so new sockets are made, not kept."""
        for old in (self.feed, self.replay):
            if old is not None:
                old.close(0)
        self.feed = self.socket(zmq.SUB, self.options.feed)
        self.feed.subscribe(self.options.topic)
        self.replay = self.socket(zmq.REQ, self.options.replay)

    def socket(self, kind, endpoint):
        socket = self.context.socket(kind)
        socket.linger = 0
        if self.options.server_key:
            socket.curve_serverkey = key(self.options.server_key)
            socket.curve_secretkey = key(self.options.secret_key)
            socket.curve_publickey = key(self.options.public_key)
        socket.connect(endpoint)
        return socket

    def ask(self, *frames):
        """REQ adds the empty delimiter."""
        self.replay.send_multipart(frames)
        if not self.replay.poll(self.options.silence * 1000):
            raise Gone
        header, *rest = self.replay.recv_multipart()
        words = header.decode().split(" ")
        if words[1] == "ERROR":
            if words[2] == "BUSY":
                raise Gone
            sys.exit("replay: " + " ".join(words[2:]))
        return words[2:], rest

    def topics(self):
        """Every topic with our prefix, and its last number."""
        after, more = b"", "more"
        while more == "more":
            (_, more), (lines,) = self.ask(b"KTP/1 TOPICS", self.options.topic.encode(), after)
            for line in lines.splitlines():
                topic = json.loads(line)
                after = topic["topic"].encode()
                yield topic["topic"], topic["last"]

    def fill(self, topic):
        """Fetches what is missing of a topic, up to its last alert."""
        while True:
            first = self.seen.get(topic, 0) + 1
            (start, end, last), (_, lines) = self.ask(b"KTP/1 REPLAY %d" % first, topic.encode())
            for number, body in enumerate(lines.splitlines(), first):
                self.give(topic, number, body)
                self.replayed += 1
            if int(start) > first:
                sys.exit(f"{topic}: alerts {first} to {int(start) - 1} are no longer kept")
            if int(end) >= int(last):
                return

    def give(self, topic, number, body):
        alert = json.loads(body)
        if (alert["topic"], alert["seq"]) != (topic, number):
            sys.exit(f"{topic} {number}: the alert says {alert['topic']} {alert['seq']}")
        print(json.dumps(alert, ensure_ascii=False), flush=True)
        self.seen[topic] = number

    def take(self, topic, number, body):
        seen = self.seen.get(topic, 0)
        if body == HUGZ:
            if number > seen:
                self.fill(topic)
        elif number == seen + 1:
            self.give(topic, number, body)
            self.received += 1
        elif number > seen:
            self.fill(topic)

    def run(self):
        self.connect()
        # Subscribed first, asked second: what comes in between comes twice and is given once.
        for topic, last in list(self.topics()):
            if self.seen.get(topic, 0) > last:
                sys.exit(f"{topic}: the feed's numbers went back from {self.seen[topic]} to {last} (restored backup): "
                         "remove the state file to read everything again")
            if self.options.new_only and topic not in self.seen:
                self.seen[topic] = last
            self.fill(topic)
        self.save()
        until = time.monotonic() + self.options.seconds if self.options.seconds else None
        while until is None or time.monotonic() < until:
            if not self.feed.poll(min(self.options.silence, 1 if until else self.options.silence) * 1000):
                if until is None:
                    raise Gone
                continue
            topic, number, body = self.feed.recv_multipart()
            self.take(topic.decode(), int(number), body)
            self.save()

    def prove(self):
        """True when nothing up to each topic's last number is missing."""
        missing = {topic: last for topic, last in self.topics() if self.seen.get(topic, 0) != last}
        total = sum(self.seen.values())
        print(f"topics={len(self.seen)} alerts={total} from_feed={self.received} from_replay={self.replayed} "
              f"missing={len(missing)}", file=sys.stderr)
        return not missing


def key(path):
    with open(path, "rb") as file:
        return file.readline().strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feed", default="tcp://127.0.0.1:7701")
    parser.add_argument("--replay", default="tcp://127.0.0.1:7702")
    parser.add_argument("--topic", default="letter.", help="topics that begin so (default: all letters)")
    parser.add_argument("--server-key", help="file with the notifier's public key; without it no CURVE")
    parser.add_argument("--secret-key", help="file with our secret key")
    parser.add_argument("--public-key", help="file with our public key")
    parser.add_argument("--state", help="file that keeps how far we have come")
    parser.add_argument("--new-only", action="store_true", help="leave out what was said before the first start")
    parser.add_argument("--silence", type=float, default=30, help="seconds without a word before connecting anew")
    parser.add_argument("--seconds", type=float, help="stop after so long and prove it: exit 0 when nothing is missing")
    subscriber = Subscriber(parser.parse_args())
    while True:
        try:
            subscriber.run()
            return 0 if subscriber.prove() else 1
        except Gone:
            print("silence: connecting anew", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
