# SPDX-License-Identifier: MIT
"""Rules, terms of procedures and codes as data: loaded whole or refused with file and line, dated, told to running programs."""
import csv
import datetime
import io
import re

from deployment import ROOT, Deployment, finished, run_tests

NOW = "2026-06-01T10:00:00+07:00"
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": NOW}
SWITCHES = ["precision", "due", "finish", "pause", "measure", "payment", "waiting", "missing_due", "withdrawn", "unaccepted",
            "supplement_limit", "extension_limit"]
# docs/rules.md 6, and what the intake clock of section 9 needs.
FIRST_VERSIONS = {
    "promise": ["instant", "first", "latest", "move_due", "working", "runs", "paused", "term", "exclude_kept", "count",
                0, 1, None, None],
    "portal": ["instant", "current", "latest", "deduct", "elapsed", "runs", "ends", "term", "end", "exclude",
               1, 1, None, None],
    "intake": ["instant", "first", "latest", "none", "working", "runs", "runs", "exclude", "exclude", "count",
               0, 1, 1, "working_days"],
}


def deployment():
    return Deployment(settings=SETTINGS, sources=())


def stamp(d):
    return d.value("SELECT stamp FROM book")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def put(d, name, text):
    path = d.dir / name
    path.write_text(text, encoding="utf-8")
    return path


