# SPDX-License-Identifier: MIT
"""Peers that hold a key, or nearly: bombs, floods, no reading, others' sources, keys refused and taken back."""
import contextlib
import json
import multiprocessing
import time
import types

import zmq

from deployment import Deployment, finished, run_tests, wait_until
from peer import Honest, Peer, assert_all_is_there, run_attacks

EVIL = zmq.curve_keypair()
TRAITOR = zmq.curve_keypair()  # an honest key until it is taken back
MAX_PEERS = 60
traitors_accepted = []


def allow(d, keys, name, source):
    path = d.dir / f"{name}.pub"
    path.write_bytes(keys[0])
    d.kipthoi("allow", path, "--name", name, "--source", source, check=0)


def counter(d, name):
    return d.metrics("ingest")[f"kipthoi_ingest_{name}_total"]


def wait_for_cuts(d, before):
    wait_until(lambda: counter(d, "connections_cut") > before, "those that hold too much are cut", 20)


@contextlib.contextmanager
def attackers(d, attack, *arguments):
    """Runs attack in a process of its own: libzmq ends its process (session_base.cpp) when a connection is cut in the middle of
    a message and closed at the same time."""
    place = types.SimpleNamespace(dir=d.dir, settings={"sender.endpoint": d.settings["sender.endpoint"]})
    process = multiprocessing.get_context("spawn").Process(target=attack, args=(place, EVIL, *arguments), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def throw_bombs(place, keys, count, frames):
    """Requests of many frames: each is short, and no limit of libzmq counts them."""
    peers = [Peer(place, keys=keys) for _ in range(count)]
    for peer in peers:
        assert peer.ask("KTP/1 PING 1")[0].startswith("KTP/1 PONG")
    for peer in peers:
        peer.socket.send_multipart([b"", b"KTP/1 EVENTS 1"] + [b"x" * 10240] * frames, copy=False)
    time.sleep(60)


def bomb_of_400_mib(d):
    before = counter(d, "connections_cut")
    with attackers(d, throw_bombs, 1, 41000):
        wait_for_cuts(d, before)


def small_bombs_by_many(d):
    """Each connection holds little; together they would hold 200 MiB."""
    before = counter(d, "connections_cut")
    with attackers(d, throw_bombs, 40, 512):
        wait_for_cuts(d, before)


def more_than_max_peers(d):
    """Those that are here keep their places; of the others some are told, and most are cut."""
    before = counter(d, "connections_cut")
    peers = [Peer(d, keys=EVIL) for _ in range(2 * MAX_PEERS)]
    for peer in peers:
        peer.socket.sndtimeo = 0
        with contextlib.suppress(zmq.Again):
            peer.send("KTP/1 HELLO")
    wait_for_cuts(d, before)
    for peer in peers:
        peer.close()


def ask_and_not_read(place, keys):
    """They ask for long replies and read none."""
    body = b"x\n" * 1000
    readers = [Peer(place, keys=keys, options={zmq.RCVHWM: 1, zmq.RCVBUF: 4096, zmq.SNDHWM: 0}) for _ in range(4)]
    for reader in readers:
        for number in range(1, 501):
            reader.send(f"KTP/1 EVENTS {number}", body)
    time.sleep(60)


def slow_readers(d):
    before = counter(d, "connections_cut")
    with attackers(d, ask_and_not_read):
        wait_for_cuts(d, before)


def bodies_too_long(d):
    """First those that are answered, then those that end the connection."""
    with Peer(d, keys=EVIL) as peer:
        # One at a time: several that wait for a slow reader together are too much for one connection.
        for number in range(50):
            assert peer.ask(f"KTP/1 EVENTS {number}", bytes(3 << 20))[0].startswith("KTP/1 ERROR REQUEST_TOO_LARGE ")
        peer.send("KTP/1 EVENTS 1", bytes(16 << 20))
        peer.socket.rcvtimeo = 1000
        try:
            raise AssertionError(f"a body of 16 MiB was answered: {peer.receive()}")
        except zmq.Again:
            pass


def sources_of_others(d):
    """A thousand at a time, more than any window allows: every event is denied, or busy for want of credit."""
    event = json.dumps(finished("stolen", source="urn:honest")).encode()
    with Peer(d, keys=EVIL) as peer:
        for number in range(60):
            peer.send(f"KTP/1 EVENTS {number}", b"\n".join([event] * 1000))
        for number in range(60):
            words = {line.split()[1] for line in peer.receive()[1].splitlines()}
            assert words <= {"SOURCE_DENIED", "CREDIT", "QUEUE_FULL", "COMMIT_SLOW"} and words, words


def keys_not_allowed(d):
    """A hundred strangers by CURVE, and some that know of no key at all."""
    refused = counter(d, "connections_refused")
    peers = [Peer(d, keys=zmq.curve_keypair()) for _ in range(100)]
    context = zmq.Context()
    bare = []
    for _ in range(20):
        bare.append(context.socket(zmq.DEALER))
        bare[-1].linger = 0
        bare[-1].connect(d.settings["sender.endpoint"])
        bare[-1].send_multipart([b"", b"KTP/1 HELLO"])
    for peer in peers:
        peer.socket.sndtimeo = 0
        with contextlib.suppress(zmq.Again):  # refused already: there is nobody to send to
            peer.send("KTP/1 EVENT 1", json.dumps(finished("stranger", source="urn:honest")))
    wait_until(lambda: counter(d, "connections_refused") >= refused + 100, "all are refused", 20)
    for peer in peers:
        assert peer.socket.poll(0) == 0, "a stranger was answered"
        peer.close()
    for peer in bare:
        assert peer.poll(0) == 0, "a stranger without key was answered"
        peer.close()
    context.term()


def routing_id_stolen(d):
    """The thief takes the id of a connection that is open: the owner keeps its answers, the thief hears nothing."""
    with Peer(d, keys=EVIL, options={zmq.ROUTING_ID: b"id"}) as owner:
        owner.ask("KTP/1 PING 1")
        thieves = [Peer(d, keys=EVIL, options={zmq.ROUTING_ID: b"id"}) for _ in range(20)]
        for thief in thieves:
            thief.send("KTP/1 PING 2")
        for number in range(10, 110):
            assert owner.ask(f"KTP/1 PING {number}")[0].startswith(f"KTP/1 PONG {number} ")
            time.sleep(0.005)
        for thief in thieves:
            assert thief.socket.poll(0) == 0, "the thief was answered"
            thief.close()


def key_revoked_in_mid_stream(d):
    """What it was told to be accepted stays; two seconds after, nothing is accepted any more."""
    with Peer(d, keys=TRAITOR) as traitor:
        def one(number):
            answer = traitor.events([finished(f"T{number}", source="urn:traitor")], number)[0]
            if answer == "accepted":
                traitors_accepted.append(number)
            return answer
        for number in range(1, 101):
            assert one(number) == "accepted"
        d.kipthoi("revoke", d.dir / "traitor.pub", check=0)
        revoked_s = time.monotonic()
        number = 101
        while (answer := one(number)) == "accepted":
            number += 1
        assert time.monotonic() - revoked_s < 10 and answer.startswith("denied SOURCE_DENIED sender "), answer
        assert one(number + 1).startswith("denied ")


def test_peers_do_not_hurt_senders():
    with Deployment(sources=["urn:honest"], settings={"ingest.max_peers": MAX_PEERS}) as d:
        allow(d, EVIL, "evil", "urn:evil:*")
        allow(d, TRAITOR, "traitor", "urn:traitor")
        d.start()
        with Honest(d) as honest:
            run_attacks(d, honest, (bomb_of_400_mib, small_bombs_by_many, more_than_max_peers, slow_readers, bodies_too_long,
                                    sources_of_others, keys_not_allowed, routing_id_stolen,
                                    key_revoked_in_mid_stream))
        assert_all_is_there(d, honest, others=len(traitors_accepted))
        d.wait_settled()
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
