# SPDX-License-Identifier: MIT
"""What kipthoi-ingest owes when the database refuses, hangs, breaks or is taken away in the middle of the stream."""
import json
import os
import signal
import subprocess
import threading

import zmq

from deployment import Cluster, Deployment, finished, run_tests, skip, wait_until
from peer import Peer

COUNTS = "SELECT sum(received)::int, sum(accepted)::int, sum(duplicate)::int, sum(rejected)::int, sum(busy)::int FROM intake"
# The control connection is told apart by the lock on the worker's name, which it holds.
LEDGER_BACKENDS = """SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kipthoi-ingest'
    AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"""
CONTROL_BACKEND = """SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'
    AND application_name = 'kipthoi-ingest' AND datname = current_database() AND granted"""
WORKER_LOCK = "SELECT pg_advisory_lock(hashtext('kipthoi.worker'), hashtext('ingest-1'))"


def events(prefix, count):
    return [finished(f"{prefix}{number}") for number in range(count)]


def wait_counts(d, expected):
    """Refusals are counted with the next batch, a second later at most."""
    wait_until(lambda: d.sql(COUNTS)[0] == expected, lambda: f"intake {expected}, is {d.sql(COUNTS)[0]}", 10)


def test_two_culprits_among_a_thousand_are_found():
    with Deployment() as d:
        d.start("ingest")
        culprits = "event_id NOT IN ('{0}17-finished', '{0}800-finished')"
        d.sql("ALTER TABLE event_1 ADD CONSTRAINT culprits_a CHECK (" + culprits.format("A") + ")")
        d.sql("ALTER TABLE event_1 ADD CONSTRAINT culprits_b CHECK (" + culprits.format("B") + ")")
        with Peer(d) as peer:
            answers = peer.events(events("A", 1000))
            refused = {n: a for n, a in enumerate(answers) if a != "accepted"}
            assert set(refused) == {17, 800}, refused
            assert all(a.startswith("rejected STORE_REFUSED server ") for a in refused.values()), refused
            wait_counts(d, (1000, 998, 0, 2, 0))
            kept = d.sql("SELECT code, seen, convert_from(payload, 'UTF8')::jsonb ->> 'id' FROM quarantine ORDER BY 3")
            assert kept == [("STORE_REFUSED", 1, "A17-finished"), ("STORE_REFUSED", 1, "A800-finished")], kept
            # Not even the quarantine takes them: they are answered and counted, and an operator is told.
            d.sql("ALTER TABLE quarantine ADD CONSTRAINT no_more CHECK (false) NOT VALID")
            d.expect_error("QUARANTINE-REFUSED")
            answers = peer.events(events("B", 1000))
            assert [n for n, a in enumerate(answers) if a != "accepted"] == [17, 800]
            assert answers[17].startswith("rejected STORE_REFUSED server "), answers[17]
            wait_counts(d, (2000, 1996, 0, 4, 0))
        assert d.value("SELECT count(*) FROM event") == 1996
        assert d.value("SELECT count(*) FROM quarantine") == 2
        assert d.log("ingest").count("QUARANTINE-REFUSED") == 2


def stop_processes(pids, number):
    try:
        for pid in pids:
            os.kill(pid, number)
    except PermissionError:
        skip("the server's processes are another user's")


def test_a_batch_that_wakes_up_late_changes_nothing():
    settings = {"database.statement_timeout": "1s", "ingest.busy_after": "30s", "ingest.connections": "2"}
    with Deployment(settings=settings) as d:
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events(events("A", 10)) == ["accepted"] * 10
            wait_until(lambda: len(d.sql(LEDGER_BACKENDS)) == 2, "both lanes are connected")
            asleep = [row[0] for row in d.sql(LEDGER_BACKENDS)]
            stop_processes(asleep, signal.SIGSTOP)
            try:
                # Both lanes send into sockets that nobody reads, and again on new connections when their time is up.
                for tag in (2, 3):
                    lines = [json.dumps(e) for e in events(f"T{tag}-", 20)] + ["broken"] * (tag == 2)
                    peer.send(f"KTP/1 EVENTS {tag}", "\n".join(lines))
                    wait_until(lambda n=tag: d.metrics("ingest")["kipthoi_ingest_received_total"] == 10 + 21 + 20 * (n - 2),
                               "the request is in hand")
                replies = dict((header.split()[2], body.splitlines()) for header, body in (peer.receive(), peer.receive()))
                assert replies["2"][:20] == ["accepted"] * 20 and replies["2"][20].startswith("rejected NOT_JSON "), replies
                assert replies["3"] == ["accepted"] * 20, replies
                assert d.metrics("ingest")["kipthoi_ingest_batch_retries_total"] >= 1
                assert peer.events(events("B", 30)) == ["accepted"] * 30
                wait_counts(d, (81, 80, 0, 1, 0))
                marks = dict(d.sql("SELECT worker, batch FROM intake_worker"))
            finally:
                stop_processes(asleep, signal.SIGCONT)
            wait_until(lambda: not d.sql("SELECT pid FROM pg_stat_activity WHERE pid = ANY (%s)", asleep), "the late ones end")
            wait_counts(d, (81, 80, 0, 1, 0))
            assert d.value("SELECT count(*) FROM event") == 80
            assert d.sql("SELECT code, seen FROM quarantine") == [("NOT_JSON", 1)]
            assert dict(d.sql("SELECT worker, batch FROM intake_worker")) == marks
            assert peer.events(events("A", 10)) == ["duplicate"] * 10
            assert all(batch >= marks[worker] for worker, batch in d.sql("SELECT worker, batch FROM intake_worker"))


