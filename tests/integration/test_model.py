# SPDX-License-Identifier: MIT
"""The scorer against tests/support/model.py, a second scorer written from docs/rules.md, on random streams of events.

Environment: KIPTHOI_MODEL_EVENTS, how many events each number of scorers gets (100000 for one, 50000 for two and for four;
the full run is a million); KIPTHOI_MODEL_SEED (1).
"""
import collections
import datetime
import os
import random
import sys
import tempfile

import generate
import model_fold
from deployment import Deployment, run_tests, wait_until
from model import Model

EVENTS = int(os.environ.get("KIPTHOI_MODEL_EVENTS") or os.environ.get("KIPTHOI_TEST_ROWS") or 0)
SEED = int(os.environ.get("KIPTHOI_MODEL_SEED") or 1)
SLICE = 10000
FULL_EVERY = 5      # checks between comparisons of all dossiers
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "paused", "excluded")
TEXTS = ("state", "promise", "portal", "intake")
DAYS = ("promise_day", "portal_day", "intake_day")
PLAIN = ("events", "flags", "pauses", "due_moves", "supplements", "calendar", "online", "broken", "reappointments", "last_sequence", "last_event_id", *DAYS)
MOMENTS = ("last_happened", "submitted_at", "received_at", "accepted_at", "due_first", "due_current", "finished_first",
           "finished_at", "returned_at", "refused_at", "stopped_at", "withdrawn_at", "told_at", "due_computed", "promise_due",
           "portal_due", "intake_due", "flips_at", "next_due")
NAMES = ("source", "code", "unit", "field", "procedure", *TEXTS, *PLAIN, *MOMENTS)
ROWS = f"""SELECT s.name, d.code, u.code, f.code, p.code, {", ".join(f"d.{name}::text" for name in TEXTS)},
    {", ".join(f"d.{name}" for name in PLAIN)}, {", ".join(f"(extract(epoch FROM d.{name}) * 1000000)::bigint" for name in MOMENTS)}
    FROM dossier d JOIN source s USING (source_id) JOIN unit u USING (unit_id) JOIN field f USING (field_id)
    JOIN procedure p USING (procedure_id)"""
PAUSES = """SELECT s.name, code, kind, (extract(epoch FROM from_at) * 1000000)::bigint,
    (extract(epoch FROM to_at) * 1000000)::bigint, reason FROM pause JOIN source s USING (source_id) ORDER BY source_id, code, n"""
PROMISES = """SELECT s.name, code, episode, (extract(epoch FROM due_at) * 1000000)::bigint FROM promise JOIN source s USING (source_id)
    ORDER BY source_id, code, episode"""
INDICATORS = """SELECT name, key, (extract(epoch FROM last_happened) * 1000000)::bigint, last_sequence, last_event_id, numerator,
    denominator FROM indicator JOIN source USING (source_id)"""
CELLS = f"""SELECT day, u.code, f.code, p.code, rule::text, {", ".join(CLASSES)}
    FROM day_count JOIN unit u USING (unit_id) JOIN field f USING (field_id) JOIN procedure p USING (procedure_id)"""


def new_model():
    return Model(generate.calendars(), generate.codes(), generate.rules(), generate.terms())


def iso(moment):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=moment)).isoformat() + "Z"


