# SPDX-License-Identifier: MIT
"""Whom alerts go to: every mistake is named, keys of webhooks are files that only their owner reads, nobody is forgotten."""
import base64
import csv
import io
import os
import pty
import stat
import subprocess

import counters
from deployment import ROOT, Deployment, run_tests

HOOK = "https://alerts.example.vn/in?token=k"


def deployment(**settings):
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-03-10T09:00:00+07:00",
                             "mail.host": "mail.example.vn"} | settings,
                   sources=())
    d.sql("INSERT INTO unit (code, name) VALUES ('H29', 'TP'), ('H29.14', 'Mười bốn'), ('H29.14.1', NULL), ('H30', NULL)")
    d.sql("""UPDATE unit u SET parent_id = p.unit_id FROM unit p
        WHERE (u.code, p.code) IN (('H29.14', 'H29'), ('H29.14.1', 'H29.14'))""")
    return d


def add(d, *arguments, check=0):
    return d.kipthoi("recipients", "add", *arguments, check=check)


def listed(d, *arguments):
    return d.json("recipients", *arguments)["rows"]


def one_line(done):
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and not done.stdout, (done.stdout, done.stderr)
    return lines[0]


def keys(d):
    return sorted(path.name for path in (d.dir / "secrets").glob("webhook-*"))


def test_added_ones_are_listed_with_defaults():
    with deployment() as d:
        add(d, "--unit", "H29.14", "--role", "officer", "--email", "a@h29.example.vn")
        add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK, "--lang", "en")
        add(d, "--unit", "H29", "--role", "head", "--email", "b@h29.example.vn", "--hours", "always")
        told = {row["address"]: (row["unit"], row["role"], row["channel"], row["hours"], row["lang"]) for row in listed(d)}
        assert told == {"a@h29.example.vn": ("H29.14", "officer", "email", "work", "vi"),
                        HOOK: ("H29", "head", "webhook", "always", "en"),
                        "b@h29.example.vn": ("H29", "head", "email", "always", "vi")}, told
        assert [row["unit"] for row in listed(d, "--unit", "H29.14")] == ["H29.14"]
        assert "H77" in one_line(d.kipthoi("recipients", "--unit", "H77", check=1))
        # Again: the same one, and no second key.
        assert "1" in add(d, "--unit", "H29.14", "--role", "officer", "--email", "a@h29.example.vn").stdout
        add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK)
        assert len(listed(d)) == 3 and len(keys(d)) == 1, keys(d)
        assert "giờ làm việc" in d.kipthoi("recipients", "--lang", "vi", check=0).stdout


def test_mistakes_are_named():
    with deployment() as d:
        base = ["--unit", "H29", "--role", "head"]
        for arguments, code, named in [
                (base, 2, "--email"),
                (base + ["--email", "a@b.vn", "--webhook", HOOK], 2, "not both"),
                (["--role", "head", "--email", "a@b.vn"], 2, "--unit"),
                (["--unit", "H29", "--email", "a@b.vn"], 2, "--role"),
                (base + ["--email", "nobody"], 2, '"nobody"'),
                (base + ["--email", "a@b@c"], 2, '"a@b@c"'),
                (base + ["--webhook", "http://alerts.example.vn/"], 2, "https://"),
                (base + ["--webhook", "alerts"], 2, "https://"),
                (base + ["--webhook", "https://127.0.0.1/x"], 2, "127.0.0.1 is not public"),
                (base + ["--webhook", "https://10.1/x"], 2, "notifier.webhook_allow"),
                (base + ["--webhook", "https://[::ffff:192.168.0.1]/x"], 2, "notifier.webhook_allow"),
                (base + ["--webhook", "https://user:pw@x.vn/"], 2, "user or password"),
                (base + ["--webhook", "https://x.vn/" + "a" * 1100], 2, "1024"),
                (["--unit", "H29", "--role", "Big Boss", "--email", "a@b.vn"], 2, '"Big Boss"'),
                (["--unit", "H29", "--role", "Officer", "--email", "a@b.vn"], 2, "lower-case letters and _ only"),
                (["--unit", "H77", "--role", "head", "--email", "a@b.vn"], 1, '"H77"'),
                (["--unit", "H77", "--role", "head", "--email", "a@b.vn"], 1, "kipthoi units load FILE"),
                (["--unit", "H77", "--role", "head", "--webhook", HOOK], 1, '"H77"'),
                (base + ["--email", "a@b.vn", "--hours", "night"], 2, '"night"'),
                (base + ["--email", "a@b.vn", "--secret-file", d.conf], 2, "secret_file"),
                (base + ["--webhook", HOOK, "--secret-file", d.dir / "none"], 2, "none"),
                (base + ["--email", "a@b.vn", "--limit", "3"], 2, "--limit")]:
            line = one_line(add(d, *arguments, check=code))
            assert named in line, (named, line)
        assert listed(d) == [] and keys(d) == []
        # A role that nothing names is taken, with a word of warning.
        done = add(d, "--unit", "H29", "--role", "inspector", "--email", "a@b.vn")
        assert "inspector" in one_line(subprocess.CompletedProcess([], 0, "", done.stderr)) and len(listed(d)) == 1
        for call in ("remove", "disable", "enable", "rotate", "secret", "test"):
            why = ["--why", "x"] if call in ("remove", "disable", "enable") else []
            assert " 9" in one_line(d.kipthoi("recipients", call, "9", "--yes", *why, check=1)), call
        assert "--why" in one_line(d.kipthoi("recipients", "disable", "1", check=2))
        d.kipthoi("recipients", "disable", "x1", "--why", "x", check=2)


