# SPDX-License-Identifier: MIT
"""What a seed decides: the harm that is done, what is sent, by whom and in what order.  The same for the same seed; the moments
at which things happen are the machine's."""
import datetime
import json
import random

SENDERS = 4
NOW = "2016-01-13T03:00:00-05:00"       # the deployment's clock stands there
OPENED = datetime.datetime.fromisoformat("2015-02-02T09:00:00-05:00")
DAY = datetime.timedelta(days=1)

# stage, point of common/fault.h, and the largest number of times that a stage comes to it in nearly every run.
POINTS = [
    ("ingest", "ingest-received", 20),
    ("ingest", "ingest-registered", 1),
    ("ingest", "ingest-sent", 20),
    ("ingest", "ingest-committed", 20),
    ("ingest", "ingest-answered", 30),
    ("scorer", "scorer-locked", 8),
    ("scorer", "scorer-read", 8),
    ("scorer", "scorer-folded", 8),
    ("scorer", "scorer-counted", 8),
    ("scorer", "scorer-moved", 8),
    ("scorer", "scorer-committed", 8),
    ("scorer", "sent", 120),
    ("scorer", "statement", 120),
    ("notifier", "notifier-stored", 4),
    ("notifier", "notifier-committed", 4),
    ("notifier", "notifier-turn-stored", 2),
    ("notifier", "notifier-turn-committed", 2),
    ("notifier", "sent", 160),
    ("notifier", "statement", 160),
]
STAGES = ("ingest", "scorer", "notifier")
# Every harm there is; a seed has the one in its turn, so that any run of consecutive seeds has each about as often.
HARMS = ([("point", stage, point) for stage, point, _ in POINTS] + [("moment", stage, None) for stage in STAGES] +
         [("backend", stage, None) for stage in STAGES] + [("backend after commit", stage, None) for stage in STAGES] +
         [("cut after commit", stage, None) for stage in STAGES] + [("postmaster", None, None)])
MOST = {(stage, point): most for stage, point, most in POINTS}


class Plan:
    """kind, stage, point, nth: the harm.  request: most events of a request.  shares: for each sender what it sends, [(id, bytes)] with repetitions."""

    def __init__(self, seed):
        self.seed = seed
        self.chance = random.Random(seed)
        self.kind, self.stage, self.point = HARMS[seed % len(HARMS)]
        # Sixteen seeds of 48 send in bulk, so that over 96 each harm meets both: a batch of many is stored in another way.
        self.is_bulk = seed // 16 % 3 == 1
        self.request = 600 if self.is_bulk else 12
        most = MOST.get((self.stage, self.point), 1)
        self.nth = self.chance.randint(1, min(most, 2) if self.is_bulk and self.stage == "ingest" else most) if self.point else None
        self.delay_s = self.chance.uniform(0, 0.4)
        self.pause_s = self.chance.uniform(0, 0.3)      # until what died is started again
        self.source = f"urn:fault:{seed}"
        self.unit = f"S{seed}"
        self.sent = {}      # id -> the contents that are sent under it
        for number in range(self.chance.randint(500, 700) if self.is_bulk else self.chance.randint(100, 180)):
            self._dossier(f"D{number}")
        self.shares = self._deal()

    def harm(self):
        what = {"point": f"dies at {self.point}", "moment": "dies at any moment", "backend": "its server process dies",
                "backend after commit": "its server process dies after commit, before the reply",
                "cut after commit": "its connection is cut after commit, before the reply", "postmaster": "the whole server dies"}
        return f"{self.stage}: {what[self.kind]}" if self.stage else what[self.kind]

    def _event(self, name, what, time, **data):
        body = {"specversion": "1.0", "id": name, "source": self.source, "type": f"vn.kipthoi.dossier.{what}.v1",
                "time": time.isoformat(), "data": {"dossier": name.split("/")[0], "unit": self.unit, **data}}
        self.sent.setdefault(name, []).append(json.dumps(body).encode())

    def _dossier(self, code):
        chance = self.chance
        received = OPENED + DAY * chance.uniform(0, 200)
        due = received + DAY * chance.choice((5, 20, 60))
        if chance.random() < 0.2:
            due = datetime.datetime.fromisoformat(NOW) + DAY * chance.uniform(1, 30)
        told = {} if chance.random() < 0.05 else {"due": due.isoformat()}
        self._event(f"{code}/received", "received", received, received=received.isoformat(), **told)
        if told and chance.random() < 0.1:      # the same id, another content
            self._event(f"{code}/received", "received", received, received=received.isoformat(), due=(due + 25 * DAY).isoformat())
        if chance.random() < 0.6:
            self._finish(code, "finished", received, due)
            if chance.random() < 0.4:           # a correction: a new event, told later
                self._finish(code, "corrected", received + 100 * DAY, due)

    def _finish(self, code, name, told, due):
        finished = min(due + DAY * self.chance.uniform(-4, 4), datetime.datetime.fromisoformat(NOW) - DAY)
        for _ in range(2 if self.chance.random() < 0.1 else 1):
            self._event(f"{code}/{name}", "finished", max(told, OPENED) + DAY, finished=finished.isoformat())
            finished -= 9 * DAY

    def _deal(self):
        """Each event to one sender or to two, some twice to the same, in an order of its own."""
        shares = [[] for _ in range(SENDERS)]
        for name, contents in self.sent.items():
            for content in contents:
                for sender in self.chance.choices(range(SENDERS), k=self.chance.choice((1, 1, 1, 2, 3))):
                    shares[sender].append((name, content))
        for share in shares:
            self.chance.shuffle(share)
        return shares


def verdicts(stored):
    """{class: dossiers} that the stored contents ({id: bytes}) add up to, kept for early and on_time: docs/rules.md for what a plan
    sends, in a few lines.  The first due is the promise, the finish told last counts."""
    dossiers = {}
    for name, content in stored.items():
        event = json.loads(content)
        dossiers.setdefault(name.split("/")[0], []).append((datetime.datetime.fromisoformat(event["time"]), name, event["data"]))
    counts = {"kept": 0, "late": 0, "overdue": 0, "in_time": 0, "excluded": 0}
    now = datetime.datetime.fromisoformat(NOW)
    for events in dossiers.values():
        told = [data for _, _, data in sorted(events, key=lambda event: event[:2])]
        due = next((datetime.datetime.fromisoformat(data["due"]) for data in told if "due" in data), None)
        finishes = [datetime.datetime.fromisoformat(data["finished"]) for data in told if "finished" in data]
        if due is None:
            counts["excluded"] += 1
        elif finishes:
            counts["late" if finishes[-1] > due else "kept"] += 1
        else:
            counts["overdue" if due < now else "in_time"] += 1
    return counts
