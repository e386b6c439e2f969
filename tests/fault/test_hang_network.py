#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The network between the stages and their server swallows everything, for less and for longer than TCP is waited for."""
from deployment import run_tests
from places import tunnel
from upstream import Upstream, hang, scene


def test_network_swallows_everything():
    with tunnel() as way:
        with scene(way.cluster, **{"database.host": way.host}) as d:
            d.start()
            with Upstream(d) as upstream:
                for held_s in (6, 9, 25):
                    hang(d, upstream, way.swallow, way.let_through, held_s)
            upstream.check()


if __name__ == "__main__":
    run_tests(globals())
