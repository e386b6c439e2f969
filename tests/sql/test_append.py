# SPDX-License-Identifier: MIT
"""event_append: stored once under (source, id), over all segments, whatever is repeated."""
import hashlib
import json
import threading

import psycopg

from deployment import Deployment, run_tests, wait_until

APPEND = """SELECT event_append(%s, %s, %s::int[], %s::text[], %s::smallint[], %s::smallint[], %s::timestamptz[],
    %s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::int[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])"""
ACCEPTED, DUPLICATE, CONFLICT = 0, 1, 2


def event(number, due="2015-06-01T00:00:00Z", **extra):
    """(id, payload) of a received event."""
    return f"e{number}", json.dumps({
        "specversion": "1.0", "id": f"e{number}", "source": "urn:t", "type": "vn.kipthoi.dossier.received.v1",
        "time": "2015-05-01T00:00:00Z", "data": {"dossier": f"D{number}", "due": due}, **extra})


def append(connection, batch, events, worker="w", counts=()):
    """Calls event_append; returns an outcome per event."""
    count = len(events)
    payloads = [payload for _, payload in events]
    counts = list(zip(*counts)) or [(), (), (), ()]
    outcome = connection.execute(APPEND, [
        worker, batch, [1] * count, [name for name, _ in events], [1] * count, [0] * count,
        ["2015-05-01T00:00:00Z"] * count, [0] * count, [f"D{name}" for name, _ in events],
        [hashlib.sha256(payload.encode()).digest() for payload in payloads], payloads, ["k" * 40] * count,
        *[list(column) for column in counts], [], [], [], [], [], []]).fetchone()[0]
    assert outcome != [], "no array is NULL: ingest reads nothing else"
    return outcome or [ACCEPTED] * count


def ledger(d):
    with d.connect() as c:
        c.execute("INSERT INTO source (source_id, name) VALUES (1, 'urn:t')")
    return d.connect("ingest")


def test_new_duplicate_conflict():
    with Deployment() as d, ledger(d) as c:
        assert append(c, 1, [event(1), event(2)]) == [ACCEPTED, ACCEPTED]
        assert append(c, 2, [event(1), event(3)]) == [DUPLICATE, ACCEPTED]
        assert append(c, 3, [event(2, due="2015-07-01T00:00:00Z")]) == [CONFLICT]
        assert d.value("SELECT count(*) FROM event") == 3
        assert d.sql("SELECT code, reason FROM quarantine") == [("CONFLICT", "id e2 is stored with other content")]
        assert d.sql("SELECT received, accepted, duplicate, conflict FROM intake") == [(5, 3, 1, 1)]


def test_same_content_in_other_bytes():
    """Order of members, white space and trace headers are not content; anything else is."""
    with Deployment() as d, ledger(d) as c:
        name, payload = event(1)
        reordered = json.dumps(dict(reversed(list(json.loads(payload).items()))), indent=2)
        assert append(c, 1, [(name, payload)]) == [ACCEPTED]
        assert append(c, 2, [(name, reordered)]) == [DUPLICATE]
        assert append(c, 3, [event(1, traceparent="00-1-2-01")]) == [DUPLICATE]
        assert append(c, 4, [event(1, subject="x")]) == [CONFLICT]


def test_twice_in_one_batch():
    with Deployment() as d, ledger(d) as c:
        assert append(c, 1, [event(1), event(1), event(1, due="2016-01-01T00:00:00Z")]) == [ACCEPTED, DUPLICATE, CONFLICT]
        assert d.value("SELECT count(*) FROM event") == 1


def test_any_order_with_everything_in_it():
    """An outcome belongs to the event at its place, wherever what is known, repeated or new stands."""
    other = "2016-01-01T00:00:00Z"
    with Deployment() as d, ledger(d) as c:
        append(c, 1, [event(1), event(2), event(3)])
        d.sql("SELECT segment_open()")
        append(c, 2, [event(4)])
        batch = [event(9), event(3, due=other), event(5), event(1), event(4), event(5, due=other), event(6), event(2), event(9)]
        expected = [ACCEPTED, CONFLICT, ACCEPTED, DUPLICATE, DUPLICATE, CONFLICT, ACCEPTED, DUPLICATE, DUPLICATE]
        assert append(c, 3, batch) == expected
        assert append(c, 3, batch) == expected, "again under its number"
        assert d.sql("SELECT received, accepted, duplicate, conflict FROM intake") == [(13, 7, 4, 2)]
        assert d.value("SELECT count(*) FROM quarantine") == 2