def test_private_addresses_need_the_configuration():
    with deployment(**{"notifier.webhook_allow": "127.0.0.1/32"}) as d:
        add(d, "--unit", "H29", "--role", "head", "--webhook", "http://127.0.0.1:8080/in")
        add(d, "--unit", "H29", "--role", "head", "--webhook", "https://127.0.0.1/x")
        assert "for http" in one_line(add(d, "--unit", "H29", "--role", "head", "--webhook", "http://203.162.0.1/", check=2))
        done = add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK)
        assert "key lies in" in done.stdout
        assert "notifier.webhook_allow" in one_line(
            add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK, "--set", "notifier.webhook_allow=10.0.0.0/99", check=2))


def test_keys_are_files_of_their_owner():
    with deployment() as d:
        added = d.json("recipients", "add", "--unit", "H29", "--role", "head", "--webhook", HOOK)
        path = added["secret_file"]
        assert os.path.dirname(path) == str((d.dir / "secrets").resolve()), path
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        key = open(path, encoding="ascii").read().strip()
        assert key.startswith("whsec_") and len(base64.b64decode(key[6:])) == 32, key
        number = str(added["id"])
        # Printed on purpose only.
        refused = d.kipthoi("recipients", "secret", number, check=2)
        assert key not in refused.stdout + refused.stderr
        assert d.kipthoi("recipients", "secret", number, "--yes", check=0).stdout.strip() == key
        master, terminal = pty.openpty()
        d.kipthoi("recipients", "secret", number, check=0, stdout=terminal, stderr=terminal)
        os.close(terminal)
        assert os.read(master, 4096).decode().strip() == key
        os.close(master)
        shown = [row for row in d.json("recipients", "log")["rows"] if row["what"] == "key_shown"]
        assert len(shown) == 2 and all(row["who"] for row in shown), shown
        # Never anywhere else.
        everything = "".join(d.kipthoi("recipients", *call).stdout for call in (["list"], ["list", "--json"], ["log"], ["check"]))
        assert key not in everything
        # Mail has none.
        mail = d.json("recipients", "add", "--unit", "H29", "--role", "head", "--email", "a@b.vn")
        assert mail["secret_file"] is None
        for call in ("secret", "rotate"):
            assert "no key" in one_line(d.kipthoi("recipients", call, mail["id"], "--yes", check=1))
        # A key of their own.
        own = d.dir / "own.secret"
        own.touch(mode=0o644)
        own.write_text("whsec_" + base64.b64encode(b"k" * 32).decode() + "\n")
        other = ("--unit", "H29.14", "--role", "head", "--webhook", HOOK, "--secret-file", own)
        assert "own.secret" in one_line(add(d, *other, check=2))       # others may read it
        own.chmod(0o600)
        add(d, *other)
        assert str(own) in [row["secret_file"] for row in listed(d)]
        own.write_text("whsec_short\n")
        assert "own.secret" in one_line(add(d, "--unit", "H30", *other[2:], check=2))


