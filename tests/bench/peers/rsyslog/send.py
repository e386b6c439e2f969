#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pushes a file of events to rsyslog's imczmq, a message each, over CURVE.  Says "ready", begins when a line comes on standard
input, and leaves when that ends, so that what still is on its way is not dropped.

    send.py FILE PORT KEYS    KEYS is a folder with ingest.pub, sender.key, sender.pub
"""
import pathlib
import sys

import zmq


def main():
    file, port, keys = sys.argv[1:]
    key = lambda name: (pathlib.Path(keys) / name).read_bytes().strip()
    lines = pathlib.Path(file).read_bytes().splitlines()
    socket = zmq.Context().socket(zmq.PUSH)
    socket.curve_serverkey, socket.curve_secretkey, socket.curve_publickey = key("ingest.pub"), key("sender.key"), key("sender.pub")
    socket.connect(f"tcp://127.0.0.1:{port}")
    print("ready", flush=True)
    sys.stdin.readline()
    for line in lines:
        socket.send(line)
    sys.stdin.read()


if __name__ == "__main__":
    main()
