# SPDX-License-Identifier: MIT
"""docs/protocol.md spoken by hand: every word of refusal, hostile bytes, keys and sources, and who pays for it."""
import json
import os
import signal
import socket
import time

import zmq

from deployment import Deployment, finished, run_tests, wait_until
from peer import Peer


def raw(**changes):
    """A finished event as text, with members replaced (None: left out)."""
    event = finished("D1", due="2015-06-02T00:00:00-04:00")
    data = {**event["data"], **changes.pop("data", {})}
    event.update(changes, data={key: value for key, value in data.items() if value is not None})
    return json.dumps({key: value for key, value in event.items() if value is not None})


DEEP = '{"a":' * 40 + "1" + "}" * 40
# bytes, code
REJECTED = [
    (b"broken", "NOT_JSON"),
    (b'{"id":"x"', "NOT_JSON"),
    (raw() + " true", "NOT_JSON"),
    (b'{"id":"\xff"}', "NOT_UTF8"),
    (DEEP, "TOO_DEEP"),
    (b'{"id":"a","\\u0069d":"b"}', "DUPLICATE_KEY"),
    (b'{"id":01}', "NUMBER_INVALID"),
    (b'{"id":9007199254740993}', "NUMBER_INVALID"),
    (b'{"id":1e400}', "NUMBER_INVALID"),
    (b'{"id":"a\\u0000b"}', "STRING_INVALID"),
    (b'{"id":"\\ud800"}', "STRING_INVALID"),
    (json.dumps({f"k{n}": n for n in range(300)}), "TOO_MANY_KEYS"),
    (b'["list"]', "NOT_OBJECT"),
    (raw(specversion="0.3"), "SPECVERSION"),
    (raw(id=None), "MEMBER_MISSING"),
    (raw(source=None), "MEMBER_MISSING"),
    (raw(data={"dossier": None}), "MEMBER_MISSING"),
    (raw(id="x" * 300), "MEMBER_INVALID"),
    (raw(data={"unit": 7}), "MEMBER_INVALID"),
    (raw(type="vn.kipthoi.dossier.exploded.v1"), "TYPE_UNKNOWN"),
    (raw(time="yesterday"), "TIME_INVALID"),
    (raw(time="2015-06-01T10:00:00"), "TIME_INVALID"),
    (raw(data={"due": "31/12/2015"}), "TIME_INVALID"),
    (raw(sequence="seven"), "SEQUENCE_INVALID"),
    (raw(time="2099-01-01T00:00:00Z"), "TIME_FUTURE"),
    (raw(data={"finished": "2016-03-01T00:00:00Z"}), "TIME_FUTURE"),
    (raw(type="vn.kipthoi.dossier.synced.v1", data={"MaHoSo": "D1", "TrangThaiHoSo": "99"}), "STATUS_UNKNOWN"),
    (raw(data={"note": "x" * 70000}), "TOO_LARGE"),
]


def test_every_rejection_has_its_word_and_is_kept():
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            for number, (event, code) in enumerate(REJECTED):
                good = finished(f"G{number}")
                if code == "TOO_LARGE":
                    header, body = peer.ask("KTP/1 EVENT 1", event)
                    answers = body.splitlines()
                else:
                    answers = peer.events([event, good])
                word, got, fault, sentence = answers[0].split(" ", 3)
                assert (word, got, fault) == ("rejected", code, "sender"), (code, answers[0])
                assert len(sentence) > 10, answers[0]
                if code != "TOO_LARGE":
                    assert answers[1] == "accepted", answers  # the neighbour does not suffer
        kept = d.sql("SELECT code, reason, payload FROM quarantine ORDER BY quarantine_id")
        assert [row[0] for row in kept] == [code for _, code in REJECTED]
        for (event, code), (_, _, payload) in zip(REJECTED, kept):
            whole = event if isinstance(event, bytes) else event.encode()
            assert bytes(payload) == whole or code == "TOO_LARGE", code
        rejected, accepted = d.sql("SELECT sum(rejected), sum(accepted) FROM intake")[0]
        assert (rejected, accepted) == (len(REJECTED), len(REJECTED) - 1)


