# SPDX-License-Identifier: MIT
"""Late dossiers at a steady pace: how long each takes from the moment it was due to be sent until its alert is on the feed."""
import json
import threading
import time

from subscriber import Subscriber
from stand import wait_until


class _Listener(threading.Thread):
    """Remembers when the alert of each dossier was heard."""

    def __init__(self, feed):
        super().__init__(daemon=True)
        self.feed = feed
        self.at_s = {}
        self.ended = False

    def run(self):
        while not self.ended:
            if self.feed.poll(100):
                body = self.feed.recv_multipart()[2]
                if body.startswith(b"{"):
                    self.at_s[json.loads(body)["dossier"]] = time.monotonic()


def alert_times_ms(d, event_of, rate, seconds):
    """event_of(number) is a late dossier's receipt, its dossier's name being new.  Returns milliseconds, one a dossier."""
    due_s = {}
    with Subscriber(d) as subscriber:
        subscriber.listen("letter.owed/")
        listener = _Listener(subscriber.feed)
        listener.start()
        start_s = time.monotonic()
        for number in range(rate * seconds):
            event = event_of(number)
            due_s[event["data"]["dossier"]] = at_s = start_s + number / rate
            time.sleep(max(0, at_s - time.monotonic()))
            subscriber.send(event)
            while subscriber.answered():
                pass
        wait_until(lambda: len(listener.at_s) >= len(due_s), lambda: f"{len(listener.at_s)} of {len(due_s)} alerts came", 120)
        listener.ended = True
        listener.join()
    return [(listener.at_s[name] - at_s) * 1000 for name, at_s in due_s.items()]