def test_rotation_keeps_the_old_key_until_it_is_finished():
    with deployment() as d:
        first = d.json("recipients", "add", "--unit", "H29", "--role", "head", "--webhook", HOOK)["secret_file"]
        assert "no rotation" in one_line(d.kipthoi("recipients", "rotate", "1", "--finish", check=1))
        d.kipthoi("recipients", "rotate", "1", check=0)
        files = listed(d)[0]["secret_file"].split(" ")
        assert len(files) == 2 and files[1] == first and files[0] != first, files
        newest = open(files[0], encoding="ascii").read().strip()
        assert newest != open(first, encoding="ascii").read().strip()
        assert d.kipthoi("recipients", "secret", "1", "--yes", check=0).stdout.strip() == newest
        assert "two keys" in one_line(d.kipthoi("recipients", "rotate", "1", check=1))
        assert len(keys(d)) == 2
        d.kipthoi("recipients", "rotate", "1", "--finish", check=0)
        assert listed(d)[0]["secret_file"] == files[0]
        assert not os.path.exists(first) and keys(d) == [os.path.basename(files[0])]
        assert [row["what"] for row in d.json("recipients", "log", "1")["rows"]] == ["key_dropped", "key_shown", "key_added", "added"]



def test_doctor_and_status_name_what_would_not_arrive():
    with deployment() as d:
        path = d.json("recipients", "add", "--unit", "H29", "--role", "head", "--webhook", HOOK)["secret_file"]
        columns = list(d.json("doctor")["rows"][0])
        state, check, detail = columns[0], columns[1], columns[2]

        def found(code=None):
            rows = {row[check]: row for row in d.json("doctor", check=code)["rows"]}
            return {name: (rows[name][state], rows[name][detail]) for name in ("steps due", "outbox", "who hears", "webhook keys")}
        assert [row[0] for row in found(0).values()] == ["ok"] * 4, found(0)
        # A rotation that nobody finishes.
        d.kipthoi("recipients", "rotate", "1", check=0)
        newest = listed(d)[0]["secret_file"].split(" ")[0]
        assert found(0)["webhook keys"][0] == "ok"
        os.utime(newest, (1_000_000_000, 1_000_000_000))
        assert found(0)["webhook keys"][0] == "warn" and newest in found(0)["webhook keys"][1]
        d.kipthoi("recipients", "rotate", "1", "--finish", check=0)
        os.chmod(newest, 0o644)
        assert found(1)["webhook keys"][0] == "FAIL" and newest in found(1)["webhook keys"][1]
        assert d.json("status")["alerting"]["keys_unusable"] == 1
        os.unlink(newest)
        assert found(1)["webhook keys"][0] == "FAIL"
        # What is disabled needs no key.
        d.kipthoi("recipients", "disable", "1", "--why", "moved", check=0)
        assert found(0)["webhook keys"][0] == "ok" and not os.path.exists(path)
        counters.add(d, "H30", overdue=2, in_time=1)
        assert found(0)["who hears"] == ("warn", "units of which nobody hears: 1 (H30)"), found(0)
        message(d, 1, "dead")
        assert found(0)["outbox"][0] == "warn"
        figures = d.json("status")["alerting"]
        assert (figures["units_unheard"], figures["deliveries_dead"], figures["steps_missed"]) == (1, 1, 0), figures
        assert "nhắc việc" in d.kipthoi("status", "--lang", "vi", check=0).stdout.lower()
        assert "alerting,units_unheard,1\n" in d.kipthoi("status", "--csv", check=0).stdout.replace("\r", "")


def test_the_way_out_can_be_pasted():
    with deployment() as d:
        d.sql("INSERT INTO unit (code) VALUES ('Water & Sewer')")
        counters.add(d, "Water & Sewer", overdue=1)
        for language in ("en", "vi"):
            told = d.kipthoi("recipients", "check", "--lang", language, check=1).stdout
            assert "kipthoi recipients add --unit 'Water & Sewer' --role " in told, told


