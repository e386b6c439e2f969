#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""E-mail against a server that misbehaves: what of a message is certain when the conversation goes wrong where.

Messages that arrive are read by Python's own MIME parser.
"""
import atexit
import email
import email.policy
import os
import pathlib
import shutil
import socket
import tempfile

from channel import Authority, ScriptedSmtp, Try, expect, try_channel
from deployment import run_tests

SUBJECT = "Thư xin lỗi: hồ sơ 000.00.01.H12-261129-0001 của ông Nguyễn Văn Đức trễ hẹn trả kết quả tại Bộ phận Một cửa"
TEXT = "Kính gửi ông Nguyễn Văn Đức,\n\n.\nChúng tôi xin lỗi vì hồ sơ trễ hẹn.\n"
HTML = "<p>Kính gửi ông <b>Nguyễn Văn Đức</b>,</p>\n<p>Chúng tôi xin lỗi vì hồ sơ trễ hẹn.</p>\n"
# 2026-11-29T01:02:03Z
DATE_US = 1795914123 * 1000000


def make_folder():
    folder = tempfile.mkdtemp(prefix="kipthoi-mail.")
    atexit.register(shutil.rmtree, folder)
    return pathlib.Path(folder)


def message(number=0, to="duc.nguyen@example.vn", **more):
    return {"id": f"letter-{number}@kipthoi.example.vn", "date_us": DATE_US,
            "from": {"address": "motcua@example.vn", "name": "Bộ phận Một cửa"},
            "to": {"address": to, "name": "Nguyễn Văn Đức"},
            "subject": SUBJECT, "text": TEXT, "html": HTML, **more}


def send(port, *messages, **settings):
    return try_channel({"mail": {"port": port, **settings}, "messages": list(messages) or [message()]})


def with_answers(changes, name, code=None, words=(), **settings):
    """One message to a server whose answers are changed, and what must come of it."""
    with ScriptedSmtp(changes) as server:
        outcome, = send(server.port, **settings)
        expect(outcome, name, code, words)
        return server


def test_message_arrives_whole():
    folder = make_folder()
    pdf = bytes(range(256)) * 300 + b"\n.\n..\r\n."
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    name = "Thư xin lỗi - hồ sơ số 000.00.01.H12-261129-0001 của ông Nguyễn Văn Đức, lần 2.pdf"
    with ScriptedSmtp() as server:
        outcome, = send(server.port, message(
            reply_to={"address": "traloi@example.vn", "name": 'Trả "lời" \\ ngay'},
            attachments=[{"name": name, "type": "application/pdf", "file": str(path)}]), helo="kipthoi.example.vn")
        expect(outcome, "delivered", 250, ("duc.nguyen@example.vn", "taken"))
    assert server.lines == [b"EHLO kipthoi.example.vn", b"MAIL FROM:<motcua@example.vn>",
                            b"RCPT TO:<duc.nguyen@example.vn>", b"DATA", b"QUIT"], server.lines
    raw, = server.messages
    assert all(len(line) <= 76 and not line.startswith(b".") for line in raw.split(b"\r\n")), "long lines, or dots"
    raw.decode("ascii")
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert parsed["subject"] == SUBJECT, parsed["subject"]
    assert str(parsed["from"]) == "Bộ phận Một cửa <motcua@example.vn>", parsed["from"]
    assert str(parsed["to"]) == "Nguyễn Văn Đức <duc.nguyen@example.vn>", parsed["to"]
    assert parsed["reply-to"].addresses[0].display_name == 'Trả "lời" \\ ngay', parsed["reply-to"]
    assert parsed["message-id"] == "<letter-0@kipthoi.example.vn>"
    assert parsed["auto-submitted"] == "auto-generated"
    assert parsed["date"].datetime.timestamp() * 1000000 == DATE_US, parsed["date"]
    # Inside base64 a text has the line ends of mail.
    assert parsed.get_body(("plain",)).get_content() == TEXT.replace("\n", "\r\n")
    assert parsed.get_body(("html",)).get_content() == HTML.replace("\n", "\r\n")
    part, = parsed.iter_attachments()
    assert part.get_content_type() == "application/pdf" and part.get_content() == pdf
    assert part.get_filename() == name, part.get_filename()
    assert not parsed.defects and not any(p.defects for p in parsed.walk())


def test_same_message_twice_is_the_same_bytes():
    with ScriptedSmtp() as server:
        for outcome in send(server.port, message(), message(), at_a_time=1):
            expect(outcome, "delivered")
    assert server.messages[0] == server.messages[1]


def test_before_the_dot_nothing_is_uncertain():
    with_answers({b"": None}, "retry")
    with_answers({b"EHLO": None}, "retry")
    with_answers({b"MAIL": None}, "retry", words="not sent")
    with_answers({b"RCPT": None}, "retry", words="not sent")
    server = with_answers({b"DATA": ScriptedSmtp.HOLD}, "retry", words=("not sent", "time limit"), connect_ms=3000,
                          total_ms=3000)
    assert server.messages == []


def test_cut_in_the_middle_of_a_long_message():
    """Of a short one all is in the socket, the dot too, before the server can cut: that is uncertain."""
    folder = make_folder()
    path = folder / "long.pdf"
    path.write_bytes(os.urandom(6 << 20))
    with ScriptedSmtp({b"body": None}) as server:
        outcome, = send(server.port, message(attachments=[{"name": "long.pdf", "file": str(path)}]))
        expect(outcome, "retry", words="not sent")
    assert server.messages == [] and len(server.cut_at) == 1


def test_behind_the_dot_it_is_uncertain():
    for settings, answer, words in ((dict(), None, "cut"),
                                    (dict(connect_ms=5000, total_ms=5000), ScriptedSmtp.HOLD, "time limit"),
                                    (dict(), b"354 go on\r\n", "out of turn"),
                                    (dict(), b"whatever\r\n", "no words of SMTP"),
                                    (dict(), b"250-" + b"x" * 70000, "no end"),
                                    (dict(), b"250-x\r\n" * 15000, "no end")):
        server = with_answers({b".": answer}, "uncertain", 0, ("duc.nguyen@example.vn", words), **settings)
        assert len(server.messages) == 1


def test_the_dot_inside_tls():
    """TLS keeps bytes back before they go to the socket: the same must be certain there."""
    folder = make_folder()
    ca = Authority(folder)
    certificate = ca.issue("server", "IP:127.0.0.1")
    path = folder / "long.pdf"
    path.write_bytes(os.urandom(6 << 20))
    settings = {"security": "tls", "ca_file": str(ca.cert)}
    for changes, one, name, words in (
            ({}, message(), "delivered", "taken"), ({b".": None}, message(), "uncertain", "cut"),
            ({b".": b"550 no\r\n"}, message(), "refused", "no"), ({b"RCPT": None}, message(), "retry", "not sent"),
            ({b"body": None}, message(attachments=[{"name": "long.pdf", "file": str(path)}]), "retry", "not sent"),
            ({b".": None}, message(attachments=[{"name": "long.pdf", "file": str(path)}]), "uncertain", "cut"),
            ({}, message(attachments=[{"name": "long.pdf", "file": str(path)}]), "delivered", "taken")):
        with ScriptedSmtp(changes, certificate) as server:
            outcome, = send(server.port, one, **settings)
            expect(outcome, name, words=words)
    with ScriptedSmtp({b".": ScriptedSmtp.HOLD}, certificate) as server:
        outcome, = send(server.port, connect_ms=5000, total_ms=5000, **settings)
        expect(outcome, "uncertain", 0, "time limit")
        assert len(server.messages) == 1


def test_stopped_while_waiting():
    for verb, name in ((b"RCPT", "retry"), (b".", "uncertain")):
        with ScriptedSmtp({verb: ScriptedSmtp.HOLD}) as server:
            attempt = Try({"mail": {"port": server.port}, "messages": [message()]})
            server.wait_held()
            attempt.stop()
            outcome, = attempt.outcomes()
            expect(outcome, name, words="the notifier was stopped")


def test_answers_are_never_uncertain():
    for verb, answer, name, code, words in (
            (b".", b"421 closing\r\n", "throttled", 421, "closing"),
            (b".", b"451 error\r\n", "retry", 451, "error"),
            (b".", b"452 full\r\n", "throttled", 452, "full"),
            (b".", b"552 too large\r\n", "refused", 552, "the message was refused"),
            (b".", b"554-spam\r\n554 go away\r\n", "refused", 554, "go away"),
            (b"DATA", b"554 no\r\n", "refused", 554, "the message was refused"),
            (b"DATA", b"250 ok?\r\n", "retry", 0, "out of turn"),
            (b"RCPT", b"550 5.1.1 no such mailbox\r\n", "refused", 550, ("duc.nguyen@example.vn", "no such mailbox")),
            (b"RCPT", b"450 grey\r\n", "throttled", 450, "duc.nguyen@example.vn"),
            (b"RCPT", b"530 authenticate\r\n", "retry", 530, "authenticate"),
            (b"MAIL", b"553 not you\r\n", "retry", 553, "motcua@example.vn"),
            (b"MAIL", b"421 busy\r\n", "throttled", 421, "busy"),
            (b"", b"421 busy\r\n", "throttled", 421, "127.0.0.1"),
            (b"", b"554 no service\r\n", "retry", 554, "127.0.0.1")):
        server = with_answers({verb: answer}, name, code, words)
        assert verb == b"" or server.lines[-1] == b"QUIT" or name == "retry" and code == 0, (verb, answer, server.lines)


def test_odd_answers_that_are_fine():
    with_answers({b".": b"250 " + b"x" * 60000 + b"\r\n"}, "delivered", 250)
    with_answers({b".": b"250-one\n250-two\n250\n"}, "delivered", 250)
    with_answers({b".": b"250 b\xe1\xbb\x99 ph\xff\x01n\r\n"}, "delivered", 250)


def test_an_answer_before_the_message_is_over():
    folder = make_folder()
    path = folder / "early.pdf"
    path.write_bytes(os.urandom(6 << 20))
    long = message(attachments=[{"name": "early.pdf", "file": str(path)}])
    with ScriptedSmtp({b"DATA": b"354 go\r\n552 too large already\r\n"}) as server:
        outcome, = send(server.port, long)
        # Both answers may be there before the first byte of the message: then the second one is its answer.
        expect(outcome, "refused", 552, "too large already")
    assert server.messages == []


def test_slow_servers_meet_the_time_limit():
    for verb in (b"", b"EHLO"):
        with_answers({verb: ScriptedSmtp.HOLD}, "retry", 0 if verb == b"" else None, words="127.0.0.1",
                     connect_ms=300, total_ms=600)


def test_endless_answers_before_the_message():
    """libcurl reads these: of a line it keeps a piece, and 300 kB of lines are its limit."""
    for code, verb in ((b"220", b""), (b"250", b"EHLO")):
        for answer, words in ((code + b"-" + b"x" * (64 << 20), "127.0.0.1"),
                              ((code + b"-x\r\n") * (8 << 20), "Too large")):
            server = with_answers({verb: answer}, "retry", words=("127.0.0.1", words))
            assert not any(line.startswith(b"MAIL") for line in server.lines)


def test_no_server_at_all():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    outcome, = send(port)
    expect(outcome, "retry", 0, "127.0.0.1")


def test_tls_is_never_given_up():
    folder = make_folder()
    ca = Authority(folder)
    # A server (or somebody in between) that offers no STARTTLS gets no word of the message.
    for security in ("starttls", "tls"):
        server = with_answers({b"": b"220 mx\r\n"}, "retry", security=security, ca_file=str(ca.cert), connect_ms=2000,
                              total_ms=4000)
        assert not any(line.startswith(b"MAIL") for line in server.lines), server.lines
    server = with_answers({b"EHLO": b"250-mx\r\n250 STARTTLS\r\n", b"STARTTLS": b"454 not now\r\n"}, "retry",
                          security="starttls", ca_file=str(ca.cert))
    assert not any(line.startswith(b"MAIL") for line in server.lines), server.lines


def test_password_is_given_as_the_server_asks():
    folder = make_folder()
    ca = Authority(folder)
    certificate = ca.issue("server", "IP:127.0.0.1")
    (folder / "password").write_text("secret\n")
    (folder / "password").chmod(0o600)
    settings = {"security": "tls", "ca_file": str(ca.cert), "user": "user", "password_file": str(folder / "password")}
    # base64: user dXNlcg==, secret c2VjcmV0, "\0user\0secret" AHVzZXIAc2VjcmV0; the server looks at them in capitals.
    login = {b"EHLO": b"250-mx\r\n250 AUTH LOGIN\r\n", b"AUTH": b"334 VXNlcm5hbWU6\r\n",
             b"DXNLCG==": b"334 UGFzc3dvcmQ6\r\n", b"C2VJCMV0": b"235 ok\r\n"}
    plain = {b"EHLO": b"250-mx\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n", b"AUTH": b"334 \r\n", b"AHVZZXIAC2VJCMV0": b"235 ok\r\n"}
    for changes, name, words, said in (
            (login, "delivered", "taken", b"c2VjcmV0"), (plain, "delivered", "taken", b"AHVzZXIAc2VjcmV0"),
            ({**login, b"C2VJCMV0": b"535 no\r\n"}, "retry", "was refused", b"c2VjcmV0"),
            # Without a way to give the password nothing is sent at all.
            ({}, "retry", "no AUTH", None), ({b"EHLO": b"250-mx\r\n250 AUTH CRAM-MD5\r\n"}, "retry", "no AUTH", None)):
        with ScriptedSmtp(changes, certificate) as server:
            outcome, = send(server.port, **settings)
            expect(outcome, name, words=words)
            assert "secret" not in outcome["text"] and "c2Vj" not in outcome["text"], outcome
        assert (said in server.lines) if said else not any(b"MAIL" in line for line in server.lines), server.lines
        assert bool(server.messages) == (name == "delivered")


def test_address_of_version_6():
    with ScriptedSmtp(address="::1") as server:
        outcome, = send(server.port, host="::1")
        expect(outcome, "delivered")


def test_settings_that_do_not_hold():
    folder = make_folder()
    password = folder / "password"
    password.write_text("x\n")
    password.chmod(0o600)
    (folder / "open").write_text("x\n")
    (folder / "open").chmod(0o644)
    for settings, words in ((dict(host="mail.example.vn"), "only for a server on this machine"),
                            (dict(host="192.168.1.1"), "only for a server on this machine"),
                            (dict(user="u", password_file=str(password)), "over TLS only"),
                            (dict(security="tls", user="u"), "password file"),
                            (dict(security="tls", user="u", password_file=str(folder / "open")), "chmod 600"),
                            (dict(host="a/b"), "neither a name nor an address"),
                            (dict(helo="a b"), "HELO"), (dict(port=0), "port"), (dict(port=65536), "port"),
                            (dict(total_ms=1), "time limits"), (dict(at_a_time=0), "connection")):
        outcome, = try_channel({"mail": {"port": 1, **settings}, "messages": [message()]})
        expect(outcome, "invalid", words=words)


def test_messages_that_cannot_be_sent():
    with ScriptedSmtp() as server:
        wrong = (
            (message(to="nobody"), "exactly one @"),
            (message(to="a@b@c"), "exactly one @"),
            (message(to="đức@example.vn"), "letters beyond ASCII"),
            (message(to="a@example.vn\r\nRCPT TO:<b@example.vn>"), "exactly one @"),
            (message(to="a@example.vn\r\nBcc: b"), "domain"),
            (message(subject="one\r\nBcc: b@example.vn"), "subject"),
            (message(**{"from": {"address": "a@example.vn", "name": "x\nBcc: b@example.vn"}}), "name"),
            (message(id="a@b>\r\nX: y"), "Message-ID"),
            (message(id="no at"), "Message-ID"),
            (message(text="a\x01b"), "control"),
        )
        outcomes = send(server.port, *(one for one, _ in wrong), at_a_time=1)
        assert len(outcomes) == len(wrong)
        for outcome, (_, words) in zip(outcomes, wrong):
            expect(outcome, "invalid", words=words)
    assert server.lines == []


def test_a_domain_beyond_ascii():
    with ScriptedSmtp() as server:
        # "bücher" is RFC 3492's and everybody's example: xn--bcher-kva.
        outcome, = send(server.port, message(to="duc@bücher.example"))
        expect(outcome, "delivered")
    assert b"RCPT TO:<duc@xn--bcher-kva.example>" in server.lines


def test_many_at_a_time():
    count = 60
    with ScriptedSmtp() as server:
        attempt = Try({"room": 5, "mail": {"port": server.port, "at_a_time": 3},
                       "messages": [message(number) for number in range(count)]}, files=24)
        for outcome in attempt.outcomes():
            expect(outcome, "delivered")
    assert "most in flight: 3" in attempt.stderr, attempt.stderr
    ids = {email.message_from_bytes(raw)["message-id"] for raw in server.messages}
    assert len(server.messages) == count and len(ids) == count


if __name__ == "__main__":
    run_tests(globals())
