#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Webhooks to a receiver with TLS: signatures as others compute them, and what each answer comes to."""
import atexit
import base64
import email.utils
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import nacl.signing

from channel import Authority, Try, expect, try_channel
from deployment import ROOT, run_tests, wait_until
from receiver import Receiver

LOOPBACK = "127.0.0.1/32 ::1/128"
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLD_SECRET = "whsec_" + base64.b64encode(bytes(range(100, 124))).decode()
PAYLOAD = '{"type":"letter.owed","timestamp":"2026-11-29T01:02:03Z","data":{"name":"Nguyễn Văn Đức"}}'

folder = pathlib.Path(tempfile.mkdtemp(prefix="kipthoi-webhook."))
atexit.register(shutil.rmtree, folder)
ca = Authority(folder)
CERTIFICATE = ca.issue("server", "DNS:localhost", "IP:127.0.0.1", "IP:::1")


def message(url, **more):
    return {"url": url, "id": "msg_7", "payload": PAYLOAD, "secrets": [SECRET], **more}


def document(*messages, **settings):
    return {"webhook": {"ca_file": str(ca.cert), "allow": LOOPBACK, **settings}, "messages": list(messages)}


def send(*messages, **settings):
    outcomes = try_channel(document(*messages, **settings))
    # Path and query of a URL may be what gives access: no sentence shows them.
    assert not any("token" in outcome["text"] for outcome in outcomes), outcomes
    return outcomes


def answered(answer, name, code=None, words=(), **settings):
    """One webhook that is answered so, and what must come of it."""
    with Receiver(CERTIFICATE, lambda request: answer) as receiver:
        outcome, = send(message(receiver.url()), **settings)
        expect(outcome, name, code, words)
        assert len(receiver.requests) == 1, receiver.requests
        return outcome


def test_request_is_signed():
    key = nacl.signing.SigningKey(bytes(range(32)))
    whsk = "whsk_" + base64.b64encode(key.encode() + key.verify_key.encode()).decode()
    with Receiver(CERTIFICATE) as receiver:
        from_s = int(time.time())
        outcome, = send(message(receiver.url("/hook/%C3%A1?x=1"), secrets=[SECRET, OLD_SECRET, whsk]))
        until_s = int(time.time())
    expect(outcome, "delivered", 204, "localhost")
    request, = receiver.requests
    assert (request.method, request.path, request.body) == ("POST", "/hook/%C3%A1?x=1", PAYLOAD.encode())
    assert request.headers["content-type"] == "application/json"
    assert re.fullmatch(r"kipthoi/[0-9.]+", request.headers["user-agent"])
    assert "expect" not in request.headers
    assert request.headers["webhook-id"] == "msg_7"
    assert from_s <= int(request.headers["webhook-timestamp"]) <= until_s
    assert [signature.split(",")[0] for signature in request.signatures()] == ["v1", "v1", "v1a"]
    assert request.verify_hmac(SECRET) and request.verify_hmac(OLD_SECRET)
    assert request.verify_ed25519(key.verify_key.encode())
    # What the checks above are worth.
    assert not request.verify_hmac("whsec_" + base64.b64encode(bytes(32)).decode())
    assert not request.verify_ed25519(nacl.signing.SigningKey(bytes(32)).verify_key.encode())
    request.body += b" "
    assert not request.verify_hmac(SECRET) and not request.verify_ed25519(key.verify_key.encode())


def test_answers():
    for status, name, words in (
            (200, "delivered", "200"), (202, "delivered", "202"), (299, "delivered", "299"),
            (300, "retry", "not followed"), (304, "retry", "not followed"), (400, "retry", "400"), (401, "retry", "401"),
            (404, "retry", "404"), (410, "gone", "no more"), (413, "retry", "413"), (429, "throttled", "429"),
            (500, "retry", "500"), (501, "retry", "501"), (502, "throttled", "502"), (503, "retry", "503"),
            (504, "throttled", "504"), (599, "retry", "599")):
        outcome = answered((status, {}, b"{}"), name, status, ("localhost", words))
        assert outcome["not_before_ms"] == 0


def test_redirects_are_not_followed():
    with Receiver(CERTIFICATE) as other:
        for status in (301, 302, 303, 307, 308):
            answered((status, {"Location": other.url("/token-78")}, b""), "retry", status, "redirects")
    assert other.requests == []


def test_retry_after():
    for status, name in ((429, "throttled"), (503, "retry"), (301, "retry")):
        assert answered((status, {"Retry-After": "120"}, b""), name)["not_before_ms"] == 120000
    assert answered((503, {"retry-after": "99999999999999999999"}, b""), "retry")["not_before_ms"] == 86400000
    assert answered((503, {"Retry-After": "soon"}, b""), "retry")["not_before_ms"] == 0
    assert answered((200, {"Retry-After": "120"}, b""), "delivered")["not_before_ms"] == 0
    date_s = int(time.time()) + 3600
    outcome = answered((503, {"Retry-After": email.utils.formatdate(date_s, usegmt=True)}, b""), "retry")
    # The clock goes on while the request travels.
    assert 3600000 - 120000 < outcome["not_before_ms"] <= 3600000, outcome


