# SPDX-License-Identifier: MIT
"""The ladder as officials live with it: what is due, in hand, postponed, muted, missed; steps are put in by SQL."""
import concurrent.futures
import csv
import datetime

from deployment import ROOT, Deployment, finished, run_tests, wait_until

NOW = "2026-03-10T09:00:00+07:00"
ZONE = "+07:00"
RUNGS = {"due_3_days": 1, "due_1_day": 2, "due_3_hours": 3, "due_now": 4, "overdue_daily": 5, "letter_owed": 6, "letter_late": 7}


def moment(text):
    return datetime.datetime.fromisoformat(text + ZONE)


def received(dossier, due, unit="H29.1", source="urn:test:a", field="F1"):
    event = finished(dossier, due=due + ZONE, unit=unit, source=source, received="2026-03-02T08:00:00+07:00", field=field)
    event |= {"type": "vn.kipthoi.dossier.received.v1", "id": f"{dossier}-received", "time": "2026-03-02T08:00:00+07:00"}
    del event["data"]["finished"]
    return event


def deployment(*events):
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": NOW})
    d.start("ingest", "scorer")
    if events:
        d.send_events(list(events))
        wait_until(lambda: d.value("SELECT count(*) FROM dossier") == len(events), "all is folded")
    return d


def step(d, code, rung, due, state="waiting", outcome=None, done=None, episode=1, anchor=None, source="urn:test:a", unit="H29.1"):
    d.sql("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, done_at, code, state, outcome)
        SELECT s.source_id, u.unit_id, %s, %s, %s, %s, %s, %s, %s, %s FROM source s, unit u WHERE s.name = %s AND u.code = %s""",
          episode, RUNGS[rung], moment(due), moment(anchor or due), done and moment(done), code, state, outcome, source, unit)


def due_at(d, code):
    rows = d.sql("SELECT g.name, s.due_at, s.due_was FROM step s JOIN rung g USING (rung) WHERE s.code = %s", code)
    return {name: (due, was) for name, due, was in rows}


def owe(d, code, deadline, state="owed"):
    d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code)
        SELECT source_id, unit_id, 1, %s, %s, %s, %s, code FROM dossier WHERE code = %s""", state, moment(deadline), moment(deadline),
          moment(deadline), code)


def one_line(done):
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and not done.stdout, (done.stdout, done.stderr)
    return lines[0]


def test_due_and_missed():
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-13T09:00:00", unit="H29.2")) as d:
        step(d, "D1", "due_1_day", "2026-03-10T09:00:00")
        step(d, "D2", "due_3_days", "2026-03-10T14:00:00", unit="H29.2")
        # At the very moment nobody has had a turn yet.
        rows = d.json("alerts", "due")["rows"]
        assert [(row["dossier"], row["rung"], row["unit"], row["late_s"]) for row in rows] == [
            ("D1", "due_1_day", "H29.1", 0), ("D2", "due_3_days", "H29.2", -5 * 3600)], rows
        assert d.json("alerts", "due", "--missed")["rows"] == []
        later = ("--set", "deployment.clock=2026-03-10T09:00:30+07:00")
        done = d.kipthoi("alerts", "due", "--missed", *later, check=1)
        assert "D1" in done.stdout and "D2" not in done.stdout and "30 s" in done.stdout, done.stdout
        assert "kipthoi-notifier" in d.kipthoi("alerts", "due", "--missed", "--lang", "vi", *later, check=1).stdout
        # A turn is notifier.poll long, a second at least.
        d.kipthoi("alerts", "due", "--set", "deployment.clock=2026-03-10T09:00:01+07:00", check=0)
        d.kipthoi("alerts", "due", "--set", "notifier.poll=1m", *later, check=0)
        d.kipthoi("alerts", "due", "--missed", "--unit", "H29.2", *later, check=0)
        assert "H77" in one_line(d.kipthoi("alerts", "due", "--unit", "H77", check=1))
        assert d.json("status", *later)["alerting"]["steps_missed"] == 1
        d.sql("UPDATE step SET state = 'done', outcome = 'told', done_at = due_at WHERE code = 'D1'")
        d.kipthoi("alerts", "due", "--missed", *later, check=0)


