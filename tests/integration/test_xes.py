# SPDX-License-Identifier: MIT
"""XES logs through kipthoi send: plain and packed, what a map may ask for, and what is refused with its place."""
import gzip
import json

from deployment import Deployment, run_tests

MAP = """[source]
source = urn:test:log
format = xes
time_format = rfc3339
time_zone = Europe/Amsterdam

[event received]
each = trace
type = received
id = {trace:concept:name}:received
time = trace:start
data.dossier = {trace:concept:name}
data.received = time(trace:start)
data.due = time(trace:due)
data.channel = {trace:channel}

[event finished]
when = event:concept:name = close
type = finished
id = {trace:concept:name}/{event:index}
time = time(event:day, %Y-%m-%d)
data.dossier = {trace:concept:name}
data.finished = time(event:day, %Y-%m-%d)

[event asked]
when = event:concept:name = ask
type = supplement_requested
id = {trace:concept:name}/{event:index}
time = event:time:timestamp
data.dossier = {trace:concept:name}
data.reason = {event:why}
"""

LOG = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<trace>
<string key="concept:name" value="A"/><date key="start" value="2015-06-01T09:00:00.500+02:00"/>
<event><string key="concept:name" value="look"/></event>
<event><string key="concept:name" value="ask"/><date key="time:timestamp" value="2015-06-03T09:00:00+02:00"/>
<string key="why" value="bản sao &amp; ảnh"/></event>
<event><string key="concept:name" value="close"/><string key="day" value="2015-06-20"/></event>
<date key="due" value="2015-06-30T00:00:00+02:00"/><string key="channel" value="desk"/>
</trace>
<trace>
<string key="concept:name" value="B"/><date key="start" value="2015-07-01T09:00:00+02:00"/>
<event><string key="concept:name" value="close"/><string key="day" value="20 June"/></event>
</trace>
</log>
"""


def event(what, number, time, **data):
    return {"specversion": "1.0", "source": "urn:test:log", "type": f"vn.kipthoi.dossier.{what}.v1", "id": number,
            "time": time, "data": data}


GOOD = [
    event("received", "A:received", "2015-06-01T09:00:00.500+02:00", dossier="A", channel="desk",
          received="2015-06-01T09:00:00.500+02:00", due="2015-06-30T00:00:00+02:00"),
    event("supplement_requested", "A/2", "2015-06-03T09:00:00+02:00", dossier="A", reason="bản sao & ảnh"),
    event("finished", "A/3", "2015-06-20T00:00:00+02:00", dossier="A", finished="2015-06-20T00:00:00+02:00"),
    event("received", "B:received", "2015-07-01T09:00:00+02:00", dossier="B", received="2015-07-01T09:00:00+02:00"),
]


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def dry(d, log, mapping, check):
    done = d.send(log, "--map", mapping, "--dry-run", check=check)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def write(d, text, mapping=MAP):
    log, map_file = d.dir / "cases.xes", d.dir / "cases.map"
    log.write_text(text, encoding="utf-8")
    map_file.write_text(mapping, encoding="utf-8")
    return log, map_file


def test_plain_and_packed_logs_become_the_same_events():
    with Deployment() as d:
        log, mapping = write(d, LOG)
        packed = d.dir / "packed"
        packed.write_bytes(gzip.compress(LOG.encode()))
        for file in (log, packed):
            events, told = dry(d, file, mapping, 1)
            assert events == GOOD, events
            bad = line_of(LOG, "20 June")
            assert f'{file}:{bad}: event:day: "20 June" does not read as %Y-%m-%d' in told, told
            assert "4 events, 1 bad rows" in told, told
        d.start()
        answer = json.loads(d.send(log, "--map", mapping, "--json", check=1).stdout)
        assert (answer["events"], answer["accepted"], answer["bad_rows"]) == (4, 4, 1), answer
        answer = json.loads(d.send(packed, "--map", mapping, "--json", check=1).stdout)
        assert (answer["accepted"], answer["duplicate"]) == (0, 4), answer
        d.wait_settled()
        assert d.sql("SELECT code FROM dossier ORDER BY code") == [("A",), ("B",)]
        d.audit()


def test_column_that_never_occurs_is_named_at_the_end():
    with Deployment() as d:
        mapping = MAP.replace("trace:channel", "trace:chanel")
        log, map_file = write(d, LOG.replace("20 June", "2015-07-20"), mapping)
        events, told = dry(d, log, map_file, 1)
        assert len(events) == len(GOOD) + 1, events
        assert f'{map_file}:{line_of(mapping, "chanel")}: no trace of the whole log has "trace:chanel"' in told, told
        log, map_file = write(d, LOG.replace("20 June", "2015-07-20"))
        events, told = dry(d, log, map_file, 0)
        assert len(events) == len(GOOD) + 1, events


def test_what_cannot_be_read_is_named_with_its_place():
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">\n' for n in range(10))
    with Deployment() as d:
        log, mapping = write(d, LOG.replace("</log>", "</lock>"))
        events, told = dry(d, log, mapping, 1)
        assert events == GOOD
        assert f"{log}:{line_of(LOG, '</log>')}: is not well-formed XML: mismatched tag" in told, told
        log, mapping = write(d, f"<!DOCTYPE log [\n{bomb}]>\n" + LOG[LOG.index("<log"):].replace("ask", "&l9;"))
        events, told = dry(d, log, mapping, 1)
        assert events == [] and f"{log}:1: has a DOCTYPE" in told, told
        log, mapping = write(d, "case,start\nA,2015\n")
        events, told = dry(d, log, mapping, 1)
        assert events == [] and f"{log}:1: is not well-formed XML" in told, told
        # A map that cannot be: nothing is read.
        log, mapping = write(d, LOG, MAP.replace("{trace:concept:name}/{event:index}", "{case}/{event:index}", 1))
        told = d.send(log, "--map", mapping, "--dry-run", check=2).stderr
        assert f"{mapping}:{line_of(mapping.read_text(), '{case}')}: case: a column of a log is" in told, told


if __name__ == "__main__":
    run_tests(globals())