def test_silent_receiver():
    with Receiver(CERTIFICATE, lambda request: Receiver.SILENT) as receiver:
        outcome, = send(message(receiver.url()), connect_ms=500, total_ms=1000)
    expect(outcome, "retry", 0, "localhost")


def test_one_that_never_takes_the_handshake():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        outcome, = send(message(f"https://127.0.0.1:{listener.getsockname()[1]}/"), connect_ms=500, total_ms=1000)
    expect(outcome, "retry", 0, "127.0.0.1")


def test_stopped_while_waiting():
    with Receiver(CERTIFICATE, lambda request: Receiver.SILENT) as receiver:
        attempt = Try(document(message(receiver.url())))
        wait_until(lambda: receiver.requests, "the request arrives")
        attempt.stop()
        expect(attempt.outcomes()[0], "retry", 0, "the notifier was stopped")


class Endless:
    """An answer of 256 MiB, and how much of it could be written before the other side had enough."""

    def __init__(self, head, piece):
        self.head = head
        self.piece = piece * (65536 // len(piece))
        self.written = 0

    def __call__(self, out):
        out.write(self.head)
        for _ in range(4096):
            out.write(self.piece)
            self.written += len(self.piece)


def test_huge_answers_are_cut():
    """The status is what counts; of the rest 64 KiB are read."""
    chunk = b"fff0\r\n" + b"x" * 0xfff0 + b"\r\n"
    for head, piece, name, code in (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, "delivered", 200),
            (b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, "retry", 500),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"y", "delivered", 200),
            # Headers without end: the status has been read.
            (b"HTTP/1.1 200 OK\r\n", b"X-Header: " + b"z" * 1000 + b"\r\n", "delivered", 200),
            # A status line without end has none.
            (b"HTTP/1.1 200 ", b"z", "retry", 0)):
        answer = Endless(head, piece)
        answered(answer, name, code)
        # What lies in the buffers of two sockets counts, too.
        assert answer.written < 32 << 20, answer.written