MANY = 1000     # looked up first


def many(numbers, changed=(), repeated=(), in_order=True):
    """(events, outcomes) of a batch of MANY or more, of which numbers below 100 are known; changed: with other content;
    repeated: again, with the same content, or with other content when they are in changed too."""
    other = "2016-01-01T00:00:00Z"
    batch = [(event(n, due=other) if n in changed and n < 100 else event(n),
              (CONFLICT if n in changed else DUPLICATE) if n < 100 else ACCEPTED) for n in numbers]
    batch += [(event(n, due=other) if n in changed else event(n), CONFLICT if n in changed else DUPLICATE) for n in repeated]
    if in_order:
        batch.sort(key=lambda row: (row[0][0].encode(), row[1] != ACCEPTED))
    return [row[0] for row in batch], [row[1] for row in batch]


def test_many():
    """A batch of many: what is known, in whichever segment, repeated or new, in order or not."""
    for in_order in (True, False):
        with Deployment() as d, ledger(d) as c:
            append(c, 1, [event(n) for n in range(50)])
            d.sql("SELECT segment_open()")
            append(c, 2, [event(n) for n in range(50, 100)])
            batch, expected = many(range(10, MANY), changed=(20, 60, 700), repeated=(30, 500, 500, 700), in_order=in_order)
            assert append(c, 3, batch) == expected
            assert append(c, 3, batch) == expected, "again under its number"
            assert append(c, 4, many(range(MANY, 2 * MANY))[0]) == [ACCEPTED] * MANY
            assert d.sql("SELECT count(*), count(DISTINCT event_id) FROM event") == [(2 * MANY, 2 * MANY)]
            assert d.sql("SELECT received, accepted, duplicate, conflict FROM intake") == [
                (100 + len(batch) + MANY, 2 * MANY, 88 + 3, 3)]
            assert d.sql("SELECT count(*), max(seen) FROM quarantine") == [(3, 1)]


