#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loads a file of events into the table with the trigger, by COPY, a transaction for every 2000, the batch of
kipthoi-ingest.  Says "ready", begins when a line comes on standard input, says "done" after the last COMMIT, and leaves when
standard input ends.

    load.py FILE    PG* variables name the database
"""
import itertools
import sys

import psycopg

BATCH = 2000


def main():
    with psycopg.connect(application_name="peer", autocommit=True) as connection, open(sys.argv[1], encoding="utf-8") as file:
        cursor = connection.cursor()
        print("ready", flush=True)
        sys.stdin.readline()
        while lines := list(itertools.islice(file, BATCH)):
            with cursor.copy("COPY event (payload) FROM STDIN") as copy:
                copy.write("".join(lines).replace("\\", "\\\\"))
        print("done", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
