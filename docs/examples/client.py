#!/usr/bin/python3
"""Sends one event and prints what became of it: client.py ENDPOINT SERVER_PUB_FILE SECRET_FILE PUBLIC_FILE EVENT_FILE

Leaves 0 when the event is stored (accepted or duplicate).  Sending the same event again is always safe.
"""
import sys
import zmq

if len(sys.argv) != 6:
    sys.exit("usage: " + __doc__.splitlines()[0].partition(": ")[2])
endpoint, *files = sys.argv[1:]
try:
    server, secret, public, event = (open(name, "rb").read().strip() for name in files)
except OSError as error:
    sys.exit(f"{error.filename}: {error.strerror}")
socket = zmq.Context().socket(zmq.REQ)  # adds the empty frame by itself
socket.curve_serverkey, socket.curve_secretkey, socket.curve_publickey = server, secret, public
socket.linger, socket.rcvtimeo = 0, 10000
socket.connect(endpoint)
socket.send_multipart([b"KTP/1 EVENT 1", event])
try:
    answer = socket.recv_multipart()[-1].decode().strip()
except zmq.Again:
    answer = "no answer within 10 s: is the endpoint right and the key allowed? (kipthoi allow)"
print(answer)
sys.exit(0 if answer in ("accepted", "duplicate") else 1)