def test_answers_that_are_none():
    for raw in (b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"):
        answered(lambda out, raw=raw: out.write(raw), "retry", 0, "localhost")


def test_answer_whose_body_never_comes():
    def write(out):
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
        out.flush()
    # Cut within the body: the answer was given all the same.
    answered(write, "delivered", 200)


def test_private_addresses_are_not_connected_to():
    with Receiver(CERTIFICATE) as receiver, Receiver(CERTIFICATE, address="::1") as receiver6:
        port, port6 = receiver.port, receiver6.port
        urls = [f"https://127.0.0.1:{port}/", f"https://localhost:{port}/", f"https://127.1:{port}/",
                f"https://2130706433:{port}/", f"https://0x7f000001:{port}/", f"https://0177.0.0.1:{port}/",
                f"https://0.0.0.0:{port}/", f"https://[::1]:{port6}/", f"https://[::]:{port6}/",
                f"https://[::ffff:127.0.0.1]:{port}/", f"https://[::ffff:7f00:1]:{port}/", "https://169.254.169.254/",
                "https://10.0.0.1/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/"]
        for allow in ("", "10.9.0.0/16"):
            for url, outcome in zip(urls, send(*map(message, urls), allow=allow)):
                expect(outcome, "unsafe", 0, "not public")
        assert receiver.requests == [] and receiver6.requests == []


def test_opened_addresses_are():
    with Receiver(CERTIFICATE) as receiver, Receiver(CERTIFICATE, address="::1") as receiver6:
        for url, allow in ((receiver.url(host="127.0.0.1"), "127.0.0.1/32"), (receiver.url(), "127.0.0.0/8"),
                           (receiver.url(), "10.0.0.0/8 127.0.0.1"), (receiver6.url(host="[::1]"), "::1")):
            outcome, = send(message(url), allow=allow)
            expect(outcome, "delivered", 204)
    assert len(receiver.requests) == 3 and len(receiver6.requests) == 1


def test_plain_http_needs_an_opened_address():
    with Receiver() as receiver:
        outcome, = send(message(receiver.url()), allow="")
        expect(outcome, "invalid", words="https://")
        outcome, = send(message(receiver.url()), allow="10.0.0.0/8")
        expect(outcome, "unsafe", words="for http")
        assert receiver.requests == []
        outcome, = send(message(receiver.url(host="127.0.0.1")), allow="127.0.0.1")
        expect(outcome, "delivered")
    assert receiver.requests[0].verify_hmac(SECRET)


def test_proxies_of_the_environment_are_not_used():
    with Receiver(CERTIFICATE) as receiver, socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        outcome, = try_channel(document(message(receiver.url())), environment=dict.fromkeys(names, address))
        expect(outcome, "delivered")
        try:
            proxy.accept()
            raise AssertionError("the proxy was asked")
        except BlockingIOError:
            pass


def test_certificates_are_verified():
    other = Authority(folder, "other")
    with Receiver(CERTIFICATE) as receiver:
        outcome, = send(message(receiver.url()), ca_file=str(other.cert))
        expect(outcome, "certificate", 0, ("localhost", "certificate"))
        outcome, = send(message(receiver.url()), ca_file=None)
        expect(outcome, "certificate", 0, "localhost")
    with Receiver(ca.issue("elsewhere", "DNS:elsewhere.example")) as wrong:
        outcome, = send(message(wrong.url()))
        expect(outcome, "certificate", 0, "localhost")
    expired = ca.issue("expired", "DNS:localhost", days=0)
    made_s = time.time()
    wait_until(lambda: time.time() > made_s + 2, "the certificate expires")
    with Receiver(expired) as late:
        outcome, = send(message(late.url()))
        expect(outcome, "certificate", 0, ("localhost", "expired"))
    assert receiver.requests == [] and wrong.requests == [] and late.requests == []


def test_names_and_servers_that_are_not_there():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    outcome, = send(message(f"https://127.0.0.1:{port}/"))
    expect(outcome, "retry", 0, "127.0.0.1")
    outcome, = send(message("https://receiver.invalid/"), connect_ms=2000, total_ms=4000)
    expect(outcome, "retry", 0, "receiver.invalid")


def test_what_cannot_be_sent():
    url = "https://127.0.0.1:1/"
    wrong = ((message("https://u:p@127.0.0.1/token-77"), "user or password"), (message("ftp://127.0.0.1/"), "https://"),
             (message(url, id="a.b"), "id"), (message(url, id=""), "id"), (message(url, id="a\r\nX: y"), "id"),
             (message(url, secrets=[]), "secrets"), (message(url, payload=""), "payload"),
             (message(url, payload="x" * 20000), "payload"), (message(url, secrets=["whsec_AAAA"]), "24 to 64"))
    for outcome, (_, words) in zip(send(*(one for one, _ in wrong)), wrong):
        expect(outcome, "invalid", words=words)
    for settings, words in ((dict(total_ms=1), "time limits"), (dict(total_ms=999999), "time limits"),
                            (dict(per_host=0), "at a time"), (dict(allow="10.0.0.1/8"), "bits")):
        outcome, = send(message(url), **settings)
        expect(outcome, "invalid", words=words)


def test_largest_payload():
    with Receiver(CERTIFICATE) as receiver:
        outcome, = send(message(receiver.url(), payload="x" * 19999))
        expect(outcome, "delivered")
    assert receiver.requests[0].verify_hmac(SECRET) and len(receiver.requests[0].body) == 19999


def test_many_at_a_time():
    """One slow receiver does not keep the others waiting, and gets no more at a time than it should."""
    with Receiver(CERTIFICATE, lambda request: Receiver.SILENT) as silent, Receiver(CERTIFICATE) as quick:
        messages = [message(quick.url(host="127.0.0.1"), id=f"quick-{n}") for n in range(40)]
        messages[1:1] = [message(silent.url(), id=f"silent-{n}") for n in range(2)]
        attempt = Try({"room": 6, **document(*messages, per_host=3)})
        wait_until(lambda: len(quick.requests) == 40 and len(silent.requests) == 2, "all arrive while two are held")
        silent.ended.set()
        outcomes = attempt.outcomes()
    assert [outcome["outcome"] for outcome in outcomes] == ["delivered", "retry", "retry"] + ["delivered"] * 39
    assert "most in flight: 5" in attempt.stderr, attempt.stderr
    assert len({request.headers["webhook-id"] for request in quick.requests}) == 40


def test_the_example_receiver():
    """docs/examples/webhook_receiver.py takes each message once, and none that is not signed."""
    process = subprocess.Popen([sys.executable, "-B", ROOT / "docs/examples/webhook_receiver.py", "0"], text=True,
                               stdout=subprocess.PIPE, env={**os.environ, "WEBHOOK_SECRET": f"{OLD_SECRET} {SECRET}"})
    try:
        url = f"http://127.0.0.1:{process.stdout.readline().split()[-1]}/hook"
        other = "whsec_" + base64.b64encode(bytes(32)).decode()
        expect(send(message(url))[0], "delivered", 204)
        expect(send(message(url, secrets=[other, OLD_SECRET]))[0], "delivered", 204)
        expect(send(message(url, id="msg_8", secrets=[other]))[0], "retry", 401)
        expect(send(message(url, id="msg_9", payload='{"type":"letter.void"}'))[0], "delivered", 204)
    finally:
        process.terminate()
        lines = process.communicate(timeout=30)[0].splitlines()
    assert lines == ["msg_7 letter.owed", "msg_9 letter.void"], lines


if __name__ == "__main__":
    run_tests(globals())