def test_many_that_another_stores_meanwhile():
    """The other's transaction ends when this one has looked already and waits for it: stored once, counted once."""
    with Deployment() as d, ledger(d) as c, d.connect("ingest") as other:
        other.execute("BEGIN")
        append(other, 1, [event(500), event(501, due="2016-01-01T00:00:00Z")], worker="other")
        outcome = []
        storing = threading.Thread(target=lambda: outcome.extend(append(c, 1, many(range(100, MANY))[0])))
        storing.start()
        wait_until(lambda: d.value("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
                   "it waits")
        other.execute("COMMIT")
        storing.join()
        names = [name for name, _ in many(range(100, MANY))[0]]
        assert [name for name, o in zip(names, outcome) if o == DUPLICATE] == ["e500"]
        assert [name for name, o in zip(names, outcome) if o == CONFLICT] == ["e501"]
        assert d.sql("SELECT count(*), count(DISTINCT event_id) FROM event") == [(MANY - 100, MANY - 100)]
        assert d.sql("SELECT sum(received), sum(accepted), sum(duplicate), sum(conflict) FROM intake") == [(MANY - 98, MANY - 100, 1, 1)]


def scans(d, c):
    c.execute("SELECT pg_stat_force_next_flush()")
    return d.value("SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE relname ~ '^(event_[0-9]|intake_worker)'")


def test_looks_by_index_from_the_first_batch_on():
    """The plan is made when the ledger is known to be small, and kept: it must not be one for small tables."""
    with Deployment() as d, ledger(d) as first:
        append(first, 1, [event(0)])
        d.sql("SELECT segment_open()")
        append(first, 2, [event(1)])
        d.sql("VACUUM ANALYZE")
        c = d.connect("ingest")
        before = scans(d, c)
        for batch in range(3, 15):
            append(c, batch, [event(batch), event(batch - 1), event(batch)])
        append(c, 14, [event(14), event(13), event(14)])
        assert scans(d, c) == before


def test_lost_reply_is_counted_once():
    """The same batch number again: the same answers, nothing stored or counted anew."""
    with Deployment() as d, ledger(d) as c:
        counts = [(0, 2, 1, 3)]
        first = append(c, 7, [event(1), event(2), event(1)], counts=counts)
        before = d.sql("TABLE intake ORDER BY 1"), d.sql("TABLE event")
        assert append(c, 7, [event(1), event(2), event(1)], counts=counts) == first == [ACCEPTED, ACCEPTED, DUPLICATE]
        assert (d.sql("TABLE intake ORDER BY 1"), d.sql("TABLE event")) == before
        assert d.sql("SELECT received, rejected, denied, busy FROM intake WHERE source_id = 0") == [(6, 2, 1, 3)]
        # A batch of counts alone.
        for _ in range(2):
            assert append(c, 8, [], counts=counts) == []
            assert d.sql("SELECT received, rejected, denied, busy FROM intake WHERE source_id = 0") == [(12, 4, 2, 6)]


def test_ids_are_found_in_sealed_segments():
    with Deployment() as d, ledger(d) as c:
        append(c, 1, [event(1)])
        assert d.value("SELECT segment_open()") == 2
        assert append(c, 2, [event(1), event(2)]) == [DUPLICATE, ACCEPTED]
        assert d.value("SELECT segment_open()") == 3
        assert append(c, 3, [event(2, due="2017-01-01T00:00:00Z"), event(1)]) == [CONFLICT, DUPLICATE]
        assert d.sql("SELECT segment, count(*) FROM event GROUP BY 1 ORDER BY 1") == [(1, 1), (2, 1)]


def test_a_segment_is_opened_once():
    with Deployment() as d, ledger(d):
        assert d.value("SELECT segment_open(1)") == 2
        assert d.value("SELECT segment_open(1)") is None
        assert d.sql("SELECT segment, sealed_at IS NULL FROM segment ORDER BY 1") == [(1, False), (2, True)]


def test_lost_reply_across_a_new_segment():
    with Deployment() as d, ledger(d) as c:
        assert append(c, 1, [event(1), event(2)]) == [ACCEPTED, ACCEPTED]
        d.value("SELECT segment_open()")
        assert append(c, 1, [event(1), event(2)]) == [ACCEPTED, ACCEPTED]
        assert append(c, 2, [event(1), event(2)]) == [DUPLICATE, DUPLICATE]


def test_a_batch_that_comes_too_late_is_refused():
    """A lost attempt may start when newer ones are committed: it must neither store nor count."""
    with Deployment() as d, ledger(d) as c:
        append(c, 5, [event(1)])
        append(c, 6, [event(2)])
        before = d.sql("TABLE intake"), d.sql("TABLE intake_worker")
        try:
            append(c, 5, [event(1)])
            raise AssertionError("taken")
        except psycopg.Error as error:
            assert error.sqlstate == "KT001", error
        assert (d.sql("TABLE intake"), d.sql("TABLE intake_worker")) == before


def test_ledger_of_another_cluster_takes_nothing():
    with Deployment() as d, ledger(d) as c:
        d.sql("UPDATE segment SET epoch = epoch - 1")
        try:
            append(c, 1, [event(1)])
            raise AssertionError("stored under a foreign epoch")
        except psycopg.Error as error:
            assert error.sqlstate == "57000" and "kipthoi rebase" in str(error), error


def test_many_workers_and_a_rolling_segment():
    """Eight workers store the same 400 events in different orders while segments open under them."""
    with Deployment() as d, ledger(d):
        accepted = []

        def work(worker):
            with d.connect("ingest") as c:
                for batch in range(20):
                    numbers = [(worker * 37 + batch * 20 + i) % 400 for i in range(20)]
                    outcome = append(c, batch + 1, [event(n) for n in numbers], worker=f"w{worker}")
                    accepted.extend(n for n, o in zip(numbers, outcome) if o == ACCEPTED)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(5):
            d.value("SELECT segment_open()")
        for thread in threads:
            thread.join()
        assert sorted(accepted) == list(range(400)), len(accepted)
        assert d.value("SELECT count(DISTINCT event_id) = 400 AND count(*) = 400 FROM event")
        assert d.sql("SELECT sum(received), sum(accepted), sum(duplicate) FROM intake") == [(3200, 400, 2800)]


if __name__ == "__main__":
    run_tests(globals())