def everything(d):
    """The stamp and all rows, as texts: a moment may be -infinity."""
    tables = "book", "rule_version", "procedure_term", "code_alias"
    return [d.sql(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables]


def refused(d, *arguments, text, check=2):
    """The command fails with this text and leaves everything as it was."""
    before = everything(d)
    done = d.kipthoi(*arguments, check=check)
    assert text in done.stderr, f"{text!r} is not in {done.stderr!r}"
    assert everything(d) == before


def add_dossier(d, code, procedure, accepted):
    """A dossier as the scorer stores it, without one."""
    d.sql("INSERT INTO procedure (code) VALUES (%s) ON CONFLICT DO NOTHING", procedure)
    d.sql("""INSERT INTO dossier (source_id, unit_id, field_id, procedure_id, events, flags, pauses, promise_day, portal_day,
                 slot, due_moves, supplements, calendar, broken, online, state, promise, portal, last_happened, last_sequence,
                 accepted_at, code, last_event_id)
             SELECT 0, 0, 0, procedure_id, 1, 0, 0, '2026-01-01', '2026-01-01', 0, 0, 0, 0, 0, false, 'in_process', 'in_time',
                 'in_time', %s, 0, %s, %s, 'e'
             FROM procedure WHERE code = %s""", accepted, accepted, code, procedure)


# Rules.

def test_first_versions_are_those_of_the_page():
    with deployment() as d:
        columns = ", ".join(SWITCHES)
        rows = {row[0]: list(row[1:]) for row in d.sql(
            f"SELECT rule::text, {columns}, term_count, term_unit FROM rule_version WHERE version = 1")}
        assert rows == FIRST_VERSIONS
        listed = d.json("rules")["rows"]
        assert [(row["rule"], row["version"], row["effective_from"], row["changes"]) for row in listed] == [
            ("promise", 1, None, ""), ("portal", 1, None, ""), ("intake", 1, None, "")]
        for rule, values in FIRST_VERSIONS.items():
            shown = d.json("rules", "show", rule)
            told = {row["switch"]: row["value"] for row in shown["switches"]}
            wanted = {"term": "1 working_days"} if rule == "intake" else dict(zip(SWITCHES, map(str, values)))
            assert told == wanted, (rule, told)
            assert (shown["rule"], shown["version"], shown["effective_from"]) == (rule, 1, None)
            assert all(row["since"] is None and row["before"] is None and row["meaning"] for row in shown["switches"])


def test_new_versions_follow_and_are_explained():
    with deployment() as d:
        before = stamp(d)
        sample = ROOT / "deploy/rules/day-precision.rules"
        dry = d.kipthoi("rules", "load", sample, "--dry-run", check=0).stdout
        assert dry == "rule promise: version 2 from 2027-01-01 00:00\nrule portal: version 2 from 2027-01-01 00:00\n" \
                      "dry run: nothing was stored\n"
        assert stamp(d) == before and d.value("SELECT count(*) FROM rule_version") == 3
        done = d.kipthoi("rules", "load", sample, check=0)
        assert done.stdout == dry.replace("dry run: nothing was stored\n", "")
        assert stamp(d) == before + 1
        rows = d.sql("""SELECT rule::text, version, effective_from, precision, loaded_by <> '', note FROM rule_version
                        WHERE version = 2 ORDER BY rule""")
        begins = moment("2027-01-01T00:00:00+07:00")
        assert [row[:5] for row in rows] == [("portal", 2, begins, "day", True), ("promise", 2, begins, "day", True)]
        assert rows[0][5] == "by calendar day, as the appointment slip states a day"
        same = [name for name in SWITCHES if name != "precision"]
        assert d.value(f"""SELECT count(DISTINCT ({", ".join(same)})) FROM rule_version WHERE rule = 'promise'""") == 1

        third = put(d, "third.rules", "[promise]\nfrom = 2027-07-01T08:00:00+07:00\nnote = two\ndue = current\n"
                                      "supplement_limit = 2\n\n[intake]\nfrom=2027-07-01\nterm = 4 giờ\n")
        d.kipthoi("rules", "load", third, check=0)
        shown = d.json("rules", "show", "promise", "--version", "3")
        switches = {row["switch"]: row for row in shown["switches"]}
        assert moment(shown["effective_from"]) == moment("2027-07-01T08:00:00+07:00")
        assert (switches["due"]["value"], switches["due"]["before"]) == ("current", "first")
        assert (switches["supplement_limit"]["value"], switches["supplement_limit"]["before"]) == ("2", "0")
        assert "2" in switches["supplement_limit"]["meaning"]
        assert switches["precision"]["value"] == "day" and switches["precision"]["before"] is None
        assert moment(switches["precision"]["since"]) == begins
        assert switches["finish"]["since"] is None
        # Without a number it is the one in force by the deployment's clock.
        assert d.json("rules", "show", "promise")["version"] == 1
        assert d.json("--set", "deployment.clock=2027-03-01T00:00:00+07:00", "rules", "show", "promise")["version"] == 2
        listed = [(row["rule"], row["version"], row["changes"]) for row in d.json("rules")["rows"]]
        assert ("promise", 3, "due=current, supplement_limit=2") in listed and ("intake", 2, "term=4 working_hours") in listed
        assert d.kipthoi("rules", "show", "promise", "--version", "9", check=1).stderr.startswith("kipthoi: rule promise has no")


def test_words_are_english_and_vietnamese():
    with deployment() as d:
        english = d.kipthoi("rules", "show", "portal", check=0).stdout
        vietnamese = d.kipthoi("--lang", "vi", "rules", "show", "portal", check=0).stdout
        assert "rule portal, version 1, from the beginning" in english
        assert re.search(r"waiting +ends +. +the beginning +the request that is still open ends the dossier's time", english), english
        assert "quy tắc portal, phiên bản 1, hiệu lực: từ đầu" in vietnamese
        assert "đang chờ bổ sung thì tính hồ sơ kết thúc tại lúc yêu cầu bổ sung" in vietnamese
        assert "late with more than 1 supplement request(s)" in english
        assert "trễ hạn khi yêu cầu bổ sung quá 1 lần" in vietnamese
        for arguments in ("rules",), ("procedures",), ("codes",):
            assert "examples:" in d.kipthoi(*arguments, "--help", check=0).stdout


def test_rules_that_cannot_follow_are_refused():
    with deployment() as d:
        file = put(d, "x.rules", "[promise]\nprecision = day\nfrom = 2026-06-01\n")
        refused(d, "rules", "load", file, text=f"kipthoi: {file}:3: from lies before now (2026-06-01 10:00); --past")
        file.write_text("[promise]\nfrom = 2026-06-01T10:00:00+07:00\nprecision = day\n")
        assert "rebuild" not in d.kipthoi("rules", "load", file, check=0).stdout
        refused(d, "rules", "load", file, text=f"{file}:1: [promise] changes nothing against version 2")
        file.write_text("[promise]\nprecision = instant\nfrom = 2026-06-01T10:00:00+07:00\n")
        refused(d, "rules", "load", file, text=f"{file}:3: from must be later than that of promise version 2: 2026-06-01 10:00")
        # The second section follows the first one of the same file; one that does not takes the first one back.
        file.write_text("[portal]\nfrom = 2026-07-01\nprecision = day\n[portal]\nfrom = 2026-07-01\ndue = first\n")
        refused(d, "rules", "load", file, text=f"{file}:5: from must be later than that of portal version 2")
        file.write_text("[portal]\nfrom = 2026-07-01\nprecision = day\n[portal]\nfrom = 2026-07-02\nprecision = day\n")
        refused(d, "rules", "load", file, text=f"{file}:4: [portal] changes nothing against version 2")
        file.write_text("[portal]\nfrom = 2026-07-01\n")
        refused(d, "rules", "load", file, text=f"{file}:1: [portal] changes nothing against version 1")
        file.write_text("[portal]\nfrom = 2026-07-01\nprecison = day\n")
        refused(d, "rules", "load", file, text=f"{file}:3: precison is no switch")
        refused(d, "rules", "load", d.dir / "none.rules", text="none.rules")
        refused(d, "rules", "show", "promises", text="rules are promise, portal, intake")
        refused(d, "rules", "lode", text="usage: kipthoi rules")
        file.write_text("[portal]\nfrom = 2026-01-01\ndue = first\n")
        refused(d, "--lang", "vi", "rules", "load", file, text="dùng --past để chấp nhận")
        done = d.kipthoi("rules", "load", file, "--past", check=0)
        assert "kipthoi rebuild" in done.stdout


# Terms of procedures.

def test_procedures_are_loaded_changed_and_listed():
    with deployment() as d:
        before = stamp(d)
        sample = ROOT / "deploy/procedures/sample.csv"
        dry = d.kipthoi("procedures", "load", sample, "--dry-run", check=0).stdout
        assert dry == "terms of procedures: 5 new, 0 changed, 0 the same\ndry run: nothing was stored\n"
        assert stamp(d) == before and d.sql("TABLE procedure_term") == []
        assert d.kipthoi("procedures", "load", sample, check=0).stdout == dry.splitlines()[0] + "\n"
        assert stamp(d) == before + 1
        assert d.sql("""SELECT procedure, effective_from::text, term_count, term_unit, pause_mode
                        FROM procedure_term ORDER BY procedure, effective_from""") == [
            ("1.000656", "-infinity", 5, "working_days", "pause"),
            ("1.000656", d.value("SELECT '2026-07-01T00:00:00+07:00'::timestamptz::text"), 3, "working_days", "pause"),
            ("1.999999", "-infinity", None, None, "restart"),
            ("2.000635", "-infinity", 8, "working_hours", "pause"),
            ("2.002621", "-infinity", 30, "calendar_days", "restart")]
        changed = put(d, "p.csv", "procedure,term,note\n1.000656,6 working days,\n2.000635,8 giờ,\"made up; pause_mode left "
                                  "empty is \"\"pause\"\"\"\n3.000001,1 tháng,\n")
        assert d.kipthoi("procedures", "load", changed, check=0).stdout == \
            "terms of procedures: 1 new, 1 changed, 1 the same\n"
        assert d.value("SELECT term_count FROM procedure_term WHERE procedure = '1.000656' AND effective_from = '-infinity'") == 6
        rows = d.json("procedures", "list", "1.000656.000.00.00.H29")["rows"]
        assert [(row["term"], row["pause_mode"]) for row in rows] == [("6 working days", "pause"), ("3 working days", "pause")]
        assert rows[0]["effective_from"] is None and rows[0]["loaded_by"]
        assert "6 ngày làm việc" in d.kipthoi("--lang", "vi", "procedures", check=0).stdout
        d.kipthoi("procedures", "list", "9.999999", check=1)
        # What the list prints says the same.
        printed = put(d, "printed.csv", d.kipthoi("--csv", "procedures", check=0).stdout)
        assert d.kipthoi("procedures", "load", printed, check=0).stdout == \
            "terms of procedures: 0 new, 0 changed, 6 the same\n"


def test_procedures_tell_how_many_dossiers_want_a_rebuild():
    with deployment() as d:
        add_dossier(d, "A", "1.000656", "2026-02-01T00:00:00+07:00")
        add_dossier(d, "B", "1.000656", "2026-04-01T00:00:00+07:00")
        add_dossier(d, "C", "1.000657", "2026-04-01T00:00:00+07:00")

        def load(*rows):
            out = d.kipthoi("procedures", "load", put(d, "p.csv", "procedure,effective_from,term,pause_mode,note\n" +
                                                      "\n".join(rows) + "\n"), check=0).stdout
            found = re.search(r"^(\d+) dossiers are judged by other terms until you run: kipthoi rebuild$", out, re.M)
            return int(found.group(1)) if found else 0
        assert load("1.000658,,5 working days,,", "1.000656,2026-05-01,5 days,,") == 0
        assert load("1.000656,2026-03-01,5 days,,") == 1
        assert load("1.000656,,5 days,,") == 1, "B has a row of its own"
        assert load("1.000656,,5 days,,another note") == 0
        assert load("1.000656,,5 days,restart,", "1.000657,,,restart,") == 2
        assert load("1.000656,2026-01-01,5 days,restart,", "1.000657,2026-01-01,,pause,") == 1
        # The clock standing still is what happens without a row.
        add_dossier(d, "D", "1.000659", "2026-04-01T00:00:00+07:00")
        assert load("1.000659,,,pause,") == 0


def test_procedures_are_refused_whole():
    with deployment() as d:
        file = put(d, "p.csv", "procedure,term\n1.000001,5 days\n1.000002,0 days\n")
        refused(d, "procedures", "load", file, text=f'kipthoi: {file}:3: term: "0 days" is none')
        file.write_text("procedure,term\n1.000001,5 days\n1.000001.H29,6 days\n")
        refused(d, "procedures", "load", file, text=f"{file}:3: procedure 1.000001 from the same moment stands in line 2 too")
        file.write_text("code,term\n1.000001,5 days\n")
        refused(d, "procedures", "load", file, text=f'{file}:1: unknown column "code"')
        refused(d, "procedures", "show", text="usage: kipthoi procedures")


# Codes.

def test_codes_are_loaded_changed_and_listed():
    with deployment() as d:
        before = stamp(d)
        sample = ROOT / "deploy/codes/sample.csv"
        dry = d.kipthoi("codes", "load", sample, "--dry-run", check=0).stdout
        assert dry == "codes: 8 new, 0 changed, 0 the same\ndry run: nothing was stored\n"
        assert stamp(d) == before and d.sql("TABLE code_alias") == []
        assert d.kipthoi("codes", "load", sample, check=0).stdout == "codes: 8 new, 0 changed, 0 the same\n"
        assert stamp(d) == before + 1
        with open(sample, encoding="utf-8", newline="") as file:
            wanted = [tuple(row[name] for name in ("source", "list", "code", "means")) +
                      (row["from"] or "-infinity", row["to"] or "infinity", row["note"]) for row in csv.DictReader(file)]
        assert sorted(d.sql("""SELECT source, list, code, means, valid_from::text, valid_to::text, note
                               FROM code_alias""")) == sorted(wanted)
        listed = list(csv.DictReader(io.StringIO(d.kipthoi("--csv", "codes", check=0).stdout)))
        unit = next(row for row in listed if row["list"] == "unit")
        assert [unit[name] for name in ("source", "code", "means", "from", "to")] == ["*", "H29.17", "H29.20", "2025-07-01", ""]
        # What the list prints says the same; an end put to a meaning is a change.
        printed = put(d, "printed.csv", d.kipthoi("--csv", "codes", check=0).stdout)
        assert d.kipthoi("codes", "load", printed, check=0).stdout == "codes: 0 new, 0 changed, 8 the same\n"
        end = put(d, "end.csv", "source,list,code,means,from,to\n*,unit,H29.17,H29.20,2025-07-01,2025-12-31\n"
                                "*,unit,H29.17,H29.21,2026-01-01,\n")
        assert d.kipthoi("codes", "load", end, check=0).stdout == "codes: 1 new, 1 changed, 0 the same\n"
        assert "H29.21" in d.kipthoi("--lang", "vi", "codes", check=0).stdout


def test_codes_are_checked_against_what_is_loaded():
    with deployment() as d:
        file = put(d, "c.csv", "source,list,code,means,from,to\n*,unit,A,B,2026-01-01,\n")
        d.kipthoi("codes", "load", file, check=0)
        file.write_text("source,list,code,means\n*,unit,A,C\n")
        refused(d, "codes", "load", file, text=f'kipthoi: {file}:2: unit "A" of * has a meaning on some of these days already: '
                                               "what is loaded (kipthoi codes list)")
        file.write_text("source,list,code,means\n*,unit,B,C\n")
        refused(d, "codes", "load", file, text=f'{file}:2: "A" means "B", which itself means "C"')
        file.write_text("source,list,code,means\n/a,unit,Z,A\n")
        refused(d, "codes", "load", file, text=f'{file}:2: "Z" means "A", which itself means "B"')
        file.write_text("source,list,code,means\n/a,status,X,11\n")
        refused(d, "codes", "load", file, text=f'{file}:2: means: "11" is none of the statuses 1 .. 10')
        file.write_text("source,list,code,means\n*,dossier,X,Y\n")
        refused(d, "codes", "load", file, text=f"{file}:2: source: numbers of dossiers are each source's own")
        refused(d, "codes", "list", "x", text="usage: kipthoi codes")
        file.write_text("source,list,code,means,from,to\n*,unit,B,C,,2025-12-31\n")
        d.kipthoi("codes", "load", file, check=0)


def test_codes_tell_when_the_ledger_holds_events_of_the_source():
    with Deployment(settings=SETTINGS) as d:
        d.start("ingest")
        d.send_events([finished("D1", source="urn:test:a")])

        def hint(*rows):
            out = d.kipthoi("codes", "load", put(d, "c.csv", "source,list,code,means,note\n" + "\n".join(rows) + "\n"),
                            check=0).stdout
            return "kipthoi rebuild" in out
        assert not hint("urn:test:b,field,F1,F2,")
        assert hint("urn:test:a,field,F1,F2,")
        assert not hint("urn:test:a,field,F1,F2,another note")
        assert hint("urn:test:a,field,F1,F3,")
        assert hint("*,field,F7,F8,")


def test_codes_tell_what_waits_in_quarantine_for_a_status():
    with Deployment(settings=SETTINGS) as d:
        d.start("ingest")
        event = finished("D1", source="urn:test:a")
        event |= {"type": "vn.kipthoi.dossier.synced.v1", "data": {"MaHoSo": "D1", "TrangThaiHoSo": "K"}}
        file = put(d, "c.csv", "source,list,code,means\nurn:test:a,status,Q,3\n")
        assert "redrive" not in d.kipthoi("codes", "load", file, check=0).stdout
        d.send_events([event], check=1)
        assert d.value("SELECT count(*) FROM quarantine WHERE code = 'STATUS_UNKNOWN'") == 1
        file.write_text("source,list,code,means\nurn:test:a,status,K,3\n")
        out = d.kipthoi("codes", "load", file, check=0).stdout
        assert out.endswith("events in quarantine for a status that no list knew: 1; send them through again: "
                            "kipthoi quarantine redrive --all\n"), out
        d.sql("UPDATE quarantine SET redriven_at = now()")
        assert "redrive" not in d.kipthoi("codes", "load", file, check=0).stdout


def test_loads_answer_programs_and_terms_read_as_words():
    with deployment() as d:
        rules = put(d, "new.rules", "[promise]\nfrom = 2026-07-01\nprecision = day\n[intake]\nfrom = 2026-07-01\nterm = 3 days\n")
        versions = [{"rule": rule, "version": 2, "effective_from": "2026-06-30T17:00:00Z"} for rule in ("promise", "intake")]
        for dry in (True, False):
            answer = d.json("rules", "load", rules, *["--dry-run"] * dry)
            assert answer == {"versions": versions, "dry_run": dry, "rebuild": False}, answer
        procedures = put(d, "procedures.csv", "procedure,term\n1.000001,5 days\n1.000002,8 hours\n")
        answer = {"new": 2, "changed": 0, "same": 0, "dry_run": True, "ambiguous": 0, "dossiers_to_rebuild": 0}
        assert d.json("procedures", "load", procedures, "--dry-run") == answer
        codes = put(d, "codes.csv", "source,list,code,means\nurn:a,unit,K1,U1\n")
        answer = {"new": 1, "changed": 0, "same": 0, "dry_run": False, "rebuild": False, "status_unknown": 0}
        assert d.json("codes", "load", codes) == answer
        # A term reads as in the list of procedures; programs get what a file takes.
        english = d.kipthoi("rules", "show", "intake", "--version", "2", check=0).stdout
        assert "3 calendar day(s)" in english and "1 working day(s)" in english and "working_days" not in english, english
        vietnamese = d.kipthoi("rules", "show", "intake", "--lang", "vi", check=0).stdout
        assert "1 ngày làm việc" in vietnamese and "working_days" not in vietnamese, vietnamese
        assert d.json("rules", "show", "intake")["switches"][0]["value"] == "1 working_days"
        listed = d.kipthoi("rules", check=0).stdout
        assert "term=3 calendar day(s)" in listed and "precision=day" in listed, listed
        assert max(map(len, listed.splitlines())) <= 120, listed
        for option, call in (("--past", ("show", "portal", "--past", "--dry-run")), ("--dry-run", ("show", "portal", "--dry-run")),
                             ("--version", ("load", rules, "--version", "1")), ("--past", ("list", "--past"))):
            refused(d, "rules", *call, text=f"takes no {option}; see: kipthoi rules --help")


def test_running_programs_read_again():
    """Only the stamp tells them: every load moves it by one, a refused one does not."""
    with deployment() as d:
        begin = stamp(d)
        d.kipthoi("rules", "load", ROOT / "deploy/rules/day-precision.rules", check=0)
        d.kipthoi("procedures", "load", ROOT / "deploy/procedures/sample.csv", check=0)
        d.kipthoi("codes", "load", ROOT / "deploy/codes/sample.csv", check=0)
        assert stamp(d) == begin + 3
        refused(d, "rules", "load", ROOT / "deploy/rules/day-precision.rules", text="changes nothing")


if __name__ == "__main__":
    run_tests(globals())
