# SPDX-License-Identifier: MIT
"""What the tests of the delivery channels share: an authority for certificates, channel_try, and an SMTP server that does
exactly what a script says.

    ca = Authority(folder)
    server = ca.issue("server", "DNS:localhost", "IP:127.0.0.1")       # a Certificate: .cert, .key, .context()
    outcomes = try_channel({"mail": {...}, "messages": [...]})         # one dict per message, in order
    with ScriptedSmtp({b"RCPT": b"550 no\r\n"}) as smtp: ...
"""
import json
import os
import pathlib
import resource
import signal
import socket
import ssl
import subprocess
import threading

from deployment import TROUBLE, wait_until

BIN = pathlib.Path(os.environ.get("KIPTHOI_BIN", ""))


class Certificate:
    def __init__(self, cert, key):
        self.cert = cert
        self.key = key

    def context(self):
        """For a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


class Authority:
    """A certificate authority that only a test trusts, made by openssl."""

    def __init__(self, folder, name="authority"):
        self.folder = pathlib.Path(folder)
        self.cert = self.folder / f"{name}.pem"
        self.key = self.folder / f"{name}.key"
        self._openssl("req", "-x509", *self._new_key(self.key), "-out", self.cert, "-subj", f"/CN={name}",
                      "-days", "2", "-addext", "basicConstraints=critical,CA:TRUE")

    def issue(self, name, *alternatives, days=2):
        """A certificate for names and addresses: "DNS:localhost", "IP:127.0.0.1"."""
        cert, key, request = (self.folder / f"{name}.{end}" for end in ("pem", "key", "csr"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\nbasicConstraints=CA:FALSE\n")
        self._openssl("req", *self._new_key(key), "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key, "-CAcreateserial",
                      "-out", cert, "-days", str(days), "-extfile", extensions)
        return Certificate(cert, key)

    @staticmethod
    def _new_key(path):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path)

    @staticmethod
    def _openssl(*arguments):
        made = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        assert made.returncode == 0, f"openssl {arguments[0]}: {made.stderr}"


class Try:
    """channel_try at work on a document."""

    def __init__(self, document, environment=None, files=None):
        """files: so many descriptors may be open, which shows those that are not closed."""
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
        self.process = subprocess.Popen([BIN / "channel_try"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, **(environment or {})}, preexec_fn=limit)
        self.process.stdin.write(json.dumps(document))
        self.process.stdin.close()
        self.process.stdin = None  # communicate would flush it

    def stop(self):
        self.process.send_signal(signal.SIGTERM)

    def outcomes(self, timeout=60):
        """Waits for the end; a dict per line that was printed, in the order of the messages."""
        try:
            out, self.stderr = self.process.communicate(timeout=timeout)
        finally:
            self.process.kill()
        assert self.process.returncode == 0 and not TROUBLE.search(self.stderr), \
            f"channel_try: exit {self.process.returncode}\n{self.stderr}"
        lines = [json.loads(line) for line in out.splitlines()]
        for line in lines:
            assert "\n" not in line["text"] and line["text"], line
        return sorted(lines, key=lambda line: line["message"])


def try_channel(document, timeout=60, environment=None):
    return Try(document, environment).outcomes(timeout)


def expect(outcome, name, code=None, words=()):
    """Checks one outcome and returns it."""
    assert outcome["outcome"] == name, f"{name} expected: {outcome}"
    assert code is None or outcome["code"] == code, f"{code} expected: {outcome}"
    for word in (words,) if isinstance(words, str) else words:
        assert word in outcome["text"], f'"{word}" expected: {outcome}'
    return outcome


class ScriptedSmtp:
    """An SMTP server on a free port that takes every connection and leaves each answer to the test.

    answers maps what came to what is sent back: b"" is the greeting, a verb such as b"RCPT" every command that begins
    with it, b"." the final dot.  None cuts the connection, HOLD says nothing until the test ends.  b"body": None cuts
    it at the first line of a message.
    """
    HOLD = object()
    GOOD = {b"": b"220 mx.example.vn\r\n", b"EHLO": b"250-mx.example.vn\r\n250 SIZE 1000000\r\n", b"MAIL": b"250 ok\r\n",
            b"RCPT": b"250 ok\r\n", b"DATA": b"354 go\r\n", b".": b"250 taken\r\n", b"QUIT": b"221 bye\r\n"}

    def __init__(self, changes=None, certificate=None, address="127.0.0.1"):
        self.context = certificate.context() if certificate else None  # TLS from the first byte
        self.answers = {**self.GOOD, **(changes or {})}
        self.lines = []     # all that was said, over all connections
        self.messages = []  # bytes between DATA and the final dot, complete ones
        self.cut_at = []    # messages that were cut: the lines that had come
        self.listener = socket.create_server(
            (address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.port = self.listener.getsockname()[1]
        self.ended = threading.Event()
        self.held = threading.Event()
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        # close() alone leaves a thread in accept() waiting.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(30)

    def wait_held(self):
        wait_until(self.held.is_set, "the server comes to the point where it says nothing")

    def _accept(self):
        workers = []
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                break
            workers.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            workers[-1].start()
        for worker in workers:
            worker.join(30)

    def _serve(self, connection):
        with connection:
            try:
                if self.context:
                    connection = self.context.wrap_socket(connection, server_side=True)
                with connection, connection.makefile("rb") as lines:
                    self._converse(connection, lines)
            except OSError:
                pass  # the other side has gone

    def _converse(self, connection, lines):
        if not self._say(connection, b""):
            return
        for line in lines:
            line = line.rstrip(b"\r\n")
            self.lines.append(line)
            verb = line.split(b" ")[0].upper()
            if not self._say(connection, verb):
                return
            if verb == b"DATA" and self.answers[b"DATA"].startswith(b"354"):
                if not self._take_message(lines) or not self._say(connection, b"."):
                    return

    def _take_message(self, lines):
        kept = []
        for line in lines:
            if line == b".\r\n":
                self.messages.append(b"".join(kept))
                return True
            kept.append(line)
            if self.answers.get(b"body", b"") is None:
                break
        self.cut_at.append(kept)
        return False

    def _say(self, connection, verb):
        answer = self.answers.get(verb, b"502 unknown\r\n")
        if answer is self.HOLD:
            self.held.set()
            self.ended.wait(120)
            return False
        if callable(answer):
            answer = answer()
        if answer is not None:
            connection.sendall(answer)
        return answer is not None
