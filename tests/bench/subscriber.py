# SPDX-License-Identifier: MIT
"""A one-stop shop and a listener in one: sends single events and hears the alert feed, over CURVE."""
import json

import zmq


class Subscriber:
    def __init__(self, d):
        key = lambda name: (d.dir / "secrets" / name).read_bytes().strip()
        self.context = zmq.Context()
        self.feed = self._socket(zmq.SUB, key("notifier.pub"), key, d.settings["notifier.feed"])
        self.sender = self._socket(zmq.DEALER, key("ingest.pub"), key, d.settings["ingest.endpoint"])

    def _socket(self, kind, server, key, endpoint):
        socket = self.context.socket(kind)
        socket.curve_serverkey, socket.curve_secretkey, socket.curve_publickey = server, key("sender.key"), key("sender.pub")
        socket.linger = 0
        socket.connect(endpoint)
        return socket

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.destroy(0)

    def listen(self, topic):
        """Subscribes, and returns when the feed is heard: each topic is repeated every notifier.keepalive."""
        self.feed.subscribe("")
        assert self.feed.poll(60000), "nothing on the feed within 60 s"
        self.feed.unsubscribe("")
        self.feed.subscribe(topic)

    def send(self, event):
        self.sender.send_multipart([b"", b"KTP/1 EVENT 1", json.dumps(event).encode()])

    def answered(self):
        """True when an answer came; it must be that the event is stored."""
        if not self.sender.poll(0):
            return False
        answer = self.sender.recv_multipart()[-1]
        assert answer == b"accepted\n", answer
        return True

    def heard(self, dossier, wait_ms):
        """True when an alert about the dossier came."""
        while self.feed.poll(wait_ms):
            body = self.feed.recv_multipart()[2]
            if body.startswith(b"{") and json.loads(body).get("dossier") == dossier:
                return True
        return False
