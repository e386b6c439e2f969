# SPDX-License-Identifier: MIT
"""An upstream that goes on sending whatever becomes of the service, and what the service owes it while something hangs.

    with Upstream(d) as upstream:
        hang(d, upstream, hold, release, held_s=8)  # says "not ready", answers busy, comes back in time
    upstream.check()                                # everything got its answer, nothing is lost, the audit agrees
"""
import json
import re
import time

from deployment import STAGES, Cluster, Deployment, finished, wait_until
from senders import Sender

# What is promised (docs/reliability.md): "not ready" so long after something began to hang, work so long after it let go.
PROMISED_S = 5
FINAL_S = 60
# Tables whose rows are written in place, over and over.
REWRITTEN = ["scorer_cursor", "notifier_cursor", "intake", "intake_worker", "day_tally", "month_tally", "alert_topic"]


def scene(cluster=None, **settings):
    d = Deployment(cluster, {"deployment.clock": "system", **settings})
    d.expect_error("DB-RETRY", "DB-LOST")
    return d


def private(test, **settings):
    """test(d) with a cluster that may be hurt."""
    cluster = Cluster.start_private()
    try:
        with scene(cluster, **settings) as d:
            d.start()
            test(d)
    finally:
        cluster.destroy()


def dossier_of(name):
    """Of an event's id: a dossier has one event here."""
    return name.removesuffix("-finished")


class Upstream(Sender):
    """Sends a new event again and again."""

    FLIGHTS = 40
    PATIENCE_S = (10, 10)       # the protocol's
    GAP_S = 0.06

    def __init__(self, d, event=None, keys=None, first=20):
        """event(number): what is sent, keys: the folder with the sender's, first: so many are accepted before it begins."""
        super().__init__(d, [], "upstream", float("inf"), keys, request=1)
        self.first = first
        self.event = event or (lambda number: finished(f"D{number}", due="2015-05-20T00:00:00-04:00"))
        self.ending = False
        self.made = {}          # id -> content, in the order made
        self.times = []         # (when, word, sentence) of each answer

    def __enter__(self):
        self.start()
        wait_until(lambda: len(self.stored) >= self.first, "the first events are accepted")
        return self

    def __exit__(self, *_):
        self.ending = True
        self.deadline = time.monotonic() + FINAL_S
        self.join()

    def wants(self):
        if not self.todo and not self.ending and len(self.flights) < self.FLIGHTS:
            event = self.event(len(self.made))
            self.made[event["id"]] = json.dumps(event).encode()
            self.todo.append((event["id"], self.made[event["id"]]))
        return bool(self.todo)

    def note(self, event, answer):
        word, _, rest = answer.partition(" ")
        self.times.append((time.monotonic(), word, rest))
        super().note(event, answer)

    def busy_since(self, moment):
        """The first answer since then that says busy: (when, code, sentence)."""
        for when, word, rest in self.times:
            if when >= moment and word == "busy":
                code, fault, sentence = rest.split(" ", 2)
                assert fault == "server", rest
                return when, code, sentence
        return None

    def wait_new(self):
        """An event made from now on is accepted; returns its id."""
        known = len(self.made)

        def accepted():
            stored = {name for name, _ in list(self.stored)}
            return next((name for name in list(self.made)[known:] if name in stored), None)
        return wait_until(accepted, "a new event is accepted", FINAL_S)

    def check(self):
        """In the end: everything was answered, what was acknowledged is stored as it was sent, nothing else is."""
        assert self.strange == [], self.strange
        unanswered = set(self.made.items()) - self.stored
        assert not unanswered, f"{len(unanswered)} events were not accepted, e.g. {min(unanswered)[0]}"
        self.d.wait_settled()
        rows = {(name, bytes(content)) for name, content in self.d.sql("""SELECT event_id, convert_to(payload, 'UTF8')
            FROM event WHERE event_id LIKE 'D%%'""")}
        assert rows == self.stored, f"lost {len(self.stored - rows)}, unexpected {len(rows - self.stored)}"
        self.d.audit()
        print(f"  {len(rows)} events sent, stored and acknowledged; answered busy {self.busy} times")


def wait_not_ready(d, stages, begin):
    """Each of the stages says so by itself: no answer at all does not count."""
    took = {}
    for stage in stages:
        wait_until(lambda: d.readiness(stage, 1) == 503, f"{stage} says that it is not ready", FINAL_S)
        took[stage] = time.monotonic() - begin
    return took


def wait_back(d, upstream, begin):
    """Every stage is ready and has done its part for a new event; returns the seconds since begin."""
    for stage in STAGES:
        d.wait_ready(stage)
    code = dossier_of(upstream.wait_new())
    wait_until(lambda: d.value("""SELECT EXISTS (SELECT FROM dossier WHERE code = %s)
            AND NOT EXISTS (SELECT FROM verdict_change v, notifier_cursor n
                WHERE v.code = %s AND NOT pg_visible_in_snapshot(v.xid, n.snapshot))""", code, code),
               f"{code} is scored and seen by the notifier", FINAL_S)
    return time.monotonic() - begin


def hang(d, upstream, hold, release, held_s, not_ready=STAGES, busy=True):
    """hold() makes something hang for held_s, release() ends it."""
    begin = time.monotonic()
    hold()
    late = [(f"{stage} not ready", took) for stage, took in wait_not_ready(d, not_ready, begin).items()]
    if busy:
        when, code, sentence = wait_until(lambda: upstream.busy_since(begin), "an event is answered busy", FINAL_S)
        assert re.search(r"again after \d+ ms", sentence), sentence
        late.append((f"busy {code}", when - begin))
    time.sleep(max(0.0, begin + held_s - time.monotonic()))
    release()
    late.append(("back", wait_back(d, upstream, time.monotonic())))
    print(f"  held {held_s} s: " + ", ".join(f"{what} after {took:.1f} s" for what, took in late), flush=True)
    for what, took in late:
        assert took <= PROMISED_S, f"{what} after {took:.1f} s"


def work_for(d, upstream, held_s):
    """For so long all goes on; returns the longest time that a new event took through all stages."""
    begin, slowest_s = time.monotonic(), 0.0
    while time.monotonic() < begin + held_s:
        slowest_s = max(slowest_s, wait_back(d, upstream, time.monotonic()))
        d.sql(f"VACUUM {', '.join(REWRITTEN)}")
        time.sleep(1)       # all this is to go on beside the work, not to be it
    return slowest_s
