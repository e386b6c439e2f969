# SPDX-License-Identifier: MIT
"""What people type and read: mistakes are named with a way out, answers keep their names, exit codes mean what they say."""
import contextlib
import csv
import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import unicodedata

from deployment import ROOT, STAGES, Deployment, finished, run_tests, wait_until

DUE = "2015-06-02T00:00:00-04:00"
MISSED_DUE = "2015-05-02T00:00:00-04:00"
# design.md names these; the others may only be added to.
RATE_NAMES = ["unit", "field", "procedure", "window", "rule", "early", "on_time", "late", "finished", "overdue", "rate",
              "target", "met", "as_of"]
FURTHER_RATE_NAMES = ["in_time", "paused", "excluded", "counted", "over", "rate_finished", "rate_with_overdue", "rate_portal", "score"]


def opened(dossier, due, unit="U1", source="urn:test:a"):
    """A dossier that was received and nothing more."""
    event = finished(dossier, due=due, unit=unit, source=source)
    event["type"] = "vn.kipthoi.dossier.received.v1"
    event["id"] = f"{dossier}-received"
    event["time"] = event["data"]["received"]
    del event["data"]["finished"]
    return event


def stage(d, name, *arguments):
    """Runs a stage with arguments that make it leave by itself."""
    return subprocess.run([str(d.bin / f"kipthoi-{name}"), *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"})


def one_line(text):
    lines = text.splitlines()
    assert len(lines) == 1, f"one line was expected:\n{text}"
    return lines[0]


# Configuration.

MISTAKES = [
    ("[ingest]\nendpiont = tcp://127.0.0.1:1\n", 2, "ingest.endpiont"),
    ("[ingest]\n\nconnections = many\n", 3, "ingest.connections"),
    ("[database]\nport = 5432\n[nonsense]\nkey = 1\n", 4, "nonsense.key"),
    ("[deployment]\nclock = noon\n", 2, "deployment.clock"),
    ("[deployment]\nlog_level = loud\n", 2, "deployment.log_level"),
    ("[scorer]\npoll = 5 fortnights\n", 2, "scorer.poll"),
    ("[ingest]\ncurve = maybe\n", 2, "ingest.curve"),
    ("[ingest]\nqueue_bytes = -1\n", 2, "ingest.queue_bytes"),
    ("[ingest]\nworker = " + "w" * 300 + "\n", 2, "line"),
    ("[ingest]\nwhat is this\n", 2, "neither [section] nor key = value"),
]


def test_a_mistake_in_the_configuration_is_one_line_with_its_place():
    with Deployment() as d:
        wrong = d.dir / "wrong.conf"
        for text, line, word in MISTAKES:
            wrong.write_text(text)
            answers = [stage(d, name, "--config", wrong) for name in STAGES]
            answers.append(d.kipthoi("--config", wrong, "status"))
            for done in answers:
                told = one_line(done.stderr)
                assert done.returncode == 2, (text, done.returncode, told)
                assert f"{wrong}:{line}: " in told and word in told, (text, told)
        wrong.write_text("[ingest]\nendpiont = a\n[sender]\nendpiont = b\n")
        told = d.kipthoi("--config", wrong, "status", check=2).stderr.splitlines()
        assert [line.partition(": ")[2].partition(": there")[0] for line in told] == [
            f"{wrong}:2: ingest.endpiont", f"{wrong}:4: sender.endpiont"], told
        for path, word in ((d.dir / "absent.conf", "No such file"), (d.dir, "Is a directory")):
            told = one_line(d.kipthoi("--config", path, "status", check=2).stderr)
            assert f"{path}: {word}" in told, told
        assert "KIPTHOI_CONF" in one_line(d.kipthoi("--config", "/absent.conf", "status", check=2).stderr)
        for assignment, word in (("ingest.prot=1", "ingest.prot"), ("nothing", "SECTION.KEY=VALUE"),
                                 ("deployment.time_zone=Mars/Olympus", "deployment.time_zone")):
            for done in (d.kipthoi("--set", assignment, "status"),
                         stage(d, "scorer", "--config", d.conf, "--set", assignment)):
                assert done.returncode == 2 and word in one_line(done.stderr), (assignment, done.stderr)


def test_the_sample_is_a_configuration():
    with Deployment() as d:
        sample = d.dir / "sample.conf"
        sets = [part for key, value in d.settings.items() for part in ("--set", f"{key}={value}")]
        for name in STAGES:
            printed = stage(d, name, "--print-config")
            assert printed.stdout == d.kipthoi("--print-config", check=0).stdout
            assert printed.returncode == 0 and printed.stderr == ""
            sample.write_text(printed.stdout)
            done = stage(d, name, "--config", sample, *sets, "--check")
            assert done.returncode == 0, (name, done.stdout, done.stderr)
        d.kipthoi("--config", sample, *sets, "late", check=0)


def test_every_program_tells_of_itself():
    with Deployment() as d:
        for program in ("kipthoi", *(f"kipthoi-{name}" for name in STAGES)):
            for option, words in (("--version", [f"{program} "]), ("--help", [program, "--config", "--version"])):
                done = subprocess.run([str(d.bin / program), option], capture_output=True, text=True, timeout=60,
                                      check=False, cwd="/", env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
                assert done.returncode == 0 and done.stderr == "", (program, option, done.stderr)
                for word in words if program != "kipthoi" else words[:2]:
                    assert word in done.stdout, (program, option, word)
        for command in ("init", "send", "rates", "late", "letters", "explain", "flags", "audit", "doctor", "status"):
            done = d.kipthoi(command, "--help", check=0)
            assert f"kipthoi {command}" in done.stdout and "examples:" in done.stdout, command


def test_without_a_configuration_the_way_out_is_told():
    with Deployment() as d:
        done = subprocess.run([str(d.bin / "kipthoi"), "rates"], capture_output=True, text=True, timeout=60, check=False,
                              cwd="/", env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        told = one_line(done.stderr)
        assert done.returncode == 2, done
        assert "--config FILE" in told and "KIPTHOI_CONF" in told or os.path.exists("/etc/kipthoi/kipthoi.conf"), told
        for option in ("--config", "--set", "--lang"):
            assert f"{option} needs a value" in one_line(d.kipthoi("rates", option, check=2).stderr)


def test_wrong_calls_and_an_absent_database():
    with Deployment() as d:
        for arguments in (["frobnicate"], ["status", "now"], ["rates", "--by", "colour"], ["rates", "--frob"],
                          ["rates", "--window", "fortnight"], ["rates", "--check"],
                          ["rates", "--window", "90d", "--from", "2015-01-01", "--to", "2015-01-31"], ["send"], ["send", "/absent.ndjson"],
                          ["letters", "sent", "D1"], ["audit", "--limit", "some"], ["--lang", "fr", "status"]):
            done = d.kipthoi(*arguments)
            assert done.returncode == 2 and done.stdout == "", (arguments, done.returncode, done.stdout)
            assert one_line(done.stderr).startswith("kipthoi: "), (arguments, done.stderr)
        for first, last, words in (("01/06/2025", "2025-06-30", '--from: "01/06/2025" is no day; days are written 2015-01-31'),
                                   ("2015-02-01", "2015-02-30", '--to: "2015-02-30" is no day'),
                                   ("2015-06-30", "2015-06-01", "--from 2015-06-30 is after --to 2015-06-01")):
            assert words in one_line(d.kipthoi("rates", "--from", first, "--to", last, check=2).stderr)
        for arguments, words in ((["late", "--limit", "-1"], '--limit: "-1" is no whole number of 0 or more'),
                                 (["recipients", "log", "--limit", "-1"], '--limit: "-1" is no whole number of 0 or more'),
                                 (["rates", "--json", "--csv"], "--json and --csv exclude each other"),
                                 (["send", "--endpoint", "tcp://localhost", os.devnull], "an endpoint is tcp://HOST:PORT"),
                                 (["rates", "--target", "101"], '--target: "101" is no per cent from 0 to 100')):
            assert words in one_line(d.kipthoi(*arguments, check=2).stderr)
        for command in ("status", "rates", "late", "letters", "audit"):
            told = one_line(d.kipthoi("--set", "database.port=1", command, check=3).stderr)
            assert f"cannot reach database {d.database} as kipthoi_operator" in told, told
        told = d.kipthoi("--lang", "vi", "--set", "database.port=1", "status", check=3).stderr
        assert "không kết nối được cơ sở dữ liệu" in told, told
        told = d.kipthoi("--set", "database.port=1", "doctor", check=1)
        assert "FAIL  database" in told.stdout and "kipthoi init" in told.stdout, told.stdout
        for name in STAGES:
            done = stage(d, name, "--config", d.conf, "--set", "database.port=1", "--check")
            assert done.returncode == 3, (name, done.returncode, done.stderr)


def test_secrets_that_others_can_read_are_refused():
    with Deployment() as d:
        for name in STAGES:
            files = [d.dir / f"secrets/{name}.password"]
            if name != "scorer":
                files.append(d.dir / f"secrets/{name}.key")
            for file in files:
                file.chmod(0o644)
                done = stage(d, name, "--config", d.conf, "--check")
                assert done.returncode != 0, file
                assert str(file) in done.stderr and "chmod 600" in done.stderr, (file, done.stderr)
                told = d.kipthoi("doctor", check=1).stdout
                assert f"{file} (0644)" in told and "chmod 600" in told, told
                file.chmod(0o600)
            assert stage(d, name, "--config", d.conf, "--check").returncode == 0, name
        secret = d.dir / "secrets/sender.key"
        secret.chmod(0o640)
        told = d.send_events([finished("A")], check=2).stderr
        assert str(secret) in told and "chmod 600" in told, told


def test_a_secret_key_is_not_let_in():
    with Deployment() as d:
        secret = d.dir / "secrets/sender.key"
        other = d.dir / "secrets/other"
        shutil.copy(secret, other)
        other.chmod(0o600)
        other.with_suffix(".pub").write_text((d.dir / "secrets/sender.pub").read_text())
        for file in (secret, other):
            told = one_line(d.kipthoi("allow", file, "--name", "X", "--source", "urn:x", check=2).stderr)
            assert f"{file} is a secret key; give the public one, {file.with_suffix('.pub')}" in told, told
            assert file.read_text().strip() not in d.kipthoi("allow", "--list", "--json", check=0).stdout
        other.with_suffix(".pub").chmod(0o600)
        d.kipthoi("allow", other.with_suffix(".pub"), "--name", "X", "--source", "urn:x", check=0)


def test_nothing_is_dropped_or_told_by_mistake():
    with Deployment() as d:
        told = one_line(d.kipthoi("rebuild", input="", check=2).stderr)
        assert "--yes" in told, told
        # No scorer ran: there are no rates, rather than noughts.
        for arguments in ([], ["--json"], ["--csv"]):
            done = d.kipthoi("rates", *arguments, check=3)
            assert done.stdout == "" and "nothing has been judged yet" in one_line(done.stderr), done
        d.start("ingest")
        d.send_events([finished("A")])
        shown = d.kipthoi("audit", "--no-wait", check=0).stdout
        row = next(line for line in shown.splitlines() if line.startswith("behind "))
        assert row.endswith(" waiting"), shown
        assert "events not folded yet; is the scorer running?" in shown, shown
        d.start("scorer")
        d.send_events([finished("B", due=MISSED_DUE)])
        wait_until(lambda: d.json("audit", "--no-wait")["events_behind"] == 0, "all is folded")
        shown = d.kipthoi("audit", "--wait", "0", check=1).stdout
        assert "is the notifier running?  Start it or wait, and run this again" in shown, shown
        assert "  behind " in d.kipthoi("audit", "--help", check=0).stdout


# Sending.

MAP = """[source]
source = urn:test:table
format = csv
time_format = %Y-%m-%d %H:%M
time_zone = America/New_York

[event done]
when = done
type = finished
id = {code}:finished
time = done
data.dossier = {code}
data.unit = {unit}
data.due = time(due)
data.finished = time(done)
"""
TABLE = [
    b"code,unit,due,done,note",
    b"A,Ward 1,2015-06-01 09:00,2015-05-01 09:00,",
    b"B,Ward 1,2015-06-01 09:00,2015-02-30 09:00,",        # line 3: no such day
    b",Ward 1,2015-06-01 09:00,2015-05-01 09:00,",         # line 4: no dossier
    b"C,\xc6\xb0\xff,2015-06-01 09:00,2015-05-01 09:00,",  # line 5: not UTF-8
    b"D,Ward 1",                                           # line 6: too few cells
    b'E,Ward 1,2015-06-01 09:00,2015-05-01 09:00,"two\nlines"',
    b"F,Ward 1,yesterday,2015-05-01 09:00,",               # line 9: no moment
    b"G,Ward 1,2015-06-01 09:00,2015-06-02 09:00,",
]
BAD_LINES = [3, 4, 5, 6, 9]


def test_bad_rows_are_named_and_the_rest_is_sent():
    with Deployment() as d:
        d.start()
        table, mapping = d.dir / "cases.csv", d.dir / "cases.map"
        table.write_bytes(b"\n".join(TABLE) + b"\n")
        mapping.write_text(MAP)
        done = d.send(table, "--map", mapping, "--json", check=1)
        told = [line for line in done.stderr.splitlines() if line.startswith(f"{table}:")]
        assert [int(line.removeprefix(f"{table}:").split(":")[0]) for line in told] == BAD_LINES, done.stderr
        for line in told:
            assert len(line.split(": ", 1)[1]) > 10, line
        answer = json.loads(done.stdout)
        assert (answer["events"], answer["accepted"], answer["bad_rows"]) == (3, 3, len(BAD_LINES)), answer
        d.wait_settled()
        assert d.sql("SELECT code, promise::text FROM dossier ORDER BY code") == [("A", "early"), ("E", "early"),
                                                                                 ("G", "late")]
        # A mistake in the map: its place, and nothing is sent.
        mapping.write_text(MAP.replace("data.due = time(due)", "data.due = time(deu)"))
        line = MAP.splitlines().index("data.due = time(due)") + 1
        told = one_line(d.send(table, "--map", mapping, check=2).stderr)
        assert f"{mapping}:{line}: " in told and "deu" in told, told
        assert "it has code, unit, due, done, note" in told, told
        # NDJSON: what is refused is named with its line too.
        events = d.dir / "events.ndjson"
        events.write_text(json.dumps(finished("H")) + "\nbroken\n")
        done = d.send(events, check=1)
        assert f"{events}:2: rejected NOT_JSON: " in done.stderr, done.stderr
        dry = d.send(events, "--dry-run", check=0)
        assert json.loads(dry.stdout.splitlines()[0])["data"]["dossier"] == "H"
        d.audit()


@contextlib.contextmanager
def sending(d, *arguments, **streams):
    """kipthoi send -, reading what the test writes; ended with the test."""
    process = subprocess.Popen([str(d.bin / "kipthoi"), "--config", str(d.conf), "send", "-", *arguments],
                               stdin=subprocess.PIPE, **streams)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def put(process, events):
    for event in events:
        process.stdin.write(json.dumps(event).encode() + b"\n")
    process.stdin.flush()


def test_sending_goes_on_when_ingest_starts_anew():
    count = 4000
    with Deployment() as d:
        d.start()
        with sending(d, "--json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            put(process, [finished(f"D{number}", due=DUE) for number in range(count // 2)])
            wait_until(lambda: d.value("SELECT count(*) FROM event") > count // 4, "a quarter is stored")
            d.stop("ingest")
            d.start("ingest")
            put(process, [finished(f"D{number}", due=DUE) for number in range(count // 2, count)])
            text, _ = process.communicate(timeout=120)
        assert process.returncode == 0, text
        answer = json.loads(text)
        assert answer["events"] == count and answer["accepted"] + answer["duplicate"] == count, answer
        assert d.value("SELECT count(*) FROM event") == count
        d.wait_settled()
        d.audit()


def test_sending_to_nobody_says_what_is_safe():
    with Deployment() as d:
        for language, words in (("en", ["no answer", "0 events were acknowledged", "repeating the same command is safe"]),
                                ("vi", ["chạy lại đúng lệnh này là an toàn"])):
            done = d.kipthoi("--lang", language, "--set", "sender.timeout=1s", "send", "-",
                             input=json.dumps(finished("A")), check=3)
            for word in words:
                assert word in done.stderr, (word, done.stderr)
        # Nothing is done with before it is answered.
        told = d.kipthoi("--set", "sender.timeout=6s", "send", "-", input=json.dumps(finished("A")), check=3).stderr
        assert f"waiting for the first answer from {d.settings['sender.endpoint']}\n" in told and "100 %" not in told, told
        # Interrupted while it waits for more input.
        d.start("ingest")
        with sending(d, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            put(process, [finished("A")])
            wait_until(lambda: d.value("SELECT count(*) FROM event") == 1, "the event is stored")
            process.send_signal(signal.SIGINT)
            process.wait(60)
            told = process.stderr.read().decode()
        assert process.returncode == 1 and "repeating the same command is safe" in told, (process.returncode, told)



# Answers.

def test_rates_keep_their_names():
    with Deployment() as d:
        d.start()
        d.send_events([finished("A", due=DUE), finished("B", due=DUE, unit="U2"),
                       finished("C", due=MISSED_DUE, unit="U2"), opened("D", "2016-06-01T00:00:00Z", unit="U3")])
        d.wait_settled()
        answer = d.rates("unit", "2015", "--target", "98")
        assert [row["unit"] for row in answer["rows"]] == ["U1", "U2", "U3"], answer
        for row in answer["rows"] + [answer["total"]]:
            assert sorted(row) == sorted(RATE_NAMES + FURTHER_RATE_NAMES), sorted(row)
        u2 = answer["rows"][1]
        assert (u2["window"], u2["rule"], u2["early"], u2["on_time"], u2["late"]) == ("2015", "promise", 1, 0, 1), u2
        assert (u2["finished"], u2["overdue"], u2["rate"], u2["target"], u2["met"]) == (2, 0, "50.00", "98.00", False)
        assert u2["as_of"] == answer["as_of"] == "2016-01-13T08:00:00Z"
        # No sample, no rate: never 100 %.
        u3 = answer["rows"][2]
        assert (u3["finished"], u3["in_time"], u3["rate"], u3["met"]) == (0, 1, None, None), u3
        for language in ("en", "vi"):
            shown = d.kipthoi("--lang", language, "rates", "--unit", "U3", check=0).stdout
            assert "–" in shown and "100" not in shown, shown
        # People read the decimal sign of their language, programs a point.
        for options, sign in ((("--lang", "vi"), "66,67"), (("--lang", "en"), "66.67"), (("--lang", "vi", "--csv"), "66.67")):
            shown = d.kipthoi(*options, "rates", "--target", "98", check=0).stdout
            assert sign in shown and sign.translate(str.maketrans(",.", ".,")) not in shown, (options, shown)
        assert "98,00" in d.kipthoi("--lang", "vi", "rates", "--target", "98", check=0).stdout
        # A quarter and a month, as the scoreboard takes them.
        counts = {window: d.rates("unit", window)["total"]["finished"] for window in ("2015", "2015-Q2", "2015-06")}
        assert counts["2015"] == 3 and list(counts) == ["2015", "2015-Q2", "2015-06"], counts
        for arguments in (["rates", "--window", "2015-Q5"], ["rates", "--window", "2015-13"]):
            assert "2015-Q2 2015-06" in d.kipthoi(*arguments, check=2).stderr
        rows = list(csv.DictReader(io.StringIO(d.kipthoi("rates", "--window", "2015", "--csv", check=0).stdout)))
        assert [(row["unit"], row["early"], row["late"], row["rate"]) for row in rows] == [
            ("U1", "1", "0", "100.00"), ("U2", "1", "1", "50.00"), ("U3", "0", "0", ""), ("", "2", "1", "66.67")], rows
        assert sorted(rows[0]) == sorted(RATE_NAMES + FURTHER_RATE_NAMES)
        # The target is decided on the counts of every row that has a sample.
        d.kipthoi("rates", "--target", "98", "--check", check=1)
        d.kipthoi("rates", "--target", "98", "--unit", "U1", "--check", check=0)
        d.kipthoi("rates", "--target", "50", "--check", check=0)
        assert "there is no unit" in d.kipthoi("rates", "--unit", "nowhere", check=1).stderr
        done = d.kipthoi("flags", "--source", "nowhere", check=1)
        source = d.value("SELECT name FROM source WHERE source_id > 0")
        assert done.stderr == f'kipthoi: there is no source "nowhere"; known are: {source}\n' and done.stdout == "", done
        assert d.json("flags", "--source", source)["dossiers"] == 4


def test_the_example_of_the_readme_tells_of_results_handed_over():
    with Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2025-08-01T08:00:00+07:00"}) as d:
        d.start()
        d.kipthoi("send", ROOT / "deploy/demo/motcua.csv", "--map", ROOT / "deploy/demo/motcua.map", check=0)
        d.wait_settled()
        assert d.value("SELECT count(*) FROM duty") == 5
        total = d.rates("unit")["total"]
        assert sum(total[name] for name in ("early", "on_time", "late", "overdue", "in_time")) == 12, total
        assert "returned" in d.kipthoi("explain", "VD-2506-0003", check=0).stdout
        assert d.value("SELECT count(*) FROM dossier WHERE finished_at IS NOT NULL") == 0


def test_late_dossiers_and_their_letters():
    with Deployment() as d:
        d.start()
        d.send_events([finished("A", due=MISSED_DUE), finished("B", due=DUE), opened("C", MISSED_DUE)])
        d.wait_settled()
        late = d.json("late")
        assert [(row["dossier"], row["class"], row["letter"]) for row in late["rows"]] == [
            ("A", "late", "owed"), ("C", "overdue", "owed")], late
        assert [row["dossier"] for row in d.json("late", "--open")["rows"]] == ["C"]
        assert "1 late, 1 overdue; 2 shown" in d.kipthoi("late", check=0).stdout
        assert [row["dossier"] for row in d.json("letters", "list")["rows"]] == ["A", "C"]
        assert d.kipthoi("letters", "--limit", "1", check=0).stdout.endswith("letters shown: 1 of 2\n")
        assert d.kipthoi("letters", "--state", "sent", check=0).stdout.endswith("letters shown: 0 of 0\n")
        sent = ("letters", "sent", "A", "--no", "12/TXL", "--why", "handed over")
        assert "12/TXL" in d.kipthoi(*sent, check=0).stdout
        d.kipthoi(*sent, check=0)  # again: the same letter
        told = d.kipthoi("letters", "sent", "A", "--no", "13/TXL", "--why", "x", check=1).stderr
        assert "not noted: the letter was sent before as 12/TXL" in told, told
        for call in (["sent", "B", "--no", "1"], ["void", "B"]):
            told = d.kipthoi("letters", *call, "--why", "x", check=1).stderr
            assert "no letter was ever owed for B" in one_line(told), told
        assert [row["dossier"] for row in d.json("letters", "list")["rows"]] == ["C"]
        assert [row["letter"] for row in d.json("late")["rows"]] == ["sent", "owed"]
        letters = d.json("status")["letters"]
        assert (letters["owed"], letters["sent"]) == (1, 1), letters
        d.audit()
        explained = d.kipthoi("explain", "A", check=0).stdout
        assert "12/TXL" in explained and "handed over" in explained, explained
        assert "no source has a dossier nix" in d.kipthoi("explain", "nix", check=1).stderr


def test_what_is_no_ndjson_is_refused_before_anything_is_sent():
    with Deployment() as d:
        d.start("ingest")
        table = "Mã hồ sơ,Họ tên\nH1,Nguyễn Văn A\n".encode()
        event = (json.dumps(finished("A", due=DUE)) + "\n").encode()
        mark = b"\xef\xbb\xbf"
        for name, content in (("t.csv", table), ("t.csv.gz", gzip.compress(table)), ("mark.csv", mark + table),
                              ("log.xes", b'<?xml version="1.0"?>\n<log/>\n'), ("wide.csv", "﻿Mã".encode("utf-16")),
                              ("list.json", b"\n [" + event + b"]\n")):
            file = d.dir / name
            file.write_bytes(content)
            for options in ((), ("--dry-run",)):
                done = d.kipthoi("send", file, *options, check=2)
                assert one_line(done.stderr) == f"kipthoi: {file} is not NDJSON: give --map MAP (docs/mapping.md)", done
                assert done.stdout == "", done
        told = d.kipthoi("send", "-", input="a;b\n", check=2).stderr
        assert "standard input is not NDJSON" in told, told
        assert d.value("SELECT count(*) FROM quarantine") == 0
        for name, content in (("e.ndjson", mark + b"\n \r\n" + event), ("e.ndjson.gz", gzip.compress(mark + event)),
                              ("none.ndjson", b""), ("blank.ndjson", b"\n\n")):
            (d.dir / name).write_bytes(content)
            d.kipthoi("send", d.dir / name, check=0)
        assert d.value("SELECT count(*) FROM event") == 1


def test_an_empty_list_says_what_its_first_row_comes_of():
    with Deployment() as d:
        for command, first in ((["recipients"], "kipthoi recipients add"), (["deliveries"], "kipthoi letters approve --send"),
                               (["targets"], "kipthoi targets load"), (["letters", "templates"], "kipthoi letters templates load")):
            told = d.kipthoi(*command, check=0).stderr
            assert told.startswith("kipthoi: none yet: ") and first in told, (command, told)
            # Programs see that by themselves.
            assert [d.kipthoi(*command, way, check=0).stderr for way in ("--json", "--csv")] == ["", ""], command
        assert "load a plan: kipthoi targets load" in d.kipthoi("targets", "check", check=0).stdout


def test_a_reader_who_leaves_is_no_failure():
    with Deployment() as d:
        for command in (["late"], ["late", "--help"]):
            reader, writer = os.pipe()
            os.close(reader)
            with open(writer, "w", encoding="utf-8") as closed:
                done = d.kipthoi(*command, stdout=closed, stderr=subprocess.PIPE, check=-signal.SIGPIPE)
            assert done.stderr == "", done.stderr
        # A full disk is one.
        with open("/dev/full", "w", encoding="utf-8") as full:
            d.kipthoi("late", stdout=full, check=3)


def test_a_code_of_two_sources_must_be_told_apart():
    with Deployment() as d:
        d.start()
        d.send_events([finished("A", due=MISSED_DUE, source="urn:test:a"), finished("A", due=DUE, source="urn:test:b")])
        d.wait_settled()
        for arguments in (["explain", "A"], ["letters", "sent", "A", "--no", "1", "--why", "x"]):
            done = d.kipthoi(*arguments, check=1)
            for source in ("urn:test:a", "urn:test:b"):
                assert f"--source {source}" in done.stderr, done.stderr
            d.kipthoi(*arguments, "--source", "urn:test:a", check=0)
        shown = d.json("explain", "A", "--source", "urn:test:b")
        assert "early" in json.dumps(shown), shown
        assert "urn:test:c has no dossier A" in d.kipthoi("explain", "A", "--source", "urn:test:c", check=1).stderr
        d.audit()


# Vietnamese.

def display_width(text):
    """Columns on a terminal."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
               for char in text)


def test_vietnamese_tables_are_titled_and_aligned():
    with Deployment() as d:
        d.start()
        units = ["Phường 1", unicodedata.normalize("NFD", "Phường Tân Định"), "東京都", "Bộ phận Một cửa"]
        events = [finished(f"D{number}", due=MISSED_DUE if number % 2 else DUE, unit=unit)
                  for number, unit in enumerate(units)]
        sent = d.kipthoi("--lang", "vi", "send", "-", input="".join(json.dumps(e) + "\n" for e in events), check=0)
        d.wait_settled()
        tables = [
            (sent, ["chấp nhận", "trùng lặp", "mâu thuẫn", "dòng", "hỏng", "giây"]),
            (d.kipthoi("--lang", "vi", "rates", check=0), ["Đơn vị", "Trước", "Tỷ lệ", "đúng hạn", "tổng cộng", "tính đến"]),
            (d.kipthoi("--lang", "vi", "late", check=0), ["Mã hồ sơ", "Hẹn trả", "Số ngày trễ", "Thư xin lỗi", "trễ hạn"]),
            (d.kipthoi("--lang", "vi", "letters", "list", check=0), ["Hạn gửi thư", "Trạng thái", "còn nợ"]),
            (d.kipthoi("--lang", "vi", "audit", check=0), ["Mục kiểm tra", "Đã đối chiếu", "Sai khác", "khớp", "sổ cái"]),
        ]
        for done, words in tables:
            for word in words:
                assert word in done.stdout, (word, done.stdout)
        # Figures are set right: the column "finished" of rates ends at the same place in every line.
        lines = tables[1][0].stdout.splitlines()
        title = next(line for line in lines if line.startswith("Đơn vị"))
        rows = [line for line in lines if any(line.startswith(unit) for unit in units)]
        assert len(rows) == len(units), lines
        ends = {display_width(row.rstrip()) for row in rows}
        assert ends == {display_width(title.rstrip())}, lines
        # The second column begins at the same place.
        starts = {display_width(row[:row.index(" all ")]) for row in rows}
        assert len(starts) == 1, lines
        # In English by default, in Vietnamese by the environment.
        environment = {"PATH": os.environ["PATH"], "LANG": "vi_VN.UTF-8"}
        shown = subprocess.run([str(d.bin / "kipthoi"), "--config", str(d.conf), "rates"], capture_output=True, text=True,
                               timeout=60, check=True, env=environment).stdout
        assert "Đơn vị" in shown and "unit" not in shown, shown
        assert "Đơn vị" not in d.kipthoi("rates", check=0).stdout


# The doctor.

def test_the_doctor_finds_what_is_wrong():
    with Deployment() as d:
        told = d.kipthoi("doctor", check=0).stdout
        assert "does not answer" in told, told
        d.start()
        d.send_events([finished("A", due=DUE)])
        d.wait_settled()
        told = d.kipthoi("doctor", check=0).stdout
        assert "FAIL  " not in told and told.count(" ready\n") == len(STAGES), told
        assert d.json("status")["stages"] == dict.fromkeys(STAGES, "ready")
        # Two stages on one port: who answers there is not the scorer.
        stranger = d.ports["ingest"]
        taken = ("--set", f"scorer.metrics_port={stranger}")
        told = d.kipthoi(*taken, "doctor", check=1).stdout
        assert f"another program answers on port {stranger}" in told, told
        assert f"another program answers on port {stranger}" in d.kipthoi(*taken, "status", check=0).stdout
        assert d.json(*taken, "status")["stages"]["scorer"] == "stranger"
        newest = d.value("SELECT max(version) FROM migration")
        d.sql("DELETE FROM migration WHERE version = %s", newest)
        done = d.json("doctor", check=1)
        schema = next(row for row in done["rows"] if row["check"] == "schema version")
        assert (schema["finding"], schema["detail"]) == ("FAIL", f"{newest - 1} / {newest}"), schema
        assert "kipthoi migrate" in schema["way_out"], schema


# The examples of docs/.

def example_arguments(d, event_file):
    return [d.settings["sender.endpoint"], d.dir / "secrets/ingest.pub", d.dir / "secrets/sender.key",
            d.dir / "secrets/sender.pub", event_file]


def run_example(command, d, event_file):
    done = subprocess.run([str(part) for part in [*command, *example_arguments(d, event_file)]], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def test_the_python_example_is_answered():
    with Deployment() as d:
        d.start("ingest")
        event = d.dir / "event.json"
        event.write_text(json.dumps(finished("A")))
        command = [sys.executable, ROOT / "docs/examples/client.py"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1 and one_line(done.stderr).startswith("usage: client.py ENDPOINT "), done.stderr
        assert run_example(command, d, event) == "accepted\n"
        assert run_example(command, d, event) == "duplicate\n"
        done = subprocess.run([*command, *["/absent"] * 5], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1 and done.stderr == "/absent: No such file or directory\n", done.stderr


def test_the_lines_of_the_readme_find_the_endpoints():
    with Deployment() as d:
        sample = d.kipthoi("--print-config", check=0).stdout.replace(":770", ":1770")
        (d.dir / "var").mkdir()
        (d.dir / "var/kipthoi.conf").write_text(sample)
        helper = one_line("".join(line for line in (ROOT / "README.md").open(encoding="utf-8") if line.startswith("of() ")))
        for name, port in (("endpoint", 17700), ("feed", 17701), ("replay", 17702)):
            told = subprocess.run(["sh", "-c", f"{helper}; of {name}"], cwd=d.dir, capture_output=True, text=True, timeout=60,
                                  check=True).stdout
            assert told == f"tcp://127.0.0.1:{port}\n", told


def test_the_c_example_is_answered():
    compiler = shutil.which("cc")
    if not compiler or not shutil.which("pkg-config"):
        print("skipped: no C compiler or no pkg-config")
        return
    with Deployment() as d:
        d.start("ingest")
        events = d.dir / "events.ndjson"
        events.write_text("".join(json.dumps(finished(code)) + "\n" for code in "AB"))
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libzmq"], capture_output=True, text=True,
                               check=True).stdout.split()
        client = d.dir / "client"
        subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", "-o", client, ROOT / "docs/examples/client.c", *flags],
                       check=True)
        assert run_example([client], d, events) == "accepted\naccepted\n"
        assert run_example([client], d, events) == "duplicate\nduplicate\n"


if __name__ == "__main__":
    run_tests(globals())