def test_due_leaves_out_what_will_not_be_told():
    codes = ("OWED", "SENT", "VOID", "DROPPED")
    with deployment(*(received(code, "2026-03-10T08:00:00") for code in codes)) as d:
        for code in codes:
            owe(d, code, "2026-03-10T23:59:00")
        d.sql("UPDATE duty SET state = 'sent', letter_no = '1', sent_at = deadline WHERE code = 'SENT'")
        d.sql("UPDATE duty SET state = 'void' WHERE code = 'VOID'")
        for code in codes[:3]:
            step(d, code, "letter_late", "2026-03-10T12:50:00")
        step(d, "DROPPED", "due_3_days", "2026-03-10T12:50:00")
        d.sql("UPDATE rung SET active = name <> 'due_3_days'")

        def told(*arguments, **more):
            return [row["dossier"] for row in d.json("alerts", "due", *arguments, **more)["rows"]]
        assert told() == ["OWED"], told()
        assert "in 3 h 50 min" in d.kipthoi("alerts", "due", check=0).stdout
        assert "còn 3 giờ 50 phút" in d.kipthoi("alerts", "due", "--lang", "vi", check=0).stdout
        # But what is due and waits still is missed, whatever would become of it.
        later = ("--set", "deployment.clock=2026-03-10T12:51:00+07:00")
        assert sorted(told("--missed", *later, check=1)) == sorted(codes)


def test_list_says_what_became_of_steps_and_why():
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-12T09:00:00"),
                    received("D3", "2026-03-13T09:00:00", unit="H29.2", field="F2")) as d:
        step(d, "D1", "due_3_days", "2026-03-06T09:00:00", "done", "told", "2026-03-06T09:00:01")
        step(d, "D1", "due_1_day", "2026-03-10T08:00:00", "done", "acknowledged", "2026-03-10T08:00:00")
        step(d, "D2", "due_1_day", "2026-03-11T09:00:00")
        step(d, "D2", "due_3_days", "2026-03-09T09:00:00", "done", "nobody", "2026-03-09T09:00:00")
        step(d, "D3", "due_3_days", "2026-03-10T09:00:00", "done", "muted", "2026-03-10T09:00:00", unit="H29.2")
        step(d, "D3", "due_now", "2026-04-20T09:00:00", unit="H29.2")                                      # too far ahead
        step(d, "D3", "due_1_day", "2026-02-01T09:00:00", "done", "told", "2026-02-01T09:00:00", unit="H29.2")  # long ago
        d.kipthoi("alerts", "ack", "D1", "--why", "map is drawn", "--by", "Hoa", check=0)
        d.kipthoi("alerts", "mute", "--unit", "H29.2", "--rung", "due_3_days", "--until", "2026-03-20", "--why", "moving", "--by", "Nam", check=0)
        d.kipthoi("alerts", "snooze", "D2", "--until", "2026-03-11 10:00", "--why", "phoned", "--by", "Ba", check=0)
        rows = {(row["dossier"], row["rung"]): (row["state"], row["outcome"], row["why"]) for row in d.json("alerts")["rows"]}
        assert rows == {
            ("D1", "due_3_days"): ("done", "told", None), ("D1", "due_1_day"): ("done", "acknowledged", "Hoa: map is drawn"),
            ("D2", "due_1_day"): ("waiting", None, "Ba: phoned"), ("D2", "due_3_days"): ("done", "nobody", "officer"),
            ("D3", "due_3_days"): ("done", "muted", "Nam: moving")}, rows
        assert {row["dossier"] for row in d.json("alerts", "--unit", "H29.2")["rows"]} == {"D3"}
        assert len(d.json("alerts", "--days", "60")["rows"]) == 7 and len(d.json("alerts", "--limit", "2")["rows"]) == 2
        text = d.kipthoi("alerts", "--lang", "vi", check=0).stdout
        assert "đã nhận việc" in text and "không có người nhận" in text and "còn 3 ngày" in text, text