def test_numbers_of_batches_grow_from_process_to_process():
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events(events("A", 1)) == ["accepted"]
        d.stop("ingest")
        # As if the clock had gone back by a century before the restart.
        d.sql("UPDATE intake_worker SET batch = batch + 3155760000000000")
        before = d.value("SELECT max(batch) FROM intake_worker")
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events(events("B", 1)) == ["accepted"]
        assert d.value("SELECT max(batch) FROM intake_worker") > before


def test_connections_broken_in_mid_stream():
    """Whatever was under way is asked for again under its number: nothing is stored or counted twice, nothing is lost."""
    total = 30000
    with Deployment() as d:
        d.start("ingest")
        file = d.dir / "events.ndjson"
        file.write_text("".join(json.dumps(e) + "\n" for e in events("A", total)))
        sender = subprocess.Popen([d.bin / "kipthoi", "--config", d.conf, "send", file], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for part in range(1, 6):
            wait_until(lambda n=part: d.value("SELECT count(*) FROM event") >= n * total / 8, "the stream runs")
            d.sql("SELECT pg_terminate_backend(pid) FROM (" + LEDGER_BACKENDS + ") l")
        _, words = sender.communicate(timeout=120)
        assert sender.returncode == 0, words
        assert d.value("SELECT count(*) FROM event") == total
        metrics = d.metrics("ingest")
        received = int(metrics["kipthoi_ingest_received_total"])
        words = {word: int(metrics[f'kipthoi_ingest_events_total{{word="{word}"}}'])
                 for word in ("accepted", "duplicate", "rejected", "busy")}
        assert words["accepted"] == total, words
        wait_counts(d, (received, total, words["duplicate"], 0, words["busy"]))


def test_bulk_holds_nobody_up():
    """While every batch of a sender in bulk hangs, a sender with little on its way is served."""
    with Deployment(settings={"ingest.busy_after": "30s"}) as d:
        d.start("ingest")
        with Peer(d) as bulk, Peer(d) as brief, d.connect() as other:
            assert brief.events(events("X", 1)) == ["accepted"]
            # Ids that somebody else is about to store: whoever comes with them waits for that transaction.
            other.execute("BEGIN")
            other.execute("""INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
                SELECT segment, source_id, kind, slot, happened, sequence, 'A' || n || '-0-finished', dossier, digest, payload
                FROM event, generate_series(0, 4) AS n""")
            def send(*tags):
                for tag in tags:
                    bulk.send(f"KTP/1 EVENTS {tag}", "\n".join(json.dumps(e) for e in events(f"A{tag}-", 100)))

            def wait_hanging(batches):
                wait_until(lambda: d.value("""SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                    AND application_name = 'kipthoi-ingest' AND wait_event = 'transactionid'""") == batches, f"{batches} batches hang")
            send(0)
            wait_hanging(1)
            send(1, 2, 3, 4)
            wait_hanging(2)
            assert brief.events(events("Y", 50)) == ["accepted"] * 50
            assert d.value("SELECT count(*) FROM event") == 51, "bulk is not stored before its turn"
            other.execute("ROLLBACK")
            for _ in range(5):
                assert bulk.receive()[1].splitlines() == ["accepted"] * 100


def test_the_last_connection_that_is_left_serves_all():
    """The server lets ingest have one connection only, and it is the one that is kept for peers with little."""
    cluster = Cluster.start_private()
    try:
        with Deployment(cluster) as d:
            d.start("ingest")
            slots = [row[0] for row in d.sql("""SELECT pid FROM pg_stat_activity
                WHERE application_name = 'kipthoi-ingest' AND query LIKE '-- ingest_append%' ORDER BY backend_start""")]
            assert len(slots) == 3, slots
            d.sql("ALTER ROLE kipthoi_ingest CONNECTION LIMIT 2")
            d.sql("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", slots[:2])
            wait_until(lambda: d.metrics("ingest")["kipthoi_ingest_database_connections"] == 1, "one connection is left")
            with Peer(d) as peer:
                assert peer.events(events("BULK", 100)) == ["accepted"] * 100
                assert peer.events(events("BRIEF", 1)) == ["accepted"]
    finally:
        cluster.destroy()


def test_stopped_in_mid_stream():
    """SIGTERM: what was answered "accepted" is stored, what was counted was answered."""
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            for tag in range(80):
                peer.send(f"KTP/1 EVENTS {tag}", "\n".join(json.dumps(e) for e in events(f"T{tag}-", 100)))
            replies = [peer.receive()]
            d.stop("ingest")
            peer.socket.rcvtimeo = 500
            while True:
                try:
                    replies.append(peer.receive())
                except zmq.Again:
                    break
        accepted, answered = set(), 0
        for header, body in replies:
            tag = header.split()[2]
            for number, answer in enumerate(body.splitlines()):
                answered += 1
                assert answer == "accepted" or answer.startswith("busy STOPPING server "), answer
                if answer == "accepted":
                    accepted.add(f"T{tag}-{number}-finished")
        assert accepted == {row[0] for row in d.sql("SELECT event_id FROM event")}
        assert d.sql(COUNTS)[0] == (answered, len(accepted), 0, 0, answered - len(accepted))


def test_without_its_name_nothing_is_stored():
    """The name of the worker goes to another process in an outage of the control connection, and comes back."""
    with Deployment(settings={"ingest.busy_after": "500ms"}) as d:
        d.start("ingest")
        with Peer(d) as peer, d.connect() as other:
            assert peer.events(events("A", 1)) == ["accepted"]
            other.execute("SET lock_timeout = '30s'")
            waiting = threading.Thread(target=other.execute, args=[WORKER_LOCK])
            waiting.start()
            wait_until(lambda: d.sql("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), "the other waits")
            d.sql("SELECT pg_terminate_backend(pid) FROM (" + CONTROL_BACKEND + ") c")
            waiting.join(30)
            wait_until(lambda: not d.is_ready("ingest"), "the loss is noticed", 10)
            before = d.value("SELECT max(batch) FROM intake_worker")
            assert peer.events(events("B", 1))[0].startswith("busy DATABASE_AWAY server "), "stored without the name"
            assert d.value("SELECT max(batch) FROM intake_worker") == before
            other.close()
            d.wait_ready("ingest", 10)
            assert peer.events(events("B", 1)) == ["accepted"]


def test_an_answer_that_cannot_be_understood_is_not_asked_for_for_ever():
    with Deployment() as d:
        d.start("ingest")
        d.expect_error("LEDGER-ANSWER")
        d.sql("ALTER FUNCTION event_append RENAME TO event_append_whole")
        d.sql("""CREATE FUNCTION event_append(text, bigint, int[], text[], smallint[], smallint[], timestamptz[], bigint[], text[],
            bytea[], text[], text[], int[], bigint[], bigint[], bigint[], int[], text[], text[], text[], bytea[], bytea[])
            RETURNS smallint[] LANGUAGE sql SECURITY DEFINER SET search_path = kipthoi AS $$
            SELECT event_append_whole($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22); SELECT '{0,0,0}'::smallint[] $$""")
        with Peer(d) as peer:
            # The lanes prepare their statement on connecting.
            d.sql("SELECT pg_terminate_backend(pid) FROM (" + LEDGER_BACKENDS + ") l")
            assert peer.events(events("A", 2))[0].startswith("busy COMMIT_SLOW server ")
            assert d.log("ingest").count("LEDGER-ANSWER") == 1
            d.sql("DROP FUNCTION event_append")
            d.sql("ALTER FUNCTION event_append_whole RENAME TO event_append")
            d.sql("SELECT pg_terminate_backend(pid) FROM (" + LEDGER_BACKENDS + ") l")
            assert peer.events(events("A", 2)) == ["duplicate"] * 2
        wait_counts(d, (4, 2, 2, 0, 0))


if __name__ == "__main__":
    run_tests(globals())
