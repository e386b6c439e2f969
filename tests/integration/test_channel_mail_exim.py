#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""E-mail through a real server: Exim of Debian, which takes one connection at a time from this program, as from inetd.

It runs without any right of root, in a folder of its own, takes mail for example.vn only, asks for TLS and (after it)
for a password, and delivers into a maildir.
"""
import atexit
import email
import email.policy
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading

from channel import Authority, expect, try_channel
from deployment import run_tests, skip

EXIM = "/usr/sbin/exim4"
USER = "Debian-exim"

CONFIGURATION = """
primary_hostname = mx.example.vn
exim_user = {uid}
exim_group = {gid}
never_users =
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
keep_environment =
deliver_drop_privilege = true
tls_advertise_hosts = *
tls_certificate = {certificate.cert}
tls_privatekey = {certificate.key}
auth_advertise_hosts = ${{if def:tls_in_cipher {{*}}{{}}}}
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
message_size_limit = 2M
domainlist local_domains = example.vn
begin acl
mail:
  deny !encrypted = *
       message = speak TLS first
  deny senders = stranger@example.vn
       !authenticated = *
       message = authenticate first
  accept
rcpt:
  deny !domains = +local_domains
       message = relay not permitted
  deny local_parts = nobody
       message = no such mailbox
  defer local_parts = later
       message = try again
  accept
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format = true
  directory = {folder}/mail
  create_directory
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and {{{{eq{{$auth2}}{{kipthoi}}}}{{eq{{$auth3}}{{a secret word}}}}}}}}
  server_set_id = $auth2
"""


class Exim:
    """A folder with its configuration, and a socket whose connections it is started for."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kipthoi-exim."))
        atexit.register(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.ca = Authority(self.folder)
        self.other_ca = Authority(self.folder, "other")
        certificate = self.ca.issue("server", "DNS:localhost", "IP:127.0.0.1")
        self.identity = {}
        uid, gid = os.getuid(), os.getgid()
        if uid == 0:
            entry = pwd.getpwnam(USER)
            uid, gid = entry.pw_uid, entry.pw_gid
            self.identity = {"user": uid, "group": gid, "extra_groups": []}
        for name in ("spool", "log", "mail"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, uid, gid)
        os.chown(certificate.key, uid, gid)
        (self.folder / "conf").write_text(
            CONFIGURATION.format(folder=self.folder, certificate=certificate, uid=uid, gid=gid))
        self.processes = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            with connection:
                # -odf: a message is delivered before its process ends.
                self.processes.append(subprocess.Popen(
                    [EXIM, "-C", self.folder / "conf", "-odf", "-bs"], stdin=connection, stdout=connection,
                    stderr=subprocess.DEVNULL, **self.identity))

    def send(self, *messages, security="starttls", **settings):
        """The outcomes, when every delivery has ended too."""
        outcomes = try_channel({"mail": {"host": "127.0.0.1", "port": self.port, "security": security,
                                         "ca_file": str(self.ca.cert), **settings}, "messages": list(messages)})
        for process in self.processes:
            process.wait(30)
        return outcomes

    def take_mail(self):
        """What lies in the maildir, which is emptied."""
        found = []
        for path in sorted((self.folder / "mail").glob("new/*")):
            found.append(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
            path.unlink()
        return found

    def log(self):
        path = self.folder / "log/mainlog"
        return path.read_text() if path.exists() else ""


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
    if not os.access(EXIM, os.X_OK):
        skip("exim4-daemon-light is not installed")
    exim = Exim()
    run_tests(globals())