def test_ack():
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-11T09:00:00", source="urn:test:b"),
                    finished("D3", "2026-03-11T09:00:00+07:00", "2026-03-09T09:00:00+07:00", "2026-03-02T08:00:00+07:00")) as d:
        assert "--why" in one_line(d.kipthoi("alerts", "ack", "D1", check=2))
        assert "D9" in one_line(d.kipthoi("alerts", "ack", "D9", "--why", "x", check=1))
        assert "early" in one_line(d.kipthoi("alerts", "ack", "D3", "--why", "x", check=1))
        d.kipthoi("alerts", "ack", "D1", "--why", "in hand", check=0)
        assert "before (number 1)" in d.kipthoi("alerts", "ack", "D1", "--why", "again", check=0).stdout
        d.kipthoi("alerts", "ack", "D2", "--source", "urn:test:a", "--why", "x", check=1)
        d.kipthoi("alerts", "ack", "D2", "--source", "urn:test:b", "--why", "x", check=0)
        rows = d.sql("SELECT kind, code, episode, since, until = 'infinity', owner <> '', why FROM hush ORDER BY hush_id")
        assert rows == [("ack", "D1", 1, moment(NOW[:19]), True, True, "in hand"), ("ack", "D2", 1, moment(NOW[:19]), True, True, "x")], rows
        # For a later promise it has to be said again.
        d.sql("UPDATE dossier SET broken = 1, next_due = now() WHERE code = 'D1'")
        d.kipthoi("alerts", "ack", "D1", "--why", "in hand still", check=0)
        assert d.sql("SELECT episode FROM hush WHERE code = 'D1' ORDER BY hush_id") == [(1,), (2,)]
        # With one broken and another one running both are in hand.
        d.sql("UPDATE dossier SET broken = 2 WHERE code = 'D1'")
        d.sql("UPDATE hush SET ended_at = now(), ended_by = 'x', ended_why = 'x' WHERE code = 'D1'")
        d.kipthoi("alerts", "ack", "D1", "--why", "both", check=0)
        assert d.sql("SELECT episode FROM hush WHERE code = 'D1' AND why = 'both' ORDER BY hush_id") == [(2,), (3,)]
        assert "before" in d.kipthoi("alerts", "ack", "D1", "--why", "again", check=0).stdout
        # Taken back.
        d.kipthoi("alerts", "unmute", "2", "--why", "mistaken", check=0)
        assert "in hand (number 6)" in d.kipthoi("alerts", "ack", "D2", "--why", "y", check=0).stdout


def test_snooze_moves_what_waits_but_no_letter_past_its_deadline():
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-11T09:00:00")) as d:
        step(d, "D1", "due_3_days", "2026-03-06T09:00:00", "done", "told", "2026-03-06T09:00:00")
        step(d, "D1", "due_1_day", "2026-03-10T10:00:00")
        step(d, "D1", "due_now", "2026-03-20T09:00:00")
        step(d, "D1", "letter_owed", "2026-03-10T11:00:00")
        step(d, "D1", "letter_late", "2026-03-12T17:00:00", anchor="2026-03-12T17:00:00")
        step(d, "D2", "due_1_day", "2026-03-10T10:00:00")
        owe(d, "D1", "2026-03-12T17:00:00")
        assert "end" in one_line(d.kipthoi("alerts", "snooze", "D1", "--why", "x", check=2))
        assert "past" in one_line(d.kipthoi("alerts", "snooze", "D1", "--why", "x", "--until", "2026-03-09", check=2))
        assert '"soon"' in one_line(d.kipthoi("alerts", "snooze", "D1", "--why", "x", "--until", "soon", check=2))
        before = due_at(d, "D1")
        done = d.kipthoi("alerts", "snooze", "D1", "--until", "2026-03-16 08:00", "--why", "x", check=0)
        assert "1 of 4" in done.stdout and "deadline: 2" in done.stdout, done.stdout
        # D1 is promised for the 11th: to be told on the 16th is to be told too late.
        assert done.stderr == "kipthoi: the promise falls due at 2026-03-11 09:00, before 2026-03-16 08:00: no rung of it is told until 2026-03-16 08:00; that a letter is owed is told all the same\n", done
        until, deadline = moment("2026-03-16T08:00:00"), moment("2026-03-12T17:00:00")
        assert due_at(d, "D1") == before | {"due_1_day": (until, before["due_1_day"][0]), "letter_owed": (deadline, before["letter_owed"][0])}
        assert due_at(d, "D2")["due_1_day"] == (moment("2026-03-10T10:00:00"), None)
        # Another time, an earlier one: counted from what was planned, and the first snooze is over.
        assert d.kipthoi("alerts", "snooze", "D1", "--until", "2026-03-10 12:00", "--why", "y", check=0).stderr == ""
        noon = moment("2026-03-10T12:00:00")
        assert due_at(d, "D1") == before | {"due_1_day": (noon, before["due_1_day"][0]), "letter_owed": (noon, before["letter_owed"][0])}
        assert [row["id"] for row in d.json("alerts", "mutes", "--all")["rows"] if row["ended_at"] is None] == [2]
        # Taken back: as it was planned.
        d.kipthoi("alerts", "unmute", "2", "--why", "z", check=0)
        assert due_at(d, "D1") == before
        # Of a dossier that is done with nothing waits.
        d.sql("UPDATE step SET state = 'done', outcome = 'told', done_at = due_at WHERE code = 'D2'")
        done = d.kipthoi("alerts", "snooze", "D2", "--until", "2026-03-16 08:00", "--why", "x", check=0)
        assert "no step of D2 waits now" in done.stdout, done.stdout