def test_what_waits_for_a_disabled_one_is_told():
    with deployment() as d:
        for address in ("a@b.vn", "c@d.vn"):
            add(d, "--unit", "H29", "--role", "head", "--email", address)
        for recipient, count in ((1, 2), (2, 3)):
            for n in range(count):
                d.sql("INSERT INTO notice (recipient_id, kind, key, facts) VALUES (%s, 'due_now', %s, '{}')", recipient, f"step/1/1/4/D-{n}")
        assert d.json("status")["alerting"]["notices_stranded"] == 0
        d.kipthoi("recipients", "disable", "1", "--why", "moved", check=0)
        assert d.json("status")["alerting"]["notices_stranded"] == 2
        assert {row["id"]: row["notices"] for row in listed(d)} == {1: 2, 2: 3}
        (row,) = [row for row in d.json("doctor")["rows"] if row["check"] == "notices of disabled recipients"]
        assert (row["finding"], row["detail"]) == ("warn", "2") and "kipthoi recipients enable" in row["way_out"], row
        told = d.kipthoi("recipients", check=0).stdout
        assert "2 notices wait there; to send them: kipthoi recipients enable 1" in told and "enable 2" not in told, told
        # Those that are in a message already have a delivery, which is given up and counted as such.
        d.sql("UPDATE notice SET message_id = 1 WHERE recipient_id = 1")
        assert d.json("status")["alerting"]["notices_stranded"] == 0


def message(d, recipient, state):
    return d.value("""WITH m AS (
            INSERT INTO message (recipient_id, items, at, kind, key, facts) VALUES (%s, 1, now(), 'notices', gen_random_uuid(), '{"rows": []}')
            RETURNING message_id, recipient_id)
        INSERT INTO delivery (message_id, recipient_id, channel, state, wire_id, sent_at)
        SELECT m.message_id, m.recipient_id, r.channel, s.state, gen_random_uuid(), CASE s.state WHEN 'sent' THEN now() END
        FROM m JOIN recipient r USING (recipient_id), (VALUES (%s)) AS s (state) RETURNING delivery_id""", recipient, state)


def test_removed_and_disabled():
    with deployment() as d:
        add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK)
        add(d, "--unit", "H29", "--role", "head", "--email", "a@b.vn")
        add(d, "--unit", "H29", "--role", "officer", "--email", "a@b.vn")
        d.kipthoi("recipients", "remove", "1", "--why", "never used", check=0)
        assert [row["id"] for row in listed(d)] == [2, 3] and keys(d) == []
        message(d, 2, "sent")
        d.kipthoi("recipients", "remove", "2", "--why", "she retired", check=0)
        row = listed(d)[0]
        assert row["id"] == 2 and "she retired" in row["disabled"] and row["sent"] == 1, row
        assert "she retired" in one_line(add(d, "--unit", "H29", "--role", "head", "--email", "a@b.vn", check=1))
        assert "she retired" in one_line(d.kipthoi("recipients", "test", "2", check=1))
        d.sql("UPDATE recipient SET paused_until = now() + interval '1 day' WHERE recipient_id = 2")
        # What was put together before she retired was given up, by the notifier; that stays so.
        for error in ("disabled: the recipient is disabled: she retired", "refused: no such mailbox"):
            d.sql("UPDATE delivery SET last_error = %s WHERE delivery_id = %s", error, message(d, 2, "dead"))
        told = d.kipthoi("recipients", "enable", "2", "--why", "her successor", "--by", "chi Hoa", check=0).stdout
        assert told == ("recipient 2 is enabled\nmessages given up because it was disabled: 1; to send them: "
                        "kipthoi deliveries redrive --recipient 2 --state dead --why TEXT\n"), told
        d.kipthoi("deliveries", "redrive", "--recipient", "2", "--state", "dead", "--why", "her successor", check=0)
        assert d.kipthoi("recipients", "enable", "2", "--why", "again", check=0).stdout == "recipient 2 is enabled\n"
        row = listed(d)[0]
        assert row["disabled"] is None and row["paused_until"] is None, row
        log = [(row["recipient"], row["what"], row["who"], row["why"]) for row in d.json("recipients", "log")["rows"]]
        assert (2, "enabled", "chi Hoa", "her successor") in log and {(what, why) for who, what, _, why in log if who == 1} == {
            ("added", ""), ("removed", "never used")}, log