class Run:
    """A deployment and the model beside it, fed with the same events."""

    def __init__(self, deployment, scorers):
        self.d = deployment
        self.model = new_model()
        self.scorers = scorers
        self.texts = {}         # (source, dossier): events as sent, for the report of a difference
        with self.d.connect() as connection:
            generate.install(connection)
        self.d.kipthoi("rebuild", "--shards", str(scorers), "--yes", check=0)
        self.d.start("ingest", sets={"deployment.clock": iso(generate.LAST)})

    def send(self, batch):
        """[(arrived, event)]: through ingest, and stored as if at their arrival."""
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
            file.writelines(generate.line(event) for _, event in batch)
            file.flush()
            self.d.send(file.name)
        stored = {}
        for arrived, event in batch:
            identity = (event["source"], event["id"])
            if identity not in self.model.known:
                stored.setdefault(identity, arrived)
            self.texts.setdefault((event["source"], generate.name_of(event)), []).append(event)
            self.model.take(event, arrived)
        self.d.sql("""UPDATE event e SET stored = x.stored FROM source s,
                unnest(%s::text[], %s::text[], %s::timestamptz[]) AS x (source, id, stored)
            WHERE s.name = x.source AND e.source_id = s.source_id AND e.event_id = x.id""",
                   [source for source, _ in stored], [identity for _, identity in stored], [iso(at) for at in stored.values()])

    def score(self, now):
        """Runs the scorers at a clock until all is folded and judged as of it."""
        labels = ["scorer"] + [f"scorer{n}" for n in range(2, self.scorers + 1)]
        for label in labels:
            self.d.start_as(label, "scorer", {"deployment.clock": iso(now), "scorer.bell": ""}, wait=False)
        wait_until(lambda: self.d.value("""
            SELECT (SELECT count(*) FROM event) = (SELECT sum(folded) FROM scorer_cursor)
                AND (SELECT bool_and(NOT behind AND judged_at >= %s::timestamptz) FROM scorer_cursor)
                AND NOT EXISTS (SELECT FROM dossier WHERE flips_at < %s::timestamptz)""", iso(now), iso(now)),
                   lambda: f"all is scored; cursors {self.d.sql('TABLE scorer_cursor')}", 300)
        for label in labels:
            self.d.wait_ready(label)
        self.d.stop(*labels)
        self.model.judge(now)

    def counters(self):
        """Where day_count differs from the model."""
        cells = self.model.cells()
        stored = {}
        for row in self.d.sql(CELLS):
            counts = {name: count for name, count in zip(CLASSES, row[5:]) if count}
            if counts:
                stored[row[:5]] = counts
        return [f"{key}: scorer {stored.get(key)}, model {cells.get(key)}"
                for key in stored.keys() | cells.keys() if stored.get(key) != cells.get(key)]

    def dossiers(self):
        """[(source, code, what differs)] over all dossiers, pauses and later promises."""
        pauses, promises, wrong, seen = {}, {}, [], 0
        for lists, query in ((pauses, PAUSES), (promises, PROMISES)):
            for source, code, *row in self.d.sql(query):
                lists.setdefault((source, code), []).append(tuple(row))
        for values in self.d.sql(ROWS):
            seen += 1
            is_row = dict(zip(NAMES, values))
            key = (is_row.pop("source"), is_row.pop("code"))
            row = self.model.row(*key)
            assert row.keys() == is_row.keys(), row.keys() ^ is_row.keys()
            differences = [f"{name}: scorer {is_row[name]}, model {row[name]}" for name in row if row[name] != is_row[name]]
            if pauses.get(key, []) != self.model.pauses(*key):
                differences.append(f"pauses: scorer {pauses.get(key)}, model {self.model.pauses(*key)}")
            if promises.get(key, []) != self.model.promises(*key):
                differences.append(f"promises: scorer {promises.get(key)}, model {self.model.promises(*key)}")
            if differences:
                wrong.append((*key, differences))
        assert seen == len(self.model.dossiers), (seen, len(self.model.dossiers))
        indicators = {(source, key, at, sequence, identity.encode(), part, whole)
                      for source, key, at, sequence, identity, part, whole in self.d.sql(INDICATORS)}
        differing = indicators ^ {(*key, *order, part, whole) for key, (order, part, whole) in self.model.indicators.items()}
        assert not differing, sorted(differing)[:4]
        return wrong

    def check(self, every_dossier):
        cells = self.counters()
        wrong = self.dossiers() if every_dossier or cells else []
        if cells or wrong:
            for source, code, differences in sorted(wrong, key=lambda one: len(self.texts[one[:2]]))[:3]:
                print(f"{source} {code}:", *differences, sep="\n  ", file=sys.stderr)
                for event in sorted(self.texts[source, code], key=lambda one: model_fold.moment(one["time"])):
                    print("  ", generate.line(event), end="", file=sys.stderr)
            raise AssertionError(f"{len(wrong)} dossiers differ, {len(cells)} cells of day_count; first cells {cells[:3]}")


