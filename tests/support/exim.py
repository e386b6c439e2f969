# SPDX-License-Identifier: MIT
"""A real mail server for tests: Exim of Debian, which takes one connection at a time from this program, as from inetd.

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

from channel import Authority, try_channel
from deployment import skip

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


def start_exim():
    if not os.access(EXIM, os.X_OK):
        skip("exim4-daemon-light is not installed")
    return Exim()
