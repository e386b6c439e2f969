# SPDX-License-Identifier: MIT
"""Strangers with raw TCP at the intake: half-open connections by the thousand, ZMTP that is none, frames begun."""
import os
import random
import resource
import socket

from deployment import Deployment, run_tests, skip, wait_until
from peer import Honest, assert_all_is_there, run_attacks

HALF_OPEN = 10000
SHAKING_MAX = 500  # ingest/main.c
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32)
HELLO = b"\x05HELLO" + b"\x01\x00" + bytes(72) + bytes(32) + bytes(8) + bytes(80)


def address(d):
    host, port = d.settings["sender.endpoint"].removeprefix("tcp://").split(":")
    return host, int(port)


def connect(d, number=0):
    """From one of some loopback addresses: a single one has too few ports for ten thousand."""
    connection = socket.socket()
    connection.bind((f"127.0.0.{2 + number % 20}", 0))
    connection.connect(address(d))
    return connection


def say(connection, data):
    """True when it could be said."""
    try:
        connection.sendall(data)
        return True
    except OSError:
        return False


def half_open_by_the_thousand(d):
    """Every second one says its greeting and then nothing; they stay for as long as libzmq lets a handshake last."""
    held = []
    for number in range(HALF_OPEN):
        held.append(connect(d, number))
        if number % 2:
            say(held[-1], GREETING)
    wait_until(lambda: d.metrics("ingest")["kipthoi_ingest_wire_connections"] <= SHAKING_MAX + 1, "the rest is cut", 20)
    for connection in held:
        connection.close()


def command(body):
    """A command frame of ZMTP 3."""
    return (b"\x04" + bytes([len(body)]) if len(body) < 256 else b"\x06" + len(body).to_bytes(8, "big")) + body


def not_zmtp(d):
    """What is no greeting, no handshake, or none of CURVE."""
    dice = random.Random(20260101)
    openings = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),  # TLS
        b"\x00\x00\x00\x01",
        b"\x01\x00",  # ZMTP 1: an empty routing id
        b"\x80" + bytes(300),
        GREETING[:10] + b"\x01\x05\x00\x00",  # ZMTP 2
        GREETING[:12] + b"NULL".ljust(20, b"\0") + bytes(32) + command(b"\x05READY"),
        GREETING[:12] + b"PLAIN".ljust(20, b"\0") + bytes(32) + command(b"\x05HELLO\x01a\x01b"),
        GREETING[:12] + b"\xff" * 20 + bytes(32),
        GREETING[:32] + b"\x01" + bytes(31),  # both are servers
        GREETING + b"\x00\x00",  # a message before the handshake
        GREETING + command(b""),
        GREETING + command(b"\xff" + b"x" * 20),  # a name longer than the command
        GREETING + command(HELLO),
        GREETING + command(HELLO[:-1]),
        GREETING + command(HELLO + bytes(4000)),
        GREETING + command(HELLO.replace(b"HELLO", b"READY", 1)),
        GREETING + command(b"\x08INITIATE" + os.urandom(600)),
        GREETING + command(b"\x05ERROR\xff" + b"x" * 10),
        GREETING + command(HELLO) * 3,
        GREETING + b"\x06" + b"\xff" * 8,  # a frame of 2^64-1 bytes
        GREETING + b"\x06" + (1 << 40).to_bytes(8, "big") + bytes(100),
    ]
    openings += [GREETING + dice.randbytes(dice.randrange(1, 400)) for _ in range(200)]
    openings += [dice.randbytes(dice.randrange(1, 400)) for _ in range(200)]
    held = []
    for opening in openings:
        held.append(connect(d))
        say(held[-1], opening)
    # Byte by byte, and each time gone before the end.
    for length in range(1, len(GREETING), 3):
        connection = connect(d)
        for at in range(length):
            say(connection, GREETING[at:at + 1])
        connection.close()
    for connection in held:
        connection.close()


def frames_begun(d):
    """Frames as long as is just allowed are begun by many and ended by none: a key is asked for after the frame only."""
    held = [connect(d) for _ in range(60)]
    for connection in held:
        connection.settimeout(0.2)
        say(connection, GREETING + b"\x06" + (4 << 20).to_bytes(8, "big") + bytes((4 << 20) - 1))
    for connection in held:
        connection.close()


def test_strangers_do_not_hurt_senders():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(most, HALF_OPEN + 1000)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    except (ValueError, OSError):
        skip(f"ulimit -Hn is {most}: too few for {HALF_OPEN} connections, and it may not be raised")
    with Deployment() as d:
        d.start()
        with Honest(d) as honest:
            run_attacks(d, honest, (not_zmtp, frames_begun, half_open_by_the_thousand))
            assert d.metrics("ingest")["kipthoi_ingest_connections_cut_total"] > HALF_OPEN / 2
        assert_all_is_there(d, honest)
        d.wait_settled()
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