def beside(d, change, *command):
    """Runs kipthoi alerts while the notifier's transaction, here by hand, changes the dossier's step; ends it when both have met."""
    with d.connect() as notifier, concurrent.futures.ThreadPoolExecutor() as pool:
        notifier.autocommit = False
        for statement in change:
            notifier.execute(statement)
        running = pool.submit(d.kipthoi, "alerts", *command, check=0)
        wait_until(lambda: running.done() or d.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                                     "AND datname = current_database()"), "they meet", 20)
        notifier.commit()
        return running.result(60).stdout


COPY = """INSERT INTO step (source_id, unit_id, episode, rung, due_at, due_was, anchor_at, code, state)
    SELECT source_id, unit_id, episode, {}, due_at, due_was, anchor_at, code, 'waiting' FROM step WHERE code = '{}'"""


def test_snooze_meets_the_notifier():
    """Another row waits when the notifier has moved or taken the step: that one is postponed, and comes back."""
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-11T09:00:00")) as d:
        planned, until = moment("2026-03-10T10:00:00"), moment("2026-03-16T08:00:00")
        for code in ("D1", "D2"):
            step(d, code, "due_1_day", "2026-03-10T10:00:00")
        moved = ["CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM step WHERE code = 'D1'", "DELETE FROM step WHERE code = 'D1'",
                 "INSERT INTO step SELECT * FROM kept"]
        snooze = ("--until", "2026-03-16 08:00", "--why", "x")
        assert "1 of 1" in beside(d, moved, "snooze", "D1", *snooze)
        assert due_at(d, "D1") == {"due_1_day": (until, planned)}
        taken = [COPY.format(RUNGS["due_3_hours"], "D2"),
                 "UPDATE step SET state = 'done', outcome = 'told', done_at = due_at WHERE code = 'D2' AND rung = 2"]
        assert "1 of 1" in beside(d, taken, "snooze", "D2", *snooze)
        assert due_at(d, "D2") == {"due_1_day": (planned, None), "due_3_hours": (until, planned)}
        assert d.value("SELECT count(*) FROM hush") == 2
        # Taken back while the step is moved again.
        beside(d, moved, "unmute", d.value("SELECT hush_id FROM hush WHERE code = 'D1'"), "--why", "z")
        assert due_at(d, "D1") == {"due_1_day": (planned, None)}


def test_snooze_gives_up_and_says_so():
    """When the notifier comes between each time."""
    with deployment(received("D1", "2026-03-11T09:00:00")) as d:
        step(d, "D1", "due_1_day", "2026-03-10T10:00:00")
        d.sql("""CREATE FUNCTION come_between() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE SQLSTATE '40001' USING MESSAGE = 'could not serialize access'; END $$""")
        d.sql("CREATE TRIGGER come_between BEFORE UPDATE ON step FOR EACH ROW EXECUTE FUNCTION come_between()")
        assert "5 tries" in one_line(d.kipthoi("alerts", "snooze", "D1", "--until", "2026-03-16", "--why", "x", check=3))
        assert d.value("SELECT count(*) FROM hush") == 0


