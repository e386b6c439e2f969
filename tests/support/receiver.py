# SPDX-License-Identifier: MIT
"""A receiver of webhooks for tests: Python's http.server, with TLS, that keeps every request.

    with Receiver(certificate, answer=lambda request: (204, {}, b"")) as receiver:
        receiver.url()                          # https://localhost:PORT/token-77
        receiver.requests                       # method, path, headers (lower case), body

answer may return Receiver.SILENT: no answer is given until the test ends; or a function that writes to the connection.
"""
import base64
import hashlib
import hmac
import http.server
import socket
import threading

import nacl.exceptions
import nacl.signing


class Request:
    def __init__(self, method, path, headers, body):
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body

    def signatures(self):
        return self.headers["webhook-signature"].split(" ")

    def content(self):
        return b".".join((self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body))

    def verify_hmac(self, secret):
        """True when one of the signatures is that of whsec_..., by Python's hmac."""
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        expected = "v1," + base64.b64encode(hmac.new(key, self.content(), hashlib.sha256).digest()).decode()
        return any(hmac.compare_digest(expected, signature) for signature in self.signatures())

    def verify_ed25519(self, public_key):
        """True when one of the signatures is valid under the 32 bytes of a public key, by PyNaCl."""
        key = nacl.signing.VerifyKey(public_key)
        for signature in self.signatures():
            version, _, text = signature.partition(",")
            if version == "v1a":
                try:
                    key.verify(self.content(), base64.b64decode(text, validate=True))
                    return True
                except nacl.exceptions.BadSignatureError:
                    pass
        return False


class Receiver:
    SILENT = object()

    def __init__(self, certificate=None, answer=None, address="127.0.0.1"):
        self.requests = []
        self.answer = answer or (lambda request: (204, {}, b""))
        self.certificate = certificate
        self.ended = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                if receiver.certificate:
                    # Here, and not where connections are accepted: a handshake that fails must not end the server.
                    self.request = receiver.context.wrap_socket(self.request, server_side=True)
                super().setup()

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.requests.append(request)
                answer = receiver.answer(request)
                if answer is receiver.SILENT:
                    receiver.ended.wait(120)
                    self.close_connection = True
                elif callable(answer):
                    answer(self.wfile)
                    self.close_connection = True
                else:
                    self._send(*answer)

            do_GET = do_POST

            def _send(self, status, headers, body):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that goes away in the middle is what some tests are about

        if certificate:
            self.context = certificate.context()
        self.server = Server((address, 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(30)

    def url(self, path="/token-77", host="localhost"):
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}{path}"