def test_odd_dates_have_stated_answers():
    """Finish or due before receipt: taken and flagged.  Unknown units: registered, unconfirmed."""
    with Deployment() as d:
        d.start()
        with Peer(d) as peer:
            odd = finished("F", due="2015-04-01T00:00:00-04:00", received="2015-05-01T09:00:00-04:00",
                           finished_at="2015-03-01T00:00:00-04:00", field="new field", procedure="new procedure",
                           unit="new unit")
            assert peer.events([odd]) == ["accepted"]
        d.wait_settled()
        assert d.sql("SELECT promise::text, flags FROM dossier") == [("early", 4 | 8 | 8192)]  # told years after its end
        for table in ("unit", "field", "procedure"):
            assert d.sql(f"SELECT code, confirmed FROM {table} WHERE code <> ''") == [(f"new {table}", False)]
        d.audit()


def test_duplicate_conflict_and_req():
    with Deployment() as d:
        d.start("ingest")
        with Peer(d, zmq.REQ) as peer:
            header, body = peer.ask("KTP/1 EVENT", raw())
            assert header.startswith("KTP/1 REPLY - window=") and body == "accepted\n", (header, body)
            assert peer.ask("KTP/1 EVENT", raw())[1] == "duplicate\n"
            word, code, fault, _ = peer.ask("KTP/1 EVENT", raw(data={"unit": "U2"}))[1].split(" ", 3)
            assert (word, code, fault) == ("conflict", "CONFLICT", "sender")
        assert d.value("SELECT count(*) FROM event") == 1


def test_hello_ping_and_requests_not_understood():
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            welcome = peer.ask("KTP/1 HELLO")[0].split()
            assert welcome[:2] == ["KTP/1", "WELCOME"], welcome
            assert {part.split("=")[0] for part in welcome[2:]} == {"window", "event_bytes", "batch", "heartbeat_ms",
                                                              "request_bytes"}, welcome
            assert peer.ask("KTP/1 PING 9")[0].startswith("KTP/1 PONG 9 window=")
            for frames in (["HTTP/1.1 GET /"], ["KTP/2 HELLO"], ["KTP/1 EVENTS x", "{}"], ["KTP/1 EVENTS 1"],
                           ["KTP/1 EVENTS 1", "\n\n"], ["KTP/1 EVENT 1", "{}", "{}"], ["KTP/1 EVENTS 1"] + ["{}"] * 50,
                           ["K" * 100]):
                answer = peer.ask(*frames)
                assert answer[0].startswith("KTP/1 ERROR "), (frames, answer)
            assert peer.events([finished("D9")]) == ["accepted"]


def test_sources_and_keys():
    with Deployment(sources=["urn:one:*", "urn:two"]) as d:
        d.start("ingest")
        with Peer(d) as peer:
            answers = peer.events([finished("A", source="urn:one:1"), finished("A", source="urn:two"),
                                   finished("A", source="urn:two:2"), finished("A", source="urn:other")])
            assert answers[:2] == ["accepted", "accepted"]
            for answer in answers[2:]:
                assert answer.startswith("denied SOURCE_DENIED sender "), answer
            assert d.sql("SELECT denied, accepted FROM intake WHERE source_id = 0 OR accepted = 0") == [(2, 0)]
            d.kipthoi("revoke", d.dir / "secrets/sender.pub", check=0)

            def refused():
                try:
                    peer.send("KTP/1 EVENT 5", json.dumps(finished("B", source="urn:two")))
                    answer = peer.receive()
                except zmq.Again:
                    return True
                return "denied" in answer[-1] or "ERROR" in answer[0]
            wait_until(refused, "a revoked key is refused in mid-connection", 10)
        stored = d.value("SELECT count(*) FROM event")
        stranger = zmq.curve_keypair()
        with Peer(d, keys=stranger) as peer:
            peer.socket.rcvtimeo = 1500
            peer.send("KTP/1 EVENT", json.dumps(finished("C", source="urn:two")))
            try:
                peer.receive()
                raise AssertionError("a key that is not allowed got an answer")
            except zmq.Again:
                pass
        assert d.value("SELECT count(*) FROM event") == stored
        # Allowed while the stage runs, by SIGHUP at once.
        (d.dir / "new.pub").write_bytes(stranger[0])
        d.kipthoi("allow", d.dir / "new.pub", "--name", "new", "--source", "urn:new", check=0)
        d.signal("ingest", signal.SIGHUP)
        # Refused once, libzmq's client does not come again.
        wait_until(lambda: "ALLOW-LIST read anew keys=1" in d.log("ingest"), "ingest has read the allow-list", 20)
        with Peer(d, keys=stranger) as peer:
            assert peer.events([finished("C", source="urn:new")]) == ["accepted"]


