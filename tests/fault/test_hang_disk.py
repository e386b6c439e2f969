#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The server's disk is full: it stores nothing, or it ends itself."""
import harm
from deployment import run_tests
from places import small_disk
from upstream import Upstream, hang, scene


def test_disk_is_full():
    with small_disk(size_mb=192) as disk:
        with scene(disk.cluster) as d:
            d.start()
            with Upstream(d) as upstream:
                hang(d, upstream, disk.fill, disk.empty, 8, not_ready=("ingest",))
            upstream.check()


def test_disk_is_full_for_the_log_of_the_database():
    """PostgreSQL itself ends when its write-ahead log finds no room; somebody makes room and starts it again."""
    with small_disk(size_mb=192) as disk:
        with scene(disk.cluster) as d:
            d.start()

            def hold():
                disk.fill()
                harm.exhaust_log(d)

            def release():
                disk.empty()
                disk.cluster.immediate()
                disk.cluster.resume()

            with Upstream(d) as upstream:
                hang(d, upstream, hold, release, 8)
            upstream.check()


if __name__ == "__main__":
    run_tests(globals())
