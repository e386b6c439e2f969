#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""E-mail through a real server (tests/support/exim.py)."""
import os

from channel import expect
from deployment import run_tests
from exim import start_exim


def message(to="tiep.dan@example.vn", **more):
    return {"id": "letter-7@kipthoi.example.vn", "date_us": 1795914123 * 1000000,
            "from": {"address": "motcua@example.vn", "name": "Bộ phận Một cửa"}, "to": {"address": to},
            "subject": "Thư xin lỗi về việc hồ sơ của ông Nguyễn Văn Đức bị trễ hẹn trả kết quả",
            "text": "Kính gửi ông,\n", "html": "<p>Kính gửi ông,</p>\n", **more}


def test_message_with_letter_arrives():
    pdf = bytes(range(256)) * 500
    path = exim.folder / "letter.pdf"
    path.write_bytes(pdf)
    outcome, = exim.send(message(attachments=[{"name": "Thư xin lỗi.pdf", "file": str(path)}]))
    expect(outcome, "delivered", 250, "OK id=")
    arrived, = exim.take_mail()
    assert arrived["subject"] == message()["subject"], arrived["subject"]
    assert str(arrived["from"]) == "Bộ phận Một cửa <motcua@example.vn>", arrived["from"]
    assert arrived["message-id"] == "<letter-7@kipthoi.example.vn>"
    assert arrived.get_body(("plain",)).get_content().splitlines() == ["Kính gửi ông,"]
    assert arrived.get_body(("html",)).get_content().splitlines() == ["<p>Kính gửi ông,</p>"]
    part, = arrived.iter_attachments()
    assert part.get_filename() == "Thư xin lỗi.pdf" and part.get_content() == pdf
    assert " TLS1." in arrived["received"] or "(TLS1." in arrived["received"], arrived["received"]


def test_password_goes_over_tls():
    password = exim.folder / "password"
    password.write_text("a secret word\n")
    password.chmod(0o600)
    stranger = message(**{"from": {"address": "stranger@example.vn"}})
    outcome, = exim.send(stranger)
    expect(outcome, "retry", 550, "authenticate first")
    outcome, = exim.send(stranger, user="kipthoi", password_file=str(password))
    expect(outcome, "delivered", 250)
    assert "A=plain:kipthoi" in exim.log()
    exim.take_mail()
    password.write_text("another word\n")
    outcome, = exim.send(stranger, user="kipthoi", password_file=str(password))
    expect(outcome, "retry", 535, ("127.0.0.1", "password was refused"))
    assert "another word" not in outcome["text"]
    assert exim.take_mail() == []


def test_refused_recipients():
    outcomes = exim.send(message(to="nobody@example.vn"), message(to="a@elsewhere.example"), message(to="later@example.vn"))
    expect(outcomes[0], "refused", 550, ("nobody@example.vn", "no such mailbox"))
    expect(outcomes[1], "refused", 550, ("a@elsewhere.example", "relay not permitted"))
    expect(outcomes[2], "retry", 451, "later@example.vn")
    assert exim.take_mail() == []


def test_server_that_asks_for_tls():
    outcome, = exim.send(message(), security="none")
    expect(outcome, "retry", 550, "speak TLS first")
    assert exim.take_mail() == []


def test_too_large_for_the_server():
    path = exim.folder / "large.pdf"
    path.write_bytes(os.urandom(3 << 20))
    outcome, = exim.send(message(attachments=[{"name": "large.pdf", "file": str(path)}]))
    expect(outcome, "refused", 552)
    assert exim.take_mail() == []


def test_certificate_of_another_authority():
    sent = exim.log()
    outcome, = exim.send(message(), ca_file=str(exim.other_ca.cert))
    expect(outcome, "certificate", 0, ("127.0.0.1", "certificate"))
    # The system's authorities do not know it either.
    outcome, = exim.send(message(), ca_file=None)
    expect(outcome, "certificate", 0, "127.0.0.1")
    assert exim.take_mail() == [] and exim.log().count("<=") == sent.count("<=")


def test_certificate_of_another_name():
    certificate = exim.ca.issue("wrong", "DNS:mx.elsewhere.example")
    configuration = exim.folder / "conf"
    before = configuration.read_text()
    if exim.identity:
        os.chown(certificate.key, exim.identity["user"], exim.identity["group"])
    configuration.write_text(before.replace("/server.", "/wrong."))
    try:
        outcome, = exim.send(message())
    finally:
        configuration.write_text(before)
    expect(outcome, "certificate", 0, "127.0.0.1")
    assert exim.take_mail() == []


def test_many_messages():
    outcomes = exim.send(*(message(id=f"letter-{n}@kipthoi.example.vn") for n in range(12)), at_a_time=3)
    assert [outcome["outcome"] for outcome in outcomes] == ["delivered"] * 12
    assert {m["message-id"] for m in exim.take_mail()} == {f"<letter-{n}@kipthoi.example.vn>" for n in range(12)}


if __name__ == "__main__":
    exim = start_exim()
    run_tests(globals())
