#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The machine's clock is set, by a day, while everything runs."""
import datetime
import os
import pathlib
import time

from deployment import run_tests, wait_until
from places import clock
from upstream import PROMISED_S, Upstream, scene, work_for


def waiting_dossier(number):
    """Received an hour ago, due in twelve."""
    now = datetime.datetime.now(datetime.timezone.utc)
    received, due = now - datetime.timedelta(hours=1), now + datetime.timedelta(hours=12)
    return {"specversion": "1.0", "id": f"D{number}", "source": "urn:test:a", "type": "vn.kipthoi.dossier.received.v1",
            "time": received.isoformat(), "data": {"dossier": f"D{number}", "unit": "U1", "received": received.isoformat(),
                                                   "due": due.isoformat()}}


def test_clock_is_set():
    """By a day, ahead and back, under server and stages; ingest starts anew while it is a day behind."""
    with clock(pathlib.Path(os.environ["KIPTHOI_BIN"])) as wall:
        with scene(wall.cluster) as d:
            d.start()
            with Upstream(d, waiting_dossier) as upstream:
                assert d.value("SELECT count(*) FROM dossier WHERE promise = 'overdue'") == 0
                for name, seconds in (("a day ahead", 86400), ("right again", 0), ("a day behind", -86400)):
                    wall.step(seconds)
                    wrong_s = d.value("SELECT extract(epoch FROM clock_timestamp())::float8") - time.time()
                    assert abs(wrong_s - seconds) < 60, wrong_s
                    print(f"  {name}: an event took {work_for(d, upstream, 4):.1f} s at most")
                    if seconds > 0:
                        wait_until(lambda: d.value("SELECT count(*) FROM duty"), "a promise is broken by the clock", PROMISED_S)
                d.kill("ingest")
                d.start("ingest")
                print(f"  ingest started anew a day behind: an event took {work_for(d, upstream, 4):.1f} s at most")
                wall.step(0)
                work_for(d, upstream, 4)
            upstream.check()


if __name__ == "__main__":
    run_tests(globals())