def test_hostile_bytes_do_not_hurt_others():
    with Deployment() as d:
        d.start("ingest")
        host, port = d.settings["sender.endpoint"].removeprefix("tcp://").split(":")
        with Peer(d) as good:
            assert good.events([finished("before")]) == ["accepted"]
            openings = [socket.create_connection((host, int(port))) for _ in range(50)]
            for number, connection in enumerate(openings):
                connection.sendall([b"GET / HTTP/1.0\r\n\r\n", b"\xff" + b"\0" * 8 + b"\x7f", os.urandom(200),
                                    b""][number % 4])
            assert good.events([finished("among")]) == ["accepted"]
            # One message of many frames passes every limit of libzmq; those beyond the third are let go as they are read.
            with Peer(d) as bomber:
                before = d.memory_mib("ingest")
                bomber.socket.send_multipart([b"", b"KTP/1 EVENTS 1"] + [b"x" * 1000] * 10000)
                assert bomber.receive()[0].startswith("KTP/1 ERROR FRAMES ")
                print(f"memory before {before:.0f} MiB, after the bomb {d.memory_mib('ingest'):.0f} MiB")
            assert good.events([finished("after")]) == ["accepted"]
            for connection in openings:
                connection.close()


def test_a_stolen_routing_id_gets_nothing():
    """Two peers with one routing id: the first keeps its answers, the second is never heard."""
    with Deployment() as d:
        d.start("ingest")
        with Peer(d, options={zmq.ROUTING_ID: b"same"}) as first:
            assert first.events([finished("A")]) == ["accepted"]
            with Peer(d, options={zmq.ROUTING_ID: b"same"}) as thief:
                thief.socket.rcvtimeo = 500
                thief.send("KTP/1 PING 1")
                assert first.events([finished("B")]) == ["accepted"]
                try:
                    thief.receive()
                    raise AssertionError("the second peer was answered")
                except zmq.Again:
                    pass


def test_busy_while_the_database_is_away():
    """Nothing hangs: without the database events are answered busy, and taken when it is back."""
    with Deployment(settings={"ingest.busy_after": "500ms"}) as d:
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events([finished("A")]) == ["accepted"]
            with d.cluster.connect() as admin:
                admin.execute(f"ALTER DATABASE {d.database} ALLOW_CONNECTIONS false")
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [d.database])
                from_s = time.monotonic()
                word, code, fault, _ = peer.events([finished("B")])[0].split(" ", 3)
                assert (word, fault) == ("busy", "server") and code in ("DATABASE_AWAY", "COMMIT_SLOW"), (word, code)
                assert time.monotonic() - from_s < 10
                assert not d.is_ready("ingest")
                admin.execute(f"ALTER DATABASE {d.database} ALLOW_CONNECTIONS true")
            d.wait_ready("ingest")
            assert wait_until(lambda: peer.events([finished("B")])[0] in ("accepted", "duplicate"), "B is stored")
        d.expect_error("DB-RETRY", "DB-LOST", "DB-CONNECT")
        assert d.value("SELECT count(*) FROM event") == 2


def test_quarantine_is_listed_and_redriven():
    """An event dated ahead of the clock is refused, kept, and taken when the clock has come so far."""
    with Deployment(settings={"ingest.future": "1h"}) as d:
        d.start()
        with Peer(d) as peer:
            early = finished("A", finished_at="2016-01-13T06:00:00-05:00", received="2016-01-12T00:00:00-05:00")
            answer = peer.events([early, "broken"])
            assert [a.split()[1] for a in answer] == ["TIME_FUTURE", "NOT_JSON"]
        listed = d.json("quarantine", "list")
        assert {row["code"] for row in listed["rows"]} == {"TIME_FUTURE", "NOT_JSON"}, listed
        assert d.kipthoi("quarantine", "redrive", "--all").returncode == 1  # still too early, still broken
        d.kipthoi("--set", "deployment.clock=2016-01-13T07:00:00-05:00", "quarantine", "redrive", "--all", check=1)
        assert d.value("SELECT count(*) FROM event") == 1
        d.wait_settled()
        assert d.sql("SELECT code FROM dossier") == [("A",)]
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
