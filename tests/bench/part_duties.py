# SPDX-License-Identifier: MIT
"""Duties: how long it takes to open them, to take the steps of the ladder that are due, and to gather what officials are to hear
into messages, for --duties late dossiers at once; and at half of that pace, how long an event takes to its alert on the feed."""
import json

from alert_pace import alert_times_ms
from meter import memory_mib
from part_latency import quantiles
from stand import send, wait_settled, wait_until

UNITS = 50
MESSAGES = {"notifier.group_wait": "2s", "notifier.group_interval": "5s"}


def options(parser):
    parser.add_argument("--duties", type=int, default=20000, help="late dossiers at once (default %(default)s)")


def _late(number):
    return {"specversion": "1.0", "id": f"late-{number}", "source": "urn:bench:a", "type": "vn.kipthoi.dossier.received.v1",
            "time": "2026-06-01T09:00:00+07:00",
            "data": {"dossier": f"late-{number}", "unit": f"P{number % UNITS:02}", "field": f"F{number % 7}",
                     "received": "2026-06-01T09:00:00+07:00", "due": "2026-06-09T10:00:00+07:00"}}


def _write(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(_late(number)) + "\n" for number in range(count))
    return path


def _recipients(d):
    # No mail server is configured: their messages wait in the outbox, and no network is measured.
    d.sql("""INSERT INTO recipient (unit_id, role, channel, address)
        SELECT unit_id, role, 'email', role || '@' || lower(code) || '.example.vn'
        FROM unit, unnest('{officer,head}'::text[]) role WHERE unit_id > 0""")


def _at_half(stand, rate, seconds):
    """Messages wait for more, as they do by default."""
    with stand.deployment() as d:
        d.sql("INSERT INTO unit (code) SELECT 'P' || lpad(n::text, 2, '0') FROM generate_series(0, %s) n ON CONFLICT DO NOTHING", UNITS - 1)
        _recipients(d)
        d.start()
        send(d, _write(stand.scratch("first.ndjson"), 1))   # the feed repeats topics that there are
        times = quantiles(alert_times_ms(d, lambda number: _late(number + 1), rate, seconds))
        wait_settled(d)
    print(f"  event to alert at {rate} duties/s: median {times['p50_ms']:.0f} ms, p99 {times['p99_ms']:.0f} ms")
    return {"rate_per_s": rate, **times}


def run(stand, choice):
    count = choice.duties
    done = {
        "duties opened": f"SELECT count(*) = {count} FROM duty",
        "steps taken": f"SELECT count(*) = {2 * count} FROM step WHERE state <> 'waiting'",
        "digests and messages": f"""SELECT (SELECT sum(items) FROM message WHERE kind = 'digest') = {2 * count}
            AND NOT EXISTS (SELECT FROM notice WHERE message_id IS NULL) AND (SELECT count(*) FROM notice) = {2 * count}""",
    }
    with stand.deployment(MESSAGES) as d:
        d.start("ingest", "scorer")
        send(d, _write(stand.scratch("late.ndjson"), count))
        wait_until(lambda: d.value("SELECT count(*) FROM dossier WHERE promise = 'overdue'") == count, "all is judged", 600)
        _recipients(d)
        with stand.meter(d) as meter:
            d.start("notifier")

            def looked():
                for name, query in done.items():
                    if name not in meter.marks and d.value(query):
                        meter.mark(name)
                return len(meter.marks) == len(done)
            wait_until(looked, lambda: f"{meter.marks}", 3600)
        wait_settled(d)
        memory = memory_mib(d.pid("notifier"))
    for name, seconds in meter.marks.items():
        print(f"  {name:<22} after {seconds:6.1f} s   {count / seconds:9.0f} duties/s")
    half = _at_half(stand, int(count / max(meter.marks.values()) / 2), min(choice.seconds, 30))
    return {"duties": count, "units": UNITS, "marks_s": meter.marks, "alert_at_half": half, "memory_mib": {"notifier": memory}}