def against_the_model(scorers, events, seed, audit=False):
    settings = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": iso(generate.LAST)}
    with Deployment(settings=settings) as d:
        run = Run(d, scorers)
        batch, checks = [], 0
        for arrived, event in generate.Stream(seed).events(events):
            batch.append((arrived, event))
            if len(batch) == SLICE:
                run.send(batch)
                run.score(arrived)
                checks += 1
                run.check(checks % FULL_EVERY == 0)
                batch.clear()
        if batch:
            run.send(batch)
        run.score(generate.LAST)
        run.check(True)
        # Streams without such dossiers would prove nothing of them.
        broken = collections.Counter(min(dossier.broken, 4) for dossier in run.model.dossiers.values())
        assert events < 10000 or min(broken[2], broken[3], broken[4]) > 0, broken
        if audit:
            d.start("scorer", "notifier")
            d.wait_settled()
            d.audit()
        print(f"        {events} events, {len(run.model.dossiers)} dossiers, {scorers} scorers: all equal at {checks + 1} clocks")


def test_one_scorer():
    against_the_model(1, EVENTS or 100000, SEED)


def test_two_scorers():
    against_the_model(2, EVENTS or 50000, SEED + 1)


def test_four_scorers():
    against_the_model(4, EVENTS or 50000, SEED + 2)


def test_three_opinions():
    """The scorer, the model and the recount in SQL of `kipthoi audit`."""
    against_the_model(2, min(EVENTS or 10000, 50000), SEED + 4, audit=True)


def test_order_of_arrival_plays_no_part():
    """The same dossiers under twenty sources, each in an order of its own, cut into slices of 97: all rows are equal."""
    chance = random.Random(SEED)
    dossiers = min(1000, (EVENTS or 100000) // 100)
    stream = generate.Stream(SEED + 3, sources=("urn:order:0",))
    stories = [stream.dossier(generate.FROM + n * generate.DAY_US // 3) for n in range(dossiers)]
    settings = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": iso(generate.LAST), "scorer.slice_events": 97}
    with Deployment(settings=settings) as d:
        with d.connect() as connection:
            generate.install(connection)
            # A row of one source only would make the sources differ.
            connection.execute("DELETE FROM code_alias WHERE source <> '*'")
        d.start()
        for number in range(20):
            events = [{**event, "source": f"urn:order:{number}"} for story in stories for event in story]
            events += chance.sample(events, len(events) // 20)
            chance.shuffle(events)
            for begin in range(0, len(events), 1500):
                d.send_events(events[begin:begin + 1500])
        d.wait_settled(400)
        # Twenty sources were told of an end at twenty moments: told_at and its flag are theirs alone.
        names = [f"d.{name}" for name in ("unit_id", "field_id", "procedure_id", *TEXTS, *PLAIN, *MOMENTS) if name != "told_at"]
        columns = ", ".join(names).replace("d.flags", "d.flags & ~8192")
        equal = f"""SELECT d.code, count(*), count(DISTINCT ({columns})), count(DISTINCT x.pauses), count(DISTINCT y.promises)
            FROM dossier d CROSS JOIN LATERAL (SELECT coalesce(string_agg(concat_ws(' ', n, kind, from_at, to_at, reason), ',' ORDER BY n), '') AS pauses
                FROM pause p WHERE p.source_id = d.source_id AND p.code = d.code) x
            CROSS JOIN LATERAL (SELECT coalesce(string_agg(concat_ws(' ', episode, due_at), ',' ORDER BY episode), '') AS promises
                FROM promise p WHERE p.source_id = d.source_id AND p.code = d.code) y
            GROUP BY d.code HAVING (count(*), count(DISTINCT ({columns})), count(DISTINCT x.pauses), count(DISTINCT y.promises)) <> (20, 1, 1, 1)"""
        assert d.sql(equal) == [], d.sql(equal)[:3]
        assert d.value("SELECT count(DISTINCT code) FROM dossier") == len(
            {generate.name_of(event) for story in stories for event in story})


if __name__ == "__main__":
    run_tests(globals())
