#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Webhooks verified by the official library of the specification (npm: standardwebhooks), as receivers use it.

It knows symmetric signatures only; asymmetric ones are verified by PyNaCl in test_channel_webhook.py.
"""
import atexit
import base64
import json
import pathlib
import shutil
import subprocess
import tempfile

from channel import Authority, expect, try_channel
from deployment import ROOT, run_tests, skip
from receiver import Receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(200, 224))).decode()
NEW_SECRET = "whsec_" + base64.b64encode(bytes(range(64))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()

folder = pathlib.Path(tempfile.mkdtemp(prefix="kipthoi-library."))
atexit.register(shutil.rmtree, folder)


def install():
    """The library in its locked version; without npm, or where npm reaches no registry, the test is skipped."""
    for name in ("package.json", "package-lock.json", "check.js"):
        shutil.copy(ROOT / "tests/support/webhook" / name, folder)
    if not shutil.which("npm") or not shutil.which("node"):
        skip("npm is not installed")
    made = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                          capture_output=True, text=True, timeout=300)
    if made.returncode != 0:
        skip(f"npm cannot install the library: {made.stderr.strip().splitlines()[:1]}")


def verify(*requests):
    """One line per (secret, request, body)."""
    document = [{"secret": secret, "body": body.decode(), "headers": request.headers}
                for secret, request, body in requests]
    checked = subprocess.run(["node", "check.js"], cwd=folder, input=json.dumps(document), capture_output=True,
                             text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr
    return checked.stdout.splitlines()


def test_library_verifies():
    ca = Authority(folder)
    payload = '{"type":"letter.owed","timestamp":"2026-11-29T01:02:03Z","data":{"name":"Nguyễn Văn Đức"}}'
    with Receiver(ca.issue("server", "DNS:localhost")) as receiver:
        outcome, = try_channel({
            "webhook": {"ca_file": str(ca.cert), "allow": "127.0.0.1"},
            "messages": [{"url": receiver.url(), "id": "msg_7", "payload": payload, "secrets": [NEW_SECRET, SECRET]}]})
        expect(outcome, "delivered")
    request, = receiver.requests
    results = verify((SECRET, request, request.body), (NEW_SECRET, request, request.body),
                     (OTHER_SECRET, request, request.body), (SECRET, request, request.body + b" "))
    assert results[:2] == ["verified", "verified"], results
    assert all("No matching signature" in line for line in results[2:]) and len(results) == 4, results


if __name__ == "__main__":
    install()
    run_tests(globals())
