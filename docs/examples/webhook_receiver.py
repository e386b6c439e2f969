#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A receiver of Kịp Thời's webhooks with nothing but Python: verifies, takes each message once, answers at once.

    WEBHOOK_SECRET=whsec_... python3 webhook_receiver.py PORT

It listens on 127.0.0.1 and speaks plain HTTP: put a server with TLS (nginx, say) in front of it.  Port 0 takes a free one
and prints it.  What is received goes to standard output, a line each.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

TOLERANCE_S = 5 * 60   # an older or newer timestamp may be a request that somebody recorded
BODY_MAX = 20000


def is_genuine(secrets, headers, body, now_s):
    """True when one of the signatures was made with one of the secrets, a short time ago."""
    try:
        age_s = now_s - int(headers["webhook-timestamp"])
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        signatures = headers["webhook-signature"].split()
    except (TypeError, ValueError, AttributeError):
        return False
    if abs(age_s) > TOLERANCE_S:
        return False
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures):
            return True
    return False


class Handler(http.server.BaseHTTPRequestHandler):
    secrets = os.environ["WEBHOOK_SECRET"].split()  # two of them while changing over
    taken = set()  # in a real receiver: a table with webhook-id as its key, in the transaction that takes the message

    def do_POST(self):
        length = int(self.headers["content-length"] or 0)
        body = self.rfile.read(length) if length <= BODY_MAX else b""
        if not is_genuine(self.secrets, self.headers, body, time.time()):
            self._answer(401)
            return
        if self.headers["webhook-id"] not in self.taken:
            self.taken.add(self.headers["webhook-id"])
            # Only kept here; what takes long is done later, when the answer is out.
            print(self.headers["webhook-id"], json.loads(body)["type"], flush=True)
        self._answer(204)

    def _answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