def test_test_message():
    with deployment() as d:
        add(d, "--unit", "H29", "--role", "head", "--webhook", HOOK)
        add(d, "--unit", "H29", "--role", "head", "--email", "a@b.vn")
        hook = d.json("recipients", "test", "1")["delivery"]
        mail = d.json("recipients", "test", "2")["delivery"]
        shown = d.json("deliveries", "show", hook)
        assert shown["kind"] == "notices" and shown["key"].startswith("test/") and shown["state"] == "waiting", shown
        assert shown["message"]["kinds"] == {"test": 1} and shown["message"]["rows"][0]["unit"] == "H29", shown
        assert shown["wire_id"] == "test-" + shown["key"][5:], shown
        # Of mail the part of the Message-ID before the domain, which is the sender's.
        assert d.json("deliveries", "show", mail)["wire_id"].startswith("test-") and "@" not in d.json("deliveries", "show", mail)["wire_id"]
        d.kipthoi("audit", "--no-wait", check=0)


def load(d, *lines, check=0, arguments=()):
    path = d.dir / "people.csv"
    path.write_text("unit,role,channel,address,hours,lang,secret_file\n" + "".join(line + "\n" for line in lines))
    return d.kipthoi("recipients", "load", path, *arguments, check=check)


def test_loading():
    with deployment() as d:
        assert "5 new" in d.kipthoi("recipients", "load", ROOT / "deploy/recipients.sample.csv", "--dry-run", check=0).stdout
        assert listed(d) == [] and keys(d) == []
        d.kipthoi("recipients", "load", ROOT / "deploy/recipients.sample.csv", check=0)
        assert len(listed(d)) == 5 and len(keys(d)) == 1
        # Again, and from its own list: the same.
        assert "0 new, 0 changed, 5 the same" in d.kipthoi("recipients", "load", ROOT / "deploy/recipients.sample.csv", check=0).stdout
        text = d.kipthoi("recipients", "--csv", check=0).stdout
        (d.dir / "own.csv").write_text(text)
        assert "0 new, 0 changed, 5 the same" in d.kipthoi("recipients", "load", d.dir / "own.csv", check=0).stdout
        assert len(list(csv.DictReader(io.StringIO(text)))) == 5 and len(keys(d)) == 1
        assert "1 changed" in load(d, "H29,head,email,lanhdao@h29.example.vn,always,en,").stdout
        row = [row for row in listed(d) if row["address"] == "lanhdao@h29.example.vn"][0]
        assert (row["hours"], row["lang"]) == ("always", "en"), row
        # All or nothing, and the line is named; keys that were made for lines above go again.
        for lines, named in [
                (["H30,head,webhook,https://x.vn/,,,", "H77,head,email,a@b.vn,,,"], ':3: unit: "H77"'),
                (["H30,head,webhook,https://x.vn/,,,", "H30,head,fax,a@b.vn,,,"], ':3: channel: "fax"'),
                (["H77,head,email,a@b.vn,,,"], "kipthoi units load FILE"),
                (["H30,head,webhook,https://192.168.7.1/,,,"], ":2: address: 192.168.7.1 is not public"),
                (["H30,head,email,,,,"], ":2: address: is empty"),
                (["H30,,email,a@b.vn,,,"], ":2: role: is empty"),
                (["H30,head,webhook,https://x.vn/,,,", f"H30,head,webhook,https://y.vn/,,,{d.dir}/none"], ":3: secret_file: ")]:
            assert named in one_line(load(d, *lines, check=2)), named
        assert len(listed(d)) == 5 and len(keys(d)) == 1, keys(d)


