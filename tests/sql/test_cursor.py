# SPDX-License-Identifier: MIT
"""A reader that remembers the last number loses events; one that remembers a snapshot does not.

Sixteen writers commit after pauses of different lengths while both readers poll.  The snapshot reader runs the very query
files that the scorer runs.
"""
import random
import re
import threading

from deployment import Deployment, ROOT, run_tests

WRITERS = 16
TRANSACTIONS = 120


def query(name):
    """A query file with psycopg's placeholders."""
    text = (ROOT / "schema/queries" / f"{name}.sql").read_text()
    text = re.sub(r"--.*", "", text).replace("%", "%%")
    return re.sub(r"\$(\d+)", r"%(p\1)s", text)


def insert(connection, number):
    connection.execute(
        """INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
        VALUES (1, 1, 1, 0, now(), nextval('arrival'), %s, 'D', sha256(''), '')""", [str(number)])


def write(d, writer):
    pause = random.Random(writer)
    with d.connect() as c:
        for i in range(TRANSACTIONS):
            with c.transaction():
                insert(c, writer * TRANSACTIONS + i)
                # Commits out of the order in which the numbers were drawn.
                c.execute("SELECT pg_sleep(%s)", [pause.uniform(0, 0.005)])


def read_naively(d, stop, seen):
    with d.connect() as c:
        last = 0
        while True:
            ended = stop.is_set()
            rows = c.execute("SELECT sequence, event_id FROM event WHERE sequence > %s ORDER BY sequence", [last]).fetchall()
            seen.extend(name for _, name in rows)
            last = max([last] + [number for number, _ in rows])
            if ended and not rows:
                return


def read_by_snapshot(d, stop, seen, limit):
    """The turns of scorer/round.c in Python, over its queries."""
    target, slice_, cut_ = query("scorer_target"), query("scorer_slice"), query("scorer_cut")
    with d.connect() as c:
        since = "1:1:"
        while True:
            ended = stop.is_set()
            to, _ = c.execute(target, {"p1": 1}).fetchone()
            bounds = {"p1": 1, "p2": since, "p3": to, "p4": 0, "p5": 1, "p6": limit, "p7": 1 << 40}
            rows = c.execute(slice_, bounds).fetchall()
            edge = int(since.split(":")[1])
            numbers = [int(row[0]) for row in rows if int(row[0]) >= edge]
            cut = len(numbers) >= limit
            if cut:
                one = min(numbers) == max(numbers)
                end = max(numbers) + one
                to = c.execute(cut_, {"p1": to, "p2": end}).fetchone()[0]
                if one:
                    rows = c.execute(slice_, {**bounds, "p3": to, "p6": 1 << 40}).fetchall()
                rows = [row for row in rows if int(row[0]) < end]
            seen.extend(row[5] for row in rows)
            since = to
            if ended and not rows and not cut:
                return


def test_naive_loses_snapshot_does_not():
    with Deployment() as d:
        d.sql("CREATE SEQUENCE arrival")
        stop = threading.Event()
        naive, whole, cut = [], [], []
        readers = [threading.Thread(target=read_naively, args=(d, stop, naive)),
                   threading.Thread(target=read_by_snapshot, args=(d, stop, whole, 1_000_000)),
                   threading.Thread(target=read_by_snapshot, args=(d, stop, cut, 7))]
        writers = [threading.Thread(target=write, args=(d, writer)) for writer in range(WRITERS)]
        for thread in readers + writers:
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in readers:
            thread.join()
        total = WRITERS * TRANSACTIONS
        print(f"stored {total}; naive cursor missed {total - len(set(naive))}; "
              f"snapshot cursor missed {total - len(set(whole))}, repeated {len(whole) - len(set(whole))}; "
              f"in slices of 7 missed {total - len(set(cut))}, repeated {len(cut) - len(set(cut))}")
        assert len(set(naive)) < total, "the writers did not contend; the comparison shows nothing"
        assert sorted(map(int, whole)) == list(range(total))
        assert sorted(map(int, cut)) == list(range(total))


def test_long_transaction_delays_only_itself():
    """An idle transaction that holds xmin neither hides others' events nor loses its own."""
    with Deployment() as d:
        d.sql("CREATE SEQUENCE arrival")
        seen = []
        with d.connect() as idle, d.connect() as busy:
            idle.execute("BEGIN")
            insert(idle, 0)
            for number in range(1, 6):
                insert(busy, number)
            stop = threading.Event()
            reader = threading.Thread(target=read_by_snapshot, args=(d, stop, seen, 2))
            reader.start()
            while len(seen) < 5:
                stop.wait(0.01)
            assert sorted(seen) == ["1", "2", "3", "4", "5"], seen
            idle.execute("COMMIT")
            while len(seen) < 6:
                stop.wait(0.01)
            stop.set()
            reader.join()
        assert sorted(seen) == ["0", "1", "2", "3", "4", "5"], seen


if __name__ == "__main__":
    run_tests(globals())
