# SPDX-License-Identifier: MIT
"""How long the auditor's question takes, "which steps were due and nobody took", with many steps waiting.

    tests/support/cluster.sh start /tmp/cluster
    KIPTHOI_BIN=build/dev/bin KIPTHOI_TEST_CLUSTER=/tmp/cluster PYTHONPATH=tests/support python3 tests/bench/bench_steps.py [ROWS [MISSED]]

Prints the plans with their times, of the queries of `kipthoi alerts due --missed`, and passes no judgement.
"""
import sys

from deployment import ROOT, Deployment

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MISSED = int(sys.argv[2]) if len(sys.argv) > 2 else 100
DEPLOYMENT = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh"}, sources=())

with DEPLOYMENT as d, d.connect() as c:
    c.execute("INSERT INTO source (name) VALUES ('urn:a')")
    c.execute("INSERT INTO unit (code) SELECT 'U' || n FROM generate_series(1, 1000) n")
    # One a second from now on, in the order of dossiers, not of time; MISSED of them were due before.
    c.execute("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, code, state)
        SELECT 1, u.unit_id, 1, 1, now() + interval '1 s' * (n::bigint * 7919 %% %s - %s), now(), 'D' || n, 'waiting'
        FROM generate_series(1, %s) n JOIN unit u ON u.code = 'U' || (n %% 1000 + 1)""", [ROWS, MISSED, ROWS])
    c.execute("VACUUM ANALYZE step")
    for name in ("alerts_missed", "alerts_due"):
        text = (ROOT / f"schema/queries/{name}.sql").read_text()
        for i, value in ((4, "100"), (3, "now()"), (2, "NULL"), (1, "(now() - interval '1 s')")):
            text = text.replace(f"${i}", value)
        for _ in range(2):
            plan = c.execute("EXPLAIN (ANALYZE, BUFFERS) " + text).fetchall()
        print(f"\n{name}, {ROWS} steps wait")
        print(*(row[0] for row in plan), sep="\n")