def test_mutes_have_owner_reason_and_end():
    with deployment(received("D1", "2026-03-11T09:00:00")) as d:
        mute = ["alerts", "mute", "--why", "moving house"]
        assert "--unit" in one_line(d.kipthoi(*mute, "--until", "2026-03-20", check=2))
        mute += ["--unit", "H29.1"]
        assert "--until" in one_line(d.kipthoi(*mute, check=2))
        assert "past" in one_line(d.kipthoi(*mute, "--until", "2026-03-10", check=2))
        assert "90 days" in one_line(d.kipthoi(*mute, "--until", "2026-06-09", check=2))
        assert '"H77"' in one_line(d.kipthoi("alerts", "mute", "--unit", "H77", "--until", "2026-03-20", "--why", "x", check=1))
        told = one_line(d.kipthoi("alerts", "mute", "--field", "F9", "--until", "2026-03-20", "--why", "x", check=1))
        assert '"F9"' in told and "kipthoi rates --by field" in told, told
        assert '"loud"' in one_line(d.kipthoi("alerts", "mute", "--rung", "loud", "--until", "2026-03-20", "--why", "x", check=1))
        assert d.json("alerts", "mutes")["rows"] == []
        d.kipthoi(*mute, "--until", "2026-06-08", "--field", "F1", "--rung", "due_1_day", "--by", "chi Hoa", check=0)
        d.kipthoi("alerts", "mute", "--rung", "due_now", "--until", "2026-03-11", "--why", "x", check=0)
        rows = d.json("alerts", "mutes")["rows"]
        assert [(row["id"], row["unit"], row["field"], row["rung"], row["owner"] == "chi Hoa", row["why"]) for row in rows] == [
            (2, None, None, "due_now", False, "x"), (1, "H29.1", "F1", "due_1_day", True, "moving house")], rows
        assert rows[1]["since"] == "2026-03-10T02:00:00Z" and rows[1]["until"] == "2026-06-07T17:00:00Z", rows
        assert all(row["owner"] for row in rows)
        assert "--why" in one_line(d.kipthoi("alerts", "unmute", "1", check=2))
        d.kipthoi("alerts", "unmute", "1", "--why", "they are back", "--by", "anh Nam", check=0)
        assert "over" in one_line(d.kipthoi("alerts", "unmute", "1", "--why", "x", check=1))
        assert "9" in one_line(d.kipthoi("alerts", "unmute", "9", "--why", "x", check=1))
        assert [row["id"] for row in d.json("alerts", "mutes")["rows"]] == [2]
        ended = [row for row in d.json("alerts", "mutes", "--all")["rows"] if row["id"] == 1][0]
        assert (ended["ended_by"], ended["ended_why"], ended["ended_at"]) == ("anh Nam", "they are back", "2026-03-10T02:00:00Z"), ended
        # What has come to its end is over by itself.
        late = ("--set", "deployment.clock=2026-03-12T09:00:00+07:00")
        assert d.json("alerts", "mutes", *late)["rows"] == []
        assert "over" in one_line(d.kipthoi("alerts", "unmute", "2", "--why", "x", *late, check=1))


def ladder(d, text, check=0, arguments=()):
    path = d.dir / "ladder.csv"
    path.write_text("rung,active,before_days,before_hours,roles,superior\n" + text)
    return d.kipthoi("alerts", "ladder", "load", path, *arguments, check=check)