def test_loading_tells_every_bad_row():
    """What the file says and what the database knows, in the order of the lines; 20 of them and how many more."""
    with deployment() as d:
        done = load(d, "H77,head,email,a@b.vn,,,", "H30,head,webhook,https://x.vn/,,,", "H30,head,fax,a@b.vn,,,", "H30,,email,a@b.vn,,,",
                    "H30,head,email,a@b.vn,,,", f"H30,head,webhook,https://y.vn/,,,{d.dir}/none", "H30,head,email,a@b.vn,,,",
                    "H30,head,email,c@b.vn,,,,", check=2)
        lines = [line.removeprefix(f"kipthoi: {d.dir / 'people.csv'}:") for line in done.stderr.splitlines()]
        starts = ['2: unit: "H77" is not known', '4: channel: "fax" is neither', "5: role: is empty", "7: secret_file: ", "8: says the same as line 6",
                  "9: has 8 cells", " 6 bad rows; nothing was loaded"]
        assert len(lines) == len(starts) and all(line.startswith(start) for line, start in zip(lines, starts)), done.stderr
        assert listed(d) == [] and keys(d) == []
        done = load(d, *(f"H{77 if n % 2 else 30},head,{'email' if n % 2 else 'fax'},a{n}@b.vn,,," for n in range(25)), check=2)
        lines = done.stderr.splitlines()
        assert [int(line.split(":")[2]) for line in lines[:20]] == list(range(2, 22)), done.stderr
        assert lines[20:] == [f"kipthoi: {d.dir / 'people.csv'}: 5 more bad rows, 25 in all; nothing was loaded"], done.stderr
        assert listed(d) == []
        # A folder that is missing is one mistake, not one of each row.
        (d.dir / "people.csv").write_text("unit,role,channel,address\nH30,head,webhook,https://x.vn/\nH30,head,webhook,https://y.vn/\n")
        told = d.kipthoi("recipients", "load", d.dir / "people.csv", "--set", f"notifier.webhook_secrets={d.dir}/none", check=2).stderr
        assert told.startswith(f"kipthoi: {d.dir / 'people.csv'}:2: secret_file: notifier.webhook_secrets: ") and told.count("\n") == 1, told


def test_check_names_units_of_which_nobody_hears():
    with deployment() as d:
        for unit in ("H29.14.1", "H30"):
            counters.add(d, unit, late=9, overdue=2, in_time=1)
        d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code)
            SELECT 1, unit_id, 1, 'owed', now(), now(), now(), 'x' FROM unit WHERE code = 'H29.14'""")

        def unheard(code=1):
            return {row["unit"]: (row["open"], row["owed"], row["rungs"]) for row in d.json("recipients", "check", check=code)["rows"]}
        every = "due_1_day due_3_days due_3_hours due_now letter_late letter_owed overdue_daily"
        assert unheard() == {"H29.14.1": (3, 0, every), "H29.14": (0, 1, every), "H30": (3, 0, every)}, unheard()
        # Above, the head hears of what the officer does not.
        add(d, "--unit", "H29", "--role", "head", "--email", "a@b.vn")
        officers = "due_1_day due_3_days letter_owed"
        assert unheard() == {"H29.14.1": (3, 0, officers), "H29.14": (0, 1, officers), "H30": (3, 0, every)}, unheard()
        add(d, "--unit", "H29.14", "--role", "officer", "--email", "a@b.vn")
        assert unheard() == {"H30": (3, 0, every)}, unheard()
        # Who is disabled does not hear; a rung that is not used needs nobody.
        d.kipthoi("recipients", "disable", "2", "--why", "x", check=0)
        assert set(unheard()) == {"H29.14.1", "H29.14", "H30"}
        d.sql("UPDATE rung SET active = name = 'due_now'")
        assert unheard() == {"H30": (3, 0, "due_now")}, unheard()
        told = d.kipthoi("recipients", "check", check=1).stdout
        assert "kipthoi recipients add --unit H30 --role head --email" in told, told
        add(d, "--unit", "H30", "--role", "officer", "--email", "a@b.vn")
        assert unheard(0) == {} and d.kipthoi("recipients", "check", check=0).stdout.strip()


if __name__ == "__main__":
    run_tests(globals())