def test_ladder():
    with deployment() as d:
        shipped = d.sql("SELECT name, active, before_days, before_hours, array_to_string(roles, ' '), superior FROM rung ORDER BY rung")
        with open(ROOT / "deploy/ladder.csv", encoding="utf-8") as file:
            rows = [(row["rung"], row["active"] == "yes", int(row["before_days"]), int(row["before_hours"]), row["roles"],
                     row["superior"] == "yes") for row in csv.DictReader(file)]
        assert rows == shipped, rows
        assert "7 rungs read, 0 changed" in d.kipthoi("alerts", "ladder", "load", ROOT / "deploy/ladder.csv", check=0).stdout
        # Its own list loads.
        (d.dir / "own.csv").write_text(d.kipthoi("alerts", "ladder", "--csv", check=0).stdout)
        assert "0 changed" in d.kipthoi("alerts", "ladder", "load", d.dir / "own.csv", check=0).stdout
        change = "due_3_days,yes,5,0,officer  one_stop,yes\nletter_late,no,0,0,head,yes\n"
        assert "2 changed" in ladder(d, change, arguments=["--dry-run"]).stdout
        assert d.sql("SELECT before_days FROM rung WHERE rung = 1") == [(3,)]
        ladder(d, change)
        row = d.json("alerts", "ladder", "show")["rows"][0]
        assert (row["before_days"], row["roles"], row["superior"], row["anchor"]) == (5, "officer one_stop", True, "due"), row
        assert d.value("SELECT active FROM rung WHERE name = 'letter_late'") is False
        for text, named in [
                ("due_5_days,yes,5,0,officer,no\n", ':2: rung: there is no "due_5_days"'),
                ("due_now,yes,0,0,officer,no\nletter_owed,yes,1,0,officer,no\n", ":3: rung letter_owed"),
                ("due_now,perhaps,0,0,officer,no\n", ':2: active: "perhaps"'),
                ("due_now,yes,0,2000,officer,no\n", ':2: before_hours: "2000"')]:
            assert named in one_line(ladder(d, text, check=2)), named
        assert d.value("SELECT roles FROM rung WHERE name = 'due_now'") == ["officer", "head"]


def test_explain_tells_steps_and_hushes():
    with deployment(received("D1", "2026-03-11T09:00:00"), received("D2", "2026-03-11T09:00:00")) as d:
        step(d, "D1", "due_3_days", "2026-03-06T09:00:00", "done", "told", "2026-03-06T09:00:01")
        step(d, "D1", "due_1_day", "2026-03-10T10:00:00")
        d.kipthoi("alerts", "snooze", "D1", "--until", "2026-03-10 12:00", "--why", "phoned", check=0)
        d.kipthoi("alerts", "mute", "--unit", "H29.1", "--until", "2026-03-20", "--why", "moving", check=0)
        d.sql("""INSERT INTO letter (source_id, unit_id, episode, year, extension, state, due, drafted_at, sent_at, code, letter_no, reason,
                drafted_by, sent_by, channel)
            SELECT source_id, unit_id, 1, 2026, 1, 'sent', due_current, '2026-03-10Z', due_current + interval '1 h', code, '7/TXL', 'r', 'a', 'b', 'paper'
            FROM dossier WHERE code = 'D1'""")
        told = d.json("explain", "D1")
        assert [(row["rung"], row["state"], row["outcome"], row["due_was"]) for row in told["steps"]] == [
            ("due_3_days", "done", "told", None), ("due_1_day", "waiting", None, "2026-03-10T03:00:00Z")], told["steps"]
        assert [(row["letter_no"], row["state"], row["class"]) for row in told["documents"]] == [("7/TXL", "sent", "late")]
        assert [(row["kind"], row["why"]) for row in told["hushes"]] == [("snooze", "phoned"), ("mute", "moving")], told["hushes"]
        assert [row["kind"] for row in d.json("explain", "D2")["hushes"]] == ["mute"]
        text = d.kipthoi("explain", "D1", "--lang", "vi", check=0).stdout
        assert "Các bậc nhắc việc" in text and "đã báo" in text and "7/TXL" in text and "tắt nhắc" in text, text


def test_missed_steps_are_found_by_their_index():
    """However many wait: the auditor's question must never be too slow to be asked."""
    with deployment(received("D1", "2026-03-11T09:00:00")) as d:
        d.sql("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, code, state)
            SELECT source_id, unit_id, 1, 1, timestamptz '2026-03-10 08:59:30+07' + n * interval '1 s', now(), 'S' || n, 'waiting'
            FROM dossier, generate_series(1, 20000) n""")
        d.sql("ANALYZE step")
        for name in ("alerts_missed", "alerts_due"):
            text = (ROOT / f"schema/queries/{name}.sql").read_text()
            for i, value in ((4, "100"), (3, "'2026-03-10 09:00+07'"), (2, "NULL"), (1, "'2026-03-10 08:59:59+07'")):
                text = text.replace(f"${i}", value)
            plan = "\n".join(row[0] for row in d.sql("EXPLAIN " + text))
            assert "step_waiting" in plan and "Seq Scan on step" not in plan, plan
        assert len(d.json("alerts", "due", "--missed", check=1)["rows"]) == 28


if __name__ == "__main__":
    run_tests(globals())
