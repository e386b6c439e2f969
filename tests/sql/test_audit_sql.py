# SPDX-License-Identifier: MIT
"""The audit's own recount (migrations 0007 and 0008), against a walk minute by minute and against verdicts worked out by hand.

Events are put into the ledger directly and recounted by audit_dossiers(): no scorer takes part.
"""
import collections
import datetime
import hashlib
import json
import random
import zoneinfo

from deployment import Deployment, run_tests

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
CASES = 2000


class Ledger:
    """A deployment whose ledger is written by hand; one event a minute by `stored`, unless told otherwise."""

    def __init__(self, d, zone="Asia/Ho_Chi_Minh", now="2024-03-20 12:00"):
        self.c = d.connect()
        self.c.execute(f"SET timezone = '{zone}'")
        self.c.execute("INSERT INTO source (source_id, name) VALUES (1, 'urn:a')")
        self.c.execute("UPDATE scorer_cursor SET judged_at = %s, segment = 1", [now])
        self.count = 0

    def sql(self, text, parameters=None):
        cursor = self.c.execute(text, parameters)
        return cursor.fetchall() if cursor.description else []

    def event(self, code, what, time, stored=None, sequence=None, **data):
        """time: local; a synced record's data is given as it is."""
        self.count += 1
        kind = "apology.sent" if what == "apology" else f"dossier.{what}"
        body = {"MaHoSo": code, **data} if what == "synced" else {"dossier": code, **data}
        for name in ("received", "submitted", "due", "finished"):
            if name in body:
                body[name] = self.moment(body[name]).isoformat()
        event = {"specversion": "1.0", "id": f"{code}-{self.count:04}", "source": "urn:a",
                 "type": f"vn.kipthoi.{kind}.v1", "time": self.moment(time).isoformat(), "data": body}
        if sequence is not None:
            event["sequence"] = sequence
        text = json.dumps(event, ensure_ascii=False)
        self.c.execute(
            """INSERT INTO event (segment, source_id, kind, slot, happened, stored, sequence, event_id, dossier, digest, payload)
            SELECT 1, 1, k.kind, 0, %s, %s, %s, %s, %s, %s, %s FROM event_kind k WHERE k.type = %s""",
            [event["time"], self.moment(stored or time), sequence or 0, event["id"], code,
             hashlib.sha256(text.encode()).digest(), text, event["type"]])

    @staticmethod
    def moment(text):
        return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)

    def recount(self):
        """{code: row}, moments as local texts without seconds."""
        self.c.execute("UPDATE scorer_cursor SET snapshot = pg_current_snapshot()")
        cursor = self.c.execute("SELECT * FROM audit_dossiers()")
        names = [column.name for column in cursor.description]
        rows = {}
        for values in cursor.fetchall():
            row = {}
            for name, value in zip(names, values):
                if isinstance(value, datetime.datetime):
                    value = value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
                row[name] = str(value) if isinstance(value, datetime.date) else value
            rows[row["code"]] = collections.namedtuple("Dossier", names)(**row)
        return rows

    def rule(self, rule, since, **switches):
        """A further version of a rule, different from its first by these switches."""
        columns = [row[0] for row in self.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'kipthoi' AND table_name = 'rule_version'")]
        switches = {"effective_from": since, "version": "2", **switches}
        values = ", ".join("%s" if name in switches else name for name in columns)
        given = [switches[name] for name in columns if name in switches]
        self.sql(f"INSERT INTO rule_version ({', '.join(columns)}) SELECT {values} FROM rule_version "
                 f"WHERE rule = '{rule}' AND version = 1", given)


def office(ledger, version=1, in_force="-infinity", years=(2023, 2025), hours=(("08:00", "12:00"), ("13:00", "17:00"))):
    """Monday to Friday, eight hours."""
    ledger.sql("INSERT INTO calendar (version, first_year, last_year, in_force, name, loaded_by, why, file) "
               "VALUES (%s, %s, %s, %s, 'c', 't', 't', '')", [version, *years, in_force])
    ledger.sql("INSERT INTO calendar_unit (version, unit_id, day_s) VALUES (%s, 0, 28800)", [version])
    for weekday in range(1, 6):
        for begins, ends in hours:
            ledger.sql("INSERT INTO calendar_hours VALUES (%s, 0, %s, %s, %s)", [version, weekday, begins, ends])


def expect(dossier, **values):
    for name, value in values.items():
        found = getattr(dossier, name)
        assert found == value, f"{dossier.code}: {name} is {found!r}, not {value!r}"


def test_calendar_is_the_walk_by_minutes():
    """Random weeks, holidays and make-up days, in a zone that changes its clocks."""
    zone = zoneinfo.ZoneInfo("America/New_York")
    rng = random.Random(7)
    with Deployment(sources=()) as d:
        ledger = Ledger(d, "America/New_York")
        asked = 0
        for version in range(1, 9):
            worked = random_calendar(ledger, rng, version)
            # Every minute of the year, in order, with what its clock shows.
            begin = datetime.datetime(2024, 1, 1, tzinfo=zone).astimezone(UTC)
            end = datetime.datetime(2025, 1, 1, tzinfo=zone).astimezone(UTC)
            total = int((end - begin) / MINUTE)
            before, left = [0], []
            for n in range(total):
                local = (begin + n * MINUTE).astimezone(zone)
                works = (local.date(), local.hour * 60 + local.minute) in worked
                before.append(before[-1] + works)
                if works:
                    left.append(n + 1)      # the end of the k-th minute of work
            cases = []
            for _ in range(CASES // 8):
                a, b = rng.randrange(total + 1), rng.randrange(total + 1)
                cases.append((a, b, rng.choice((0, 1, rng.randrange(60, 3000), rng.randrange(200000)))))
            rows = ledger.sql(
                """WITH h AS MATERIALIZED (SELECT c FROM audit_calendars() c WHERE c.version = %s)
                SELECT audit_between(h.c, t.a, t.b), audit_add(h.c, t.a, t.w * 60000000)
                FROM unnest(%s::timestamptz[], %s::timestamptz[], %s::bigint[]) WITH ORDINALITY AS t (a, b, w, n), h ORDER BY n""",
                [version, [begin + a * MINUTE for a, _, _ in cases], [begin + b * MINUTE for _, b, _ in cases],
                 [w for _, _, w in cases]])
            for (a, b, w), (between, moved) in zip(cases, rows):
                assert between == (before[b] - before[a]) * 60000000, (version, a, b, between)
                k = before[a] + w
                wanted = begin + (a if w == 0 else left[k - 1]) * MINUTE if w == 0 or k <= len(left) else None
                assert moved == wanted, (version, a, w, moved, wanted)
                asked += 1
        assert asked == CASES


def random_calendar(ledger, rng, version):
    """Loads one of 2024; returns {(date, minute of the day)} of work.  Hours that the clocks show twice or skip are left
    to test_clock_changes: what a minute walk says of them is no rule."""
    def shift():
        cuts = sorted(rng.sample(range(4 * 60, 24 * 60 + 1, 15), 2 * rng.randint(1, 3)))
        return list(zip(cuts[::2], cuts[1::2]))

    def clock(minute):
        return f"{minute // 60:02}:{minute % 60:02}"

    week = {weekday: shift() if weekday == 1 or rng.random() < 0.7 else [] for weekday in range(1, 8)}
    ledger.sql("INSERT INTO calendar (version, first_year, last_year, in_force, name, loaded_by, why, file) "
               "VALUES (%s, 2024, 2024, %s, 'c', 't', 't', '')", [version, f"20{version:02}-01-01"])
    ledger.sql("INSERT INTO calendar_unit (version, unit_id, day_s) VALUES (%s, 0, 28800)", [version])
    for weekday, shifts in week.items():
        for begins, ends in shifts:
            ledger.sql("INSERT INTO calendar_hours VALUES (%s, 0, %s, %s, %s)", [version, weekday, clock(begins), clock(ends)])
    special = {}
    for number in rng.sample(range(366), 25):
        day = datetime.date(2024, 1, 1) + number * DAY
        kind = rng.choice(("off", "monday", "hours"))
        special[day] = {"off": [], "monday": week[1]}.get(kind) if kind != "hours" else shift()
        ledger.sql("INSERT INTO calendar_day VALUES (%s, %s, %s, false, 'x')", [version, day, "off" if kind == "off" else "work"])
        if kind == "hours":
            for begins, ends in special[day]:
                ledger.sql("INSERT INTO calendar_day_hours VALUES (%s, %s, %s, %s)", [version, day, clock(begins), clock(ends)])
    worked = set()
    for number in range(366):
        day = datetime.date(2024, 1, 1) + number * DAY
        for begins, ends in special.get(day, week[day.isoweekday()]):
            worked.update((day, minute) for minute in range(begins, ends))
    return worked


def test_clock_changes():
    with Deployment(sources=()) as d:
        ledger = Ledger(d, "America/New_York")

        def utc(call):
            return ledger.sql(f"SELECT ({call} AT TIME ZONE 'UTC')::text")[0][0]
        # 2024-03-10 02:00 EST is 03:00 EDT (07:00Z); 2024-11-03 02:00 EDT is 01:00 EST (06:00Z).
        for text, wanted in [
                ("2024-03-10T02:30:00", "2024-03-10 07:30:00"), ("20241103013000", "2024-11-03 05:30:00"),
                ("2024-11-03 02:00:00", "2024-11-03 07:00:00"), ("20240701", "2024-07-01 04:00:00"),
                ("2024-12-01", "2024-12-01 05:00:00"), ("2024-07-01T10:00:60.1234567Z", "2024-07-01 10:00:59.123456"),
                ("2024-07-01T17:00:00+07:00", "2024-07-01 10:00:00")]:
            assert utc(f"audit_moment('{text}')") == wanted, text
        assert utc("audit_moment('')") is None
        assert utc("audit_reach('2024-03-10', '02:30')") == "2024-03-10 07:00:00"
        assert utc("audit_reach('2024-11-03', '01:30')") == "2024-11-03 05:30:00"
        assert utc("audit_reach('2024-11-03', '24:00')") == "2024-11-04 05:00:00"
        assert utc("audit_term(NULL, '2024-01-31 09:00', 1, 'months')") == "2024-02-29 14:00:00"
        assert utc("audit_term(NULL, '2024-03-09 09:00', 1, 'calendar_days')") == "2024-03-10 13:00:00"


def test_fold_and_flags():
    """docs/rules.md 3 and 5, one dossier for each sentence."""
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        e.event("moved", "received", "2024-03-01 08:00", due="2024-03-10 10:00")
        e.event("moved", "accepted", "2024-03-02 08:00", due="2024-03-12 10:00")                 # silently: 1
        e.event("moved", "rescheduled", "2024-03-03 08:00", due="2024-03-13 10:00")
        e.event("moved", "rescheduled", "2024-03-04 08:00", due="2024-03-14 10:00")              # twice: 1024
        e.event("moved", "finished", "2024-03-15 10:00", received="2024-03-01 08:00")
        e.event("moved", "finished", "2024-03-16 09:00", finished="2024-03-10 09:00")            # 2, 256; told late: 8192
        e.event("order", "finished", "2024-03-02 08:00", received="2024-03-05 08:00", due="2024-03-02 08:00")  # 4 8 512
        e.event("unknown", "finished", "2024-03-02 08:00")                                       # 16
        e.event("unasked", "supplemented", "2024-03-02 08:00", due="2024-03-30 08:00")           # 64
        e.event("told", "finished", "2024-03-02 08:00", stored="2024-03-03 08:01", received="2024-03-01 08:00")  # 8192
        e.event("letter", "received", "2024-03-01 08:00", unit="U1", channel="2")
        e.event("letter", "apology", "2024-03-05 08:00", unit="U2", due="2024-03-02 08:00")
        e.event("pair", "supplement_requested", "2024-03-04 08:00", due="2024-03-30 08:00", reason="giấy")
        e.event("pair", "supplement_requested", "2024-03-05 08:00")
        e.event("pair", "payment_requested", "2024-03-04 09:00")
        e.event("pair", "supplemented", "2024-03-06 08:00")
        e.event("late_told", "received", "2024-03-05 08:00", sequence=2, unit="B")
        e.event("late_told", "received", "2024-03-05 08:00", sequence=1, unit="A")
        found = e.recount()
        expect(found["moved"], flags=1 + 2 + 256 + 1024 + 8192, due_moves=2, due_first="2024-03-10 10:00",
               due_current="2024-03-14 10:00", finished_first="2024-03-15 10:00", finished_at="2024-03-10 09:00",
               told_at="2024-03-15 10:00", promise="on_time", portal="early", events=6)
        expect(found["order"], flags=4 + 8 + 512, promise="on_time", promise_day="2024-03-02")
        expect(found["unknown"], flags=16, promise="excluded", promise_day="2024-03-02", promise_due=None)
        expect(found["unasked"], flags=64, pauses=0, promise="in_time", flips_at="2024-03-30 08:00")
        expect(found["told"], flags=8192)
        expect(found["letter"], unit="U1", due_first=None, online=True, events=2, last_happened="2024-03-05 08:00")
        expect(found["pair"], supplements=2, pauses=2, state="paused", promise="in_time")
        assert [(p[0], p[3]) for p in pauses(e, "pair")] == [("supplement", "giấy"), ("payment", None)]
        assert [p[2] is None for p in pauses(e, "pair")] == [False, True]
        expect(found["late_told"], unit="B", last_sequence=2)


def promises(ledger, code):
    return [row[0] for row in ledger.sql("SELECT to_char(u.due, 'DD HH24:MI') FROM audit_dossiers() a, unnest(a.promise_list) "
                                         "WITH ORDINALITY AS u (due, n) WHERE a.code = %s ORDER BY u.n", [code])]


def put_off(ledger, code, *dues):
    """Due 2024-03-08 17:00, then re-appointed to these days of March, day by day from the 4th."""
    ledger.event(code, "received", "2024-03-01 08:00", due="2024-03-08 17:00")
    for n, due in enumerate(dues):
        ledger.event(code, "rescheduled", f"2024-03-{4 + n:02} 08:00", due=f"2024-03-{due}")


def test_later_promises():
    """docs/rules.md 12; it is 2024-03-20 12:00."""
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        e.sql("INSERT INTO code_alias (source, list, code, means, note, loaded_by) VALUES ('urn:a', 'dossier', 'other', 'same', '', '')")
        put_off(e, "three", "14 17:00", "13 17:00", "14 17:00", "20 12:00", "20 11:00")      # at 12:00 it still holds
        put_off(e, "over", "14 17:00", "20 11:59")
        put_off(e, "below", "08 17:00", "07 17:00")
        put_off(e, "silent")
        e.event("silent", "accepted", "2024-03-05 08:00", due="2024-03-14 17:00")
        put_off(e, "in_time", "14 17:00")
        e.event("in_time", "finished", "2024-03-08 17:00")
        put_off(e, "ended", "14 17:00", "15 17:00", "25 17:00")
        e.event("ended", "finished", "2024-03-15 17:00")
        put_off(e, "paused", "14 17:00", "22 17:00")
        e.event("paused", "supplement_requested", "2024-03-08 10:00")
        put_off(e, "asked", "14 17:00", "22 17:00")
        e.event("asked", "supplement_requested", "2024-03-14 17:01")
        # Waited for seven hours of work, Thursday 10:00 to Friday 09:00: due on Monday 16:00; what lies below is no promise.
        put_off(e, "moved", "11 10:00", "11 16:00", "12 17:00", "30 17:00")
        e.event("moved", "supplement_requested", "2024-03-07 10:00")
        e.event("moved", "supplemented", "2024-03-08 09:00")
        put_off(e, "withdrawn", "14 17:00")
        e.event("withdrawn", "withdrawn", "2024-03-08 10:00")
        e.event("no_due", "received", "2024-03-01 08:00")
        e.event("same", "received", "2024-03-01 08:00", due="2024-03-08 17:00")
        e.event("other", "rescheduled", "2024-03-04 08:00", due="2024-03-14 17:00")
        found = e.recount()
        expect(found["three"], promise="overdue", broken=2, next_due="2024-03-20 12:00", flips_at="2024-03-20 12:00",
               reappointments=2, due_moves=5)
        expect(found["over"], broken=3, next_due=None, flips_at=None, reappointments=2)
        expect(found["below"], broken=1, next_due=None, reappointments=1)
        expect(found["silent"], broken=1, next_due=None, reappointments=0)
        expect(found["in_time"], promise="on_time", broken=0, next_due=None, reappointments=1)
        expect(found["ended"], promise="late", broken=2, next_due=None, flips_at=None)
        expect(found["paused"], promise="paused", broken=0, next_due=None)
        expect(found["asked"], promise="overdue", broken=2, next_due=None, flips_at=None)
        expect(found["moved"], promise_due="2024-03-11 16:00", broken=2, next_due="2024-03-30 17:00", reappointments=4)
        expect(found["withdrawn"], promise="excluded", broken=0, next_due=None, reappointments=1)
        expect(found["no_due"], broken=0, next_due=None)
        expect(found["same"], broken=2, next_due=None)
        for code, wanted in (("three", ["14 17:00", "20 12:00"]), ("over", ["14 17:00", "20 11:59"]), ("below", []), ("silent", []),
                             ("in_time", ["14 17:00"]), ("moved", ["12 17:00", "30 17:00"]), ("withdrawn", []),
                             ("same", ["14 17:00"])):
            assert promises(e, code) == wanted, (code, promises(e, code))


def test_later_promises_by_day():
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        e.rule("promise", "2024-01-01", precision="day")
        put_off(e, "of_one_day", "08 20:00")
        put_off(e, "today", "14 17:00", "20 08:00")
        e.event("first", "received", "2024-03-01 08:00", due="2024-03-20 08:00")
        found = e.recount()
        expect(found["of_one_day"], broken=2, next_due=None)
        expect(found["today"], broken=2, next_due="2024-03-20 08:00", flips_at="2024-03-20 23:59")
        expect(found["first"], promise="in_time", broken=0, next_due="2024-03-20 08:00", flips_at="2024-03-20 23:59")


def pauses(ledger, code):
    """Kind, from, to, reason of the recounted pauses."""
    return ledger.sql("SELECT u.kind, to_char(u.from_at, 'DD HH24:MI'), to_char(u.to_at, 'DD HH24:MI'), u.reason "
                      "FROM audit_dossiers() a, unnest(a.pause_list) WITH ORDINALITY AS u (kind, from_at, to_at, reason, told, n) "
                      "WHERE a.code = %s ORDER BY u.n", [code])


def test_synced_records():
    """docs/rules.md 4; the codes of the dossiers are its steps."""
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        full = {"NgayTiepNhan": "2024-03-01 08:00:00", "NgayHenTra": "20240315170000", "DonViXuLy": "000.17.22.H56",
                "MaTTHC": "1.000656.000.00.00.H29", "KenhThucHien": 2}
        e.event("1", "synced", "2024-03-05 08:00", TrangThaiHoSo=9, **full)
        e.event("1", "synced", "2024-03-06 08:00", TrangThaiHoSo="4", **full)
        e.event("2", "synced", "2024-03-05 08:00", TrangThai="2", ThoiDiemXuLy="2024-03-04T09:00:00")
        e.event("2", "synced", "2024-03-06 08:00", TrangThai="4", ThoiDiemXuLy="2024-03-05T09:00:00")
        e.event("3", "synced", "2024-03-05 08:00", TrangThai=1)
        e.event("4", "synced", "2024-03-05 08:00", TrangThaiHoSo=3, NgayTuChoi="2024-03-04", **full)
        e.event("4w", "synced", "2024-03-05 08:00", TrangThai=7)
        e.event("4w", "synced", "2024-03-06 08:00", TrangThai=7)
        e.event("4s", "synced", "2024-03-05 08:00", TrangThai=8)
        e.event("5", "synced", "2024-03-05 08:00", TrangThaiHoSo=9, NgayKetThucXuLy="2024-03-04 10:00:00", **full)
        e.event("5m", "synced", "2024-03-05 08:00", TrangThai=9)
        e.event("6", "synced", "2024-03-05 08:00", TrangThaiHoSo=10, NgayTra="2024-03-04 11:00:00", NgayKetThucXuLy="", **full)
        one = [{"NgayBoSung": "2024-03-04 08:00:00", "NgayTiepNhanBoSung": "2024-03-04 10:00:00",
                "NgayHenTraTruoc": "2024-03-12 17:00:00", "NgayHenTraMoi": "2024-03-15 17:00:00"}, {"NgayBoSung": ""}]
        e.event("7", "supplement_requested", "2024-03-02 08:00")
        e.event("7", "synced", "2024-03-05 08:00", TrangThaiHoSo=4, DanhSachHoSoBoSung=one, **full)
        e.event("7", "supplement_requested", "2024-03-06 08:00")
        e.event("7", "supplemented", "2024-03-07 08:00")
        e.event("8", "synced", "2024-03-05 08:00", TrangThai=5)
        e.event("8", "synced", "2024-03-06 08:00", TrangThai=5)
        e.event("8", "synced", "2024-03-07 08:00", TrangThai=6)
        e.event("8", "synced", "2024-03-08 08:00", TrangThai=4)
        found = e.recount()
        expect(found["1"], flags=32, finished_at=None, finished_first="2024-03-05 08:00", state="in_process",
               unit="H56.22.17", procedure="1.000656", online=True, told_at="2024-03-05 08:00", promise="overdue",
               intake="on_time", accepted_at="2024-03-01 08:00", intake_due="2024-03-01 17:00")
        expect(found["2"], accepted_at="2024-03-04 09:00", received_at=None)
        expect(found["3"], received_at="2024-03-05 08:00", accepted_at=None, state="received")
        expect(found["4"], refused_at="2024-03-04 00:00", accepted_at=None, promise="early", portal="early")
        expect(found["4w"], withdrawn_at="2024-03-05 08:00", accepted_at="2024-03-05 08:00", promise="excluded")
        expect(found["4s"], stopped_at="2024-03-05 08:00", state="stopped")
        expect(found["5"], finished_at="2024-03-04 10:00", state="finished")
        expect(found["5m"], finished_at="2024-03-05 08:00")
        expect(found["6"], finished_at=None, returned_at="2024-03-04 11:00", state="returned")
        # Two working hours from 03-12 17:00 (a Tuesday) end on the 13th at 10:00; portal adds two hours to the 15th.
        expect(found["7"], supplements=1, pauses=1, flags=0, due_first="2024-03-12 17:00", due_current="2024-03-15 17:00",
               promise_due="2024-03-13 10:00", portal_due="2024-03-15 19:00", calendar=1)
        assert pauses(e, "7") == [("supplement", "04 08:00", "04 10:00", None)]
        expect(found["8"], supplements=1, pauses=2, state="in_process")
        assert pauses(e, "8") == [("supplement", "05 08:00", "08 08:00", None), ("payment", "07 08:00", "08 08:00", None)]


def switched(rule, build, **switches):
    """The one dossier that build makes, under a second version of a rule with these switches."""
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        e.sql("INSERT INTO procedure_term VALUES ('P', '-infinity', 2, 'working_days', 'pause', '', now(), 't'), "
              "('R', '-infinity', NULL, NULL, 'restart', '', now(), 't')")
        e.rule(rule, "2024-01-01", **switches)
        build(e)
        return e.recount()["x"]


def paused(e, procedure="Q"):
    """Due Friday 03-08 17:00; waited from Thursday 15:00 to Friday 10:00 (four working hours, 19 hours); done Monday 10:00."""
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-08 17:00", procedure=procedure)
    e.event("x", "accepted", "2024-03-01 09:00")
    e.event("x", "supplement_requested", "2024-03-07 15:00")
    e.event("x", "supplemented", "2024-03-08 10:00")
    e.event("x", "finished", "2024-03-11 10:00")


def waiting(e):
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-08 17:00")
    e.event("x", "accepted", "2024-03-01 09:00")
    e.event("x", "supplement_requested", "2024-03-07 15:00")


def stopped(e):
    waiting(e)
    e.event("x", "stopped", "2024-03-14 09:00")


def withdrawn(e):
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-08 17:00")
    e.event("x", "withdrawn", "2024-03-08 10:00")


def plain(e):
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-08 17:00")
    e.event("x", "finished", "2024-03-08 18:00", due="2024-03-09 17:00")
    e.event("x", "finished", "2024-03-10 18:00")


def term_only(e):
    e.event("x", "received", "2024-03-01 08:00", procedure="P")


def paying(e):
    waiting(e)
    e.event("x", "supplemented", "2024-03-07 15:00")
    e.event("x", "payment_requested", "2024-03-07 15:00")
    e.event("x", "paid", "2024-03-08 10:00")


def twice(e):
    """Two pauses of no length."""
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-31 17:00")
    for _ in range(2):
        e.event("x", "supplement_requested", "2024-03-07 15:00")
        e.event("x", "supplemented", "2024-03-07 15:00")


def extended(e):
    e.event("x", "received", "2024-03-01 08:00", due="2024-03-31 17:00")
    e.event("x", "rescheduled", "2024-03-02 08:00", due="2024-04-02 17:00")


# rule, dossier, switches, what comes of it
SWITCHES = [
    ("promise", plain, {"precision": "instant"}, {"promise": "late", "promise_due": "2024-03-08 17:00"}),
    ("promise", plain, {"precision": "day", "finish": "first"}, {"promise": "on_time", "promise_day": "2024-03-08"}),
    ("promise", plain, {"finish": "first"}, {"promise": "late", "promise_day": "2024-03-08"}),
    ("promise", plain, {"finish": "first", "due": "current"}, {"promise": "early", "promise_due": "2024-03-09 17:00"}),
    # Four working hours after Friday 17:00: Monday 12:00; 19 hours after it: Saturday 12:00.
    ("promise", paused, {"pause": "move_due", "measure": "working"}, {"promise": "on_time", "promise_due": "2024-03-11 12:00", "calendar": 1}),
    ("promise", paused, {"measure": "elapsed"}, {"promise": "late", "promise_due": "2024-03-09 12:00", "calendar": 0}),
    ("promise", paused, {"pause": "deduct"}, {"promise_due": "2024-03-09 12:00", "calendar": 0}),
    ("promise", paused, {"pause": "none"}, {"promise_due": "2024-03-08 17:00", "promise": "late"}),
    # Restart: from acceptance to due 47 working hours, counted again from Friday 10:00: 6 hours, five days, one hour.
    ("promise", lambda e: paused(e, "R"), {}, {"promise_due": "2024-03-18 09:00", "promise": "early"}),
    # The term's unit decides for working time.
    ("promise", lambda e: paused(e, "P"), {"measure": "elapsed"}, {"promise_due": "2024-03-11 12:00"}),
    ("promise", paused, {"supplement_limit": 1}, {"promise": "on_time", "supplements": 1}),
    ("promise", twice, {"supplement_limit": 1}, {"promise": "overdue", "promise_day": "2024-03-31", "supplements": 2}),
    ("promise", twice, {"supplement_limit": 0}, {"promise": "in_time", "portal": "overdue", "portal_day": "2024-03-01"}),
    ("portal", twice, {"supplement_limit": 2}, {"portal": "in_time"}),
    ("promise", waiting, {"waiting": "paused"}, {"promise": "paused", "flips_at": None, "promise_day": "2024-03-01"}),
    ("promise", waiting, {"waiting": "ends"}, {"promise": "paused"}),
    ("promise", waiting, {"waiting": "runs"}, {"promise": "overdue", "promise_day": "2024-03-08"}),
    ("promise", stopped, {"waiting": "ends"}, {"promise": "early", "promise_day": "2024-03-14"}),
    # The wait ends with the dossier: 03-07 15:00 to 03-14 09:00 are 2 + 8 + 24 + 1 hours and 8 more: 35 = 4 days 3 hours.
    ("promise", stopped, {"waiting": "paused"}, {"promise_due": "2024-03-15 11:00", "promise": "early"}),
    ("promise", paying, {"payment": "runs"}, {"promise_due": "2024-03-08 17:00"}),
    ("promise", paying, {"payment": "pauses"}, {"promise_due": "2024-03-11 12:00"}),
    ("promise", withdrawn, {"withdrawn": "exclude_kept"}, {"promise": "excluded", "promise_due": "2024-03-08 17:00"}),
    ("promise", withdrawn, {"withdrawn": "exclude"}, {"promise": "excluded", "promise_due": None}),
    ("promise", withdrawn, {"withdrawn": "end"}, {"promise": "on_time", "promise_day": "2024-03-08"}),
    # Two working days from Friday 08:00.
    ("promise", term_only, {"missing_due": "term"}, {"promise": "overdue", "promise_due": "2024-03-04 17:00", "calendar": 1}),
    ("promise", term_only, {"missing_due": "exclude"}, {"promise": "excluded", "due_computed": "2024-03-04 17:00"}),
    ("promise", term_only, {"unaccepted": "exclude"}, {"promise": "excluded"}),
    ("promise", term_only, {"unaccepted": "count"}, {"promise": "overdue"}),
    ("portal", term_only, {"unaccepted": "count"}, {"portal": "overdue", "portal_day": "2024-03-01"}),
    ("promise", extended, {"extension_limit": 0}, {"flags": 1024, "due_moves": 1}),
    ("promise", extended, {"extension_limit": 1}, {"flags": 0, "due_moves": 1}),
]


def test_every_switch():
    for rule, build, switches, wanted in SWITCHES:
        print(rule, switches)
        expect(switched(rule, build, **switches), **wanted)


def test_calendar_versions_and_flags():
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e, 1, years=(2023, 2023))
        office(e, 2, "2024-03-10", years=(2023, 2025), hours=(("08:00", "10:00"),))
        office(e, 3, "2024-06-01", years=(2023, 2030))
        e.sql("INSERT INTO procedure_term VALUES ('P', '-infinity', 8, 'working_hours', 'pause', '', now(), 't'), "
              "('L', '-infinity', 9999999 / 3333, 'working_days', 'pause', '', now(), 't')")
        e.event("old", "received", "2023-03-01 08:00", procedure="P")
        e.event("old", "finished", "2023-03-01 16:00")
        e.event("next", "received", "2024-03-04 08:00", procedure="P", due="2024-03-05 08:00")
        e.event("next", "finished", "2024-03-05 08:00")
        e.event("none", "received", "2024-03-04 08:00", procedure="L")
        e.event("reversed", "synced", "2024-03-05 08:00", TrangThaiHoSo=4, NgayHenTra="2024-04-05", DanhSachHoSoBoSung=[
            {"NgayBoSung": "2024-03-04 08:00:00", "NgayTiepNhanBoSung": "2024-03-03 08:00:00"}])
        found = e.recount()
        expect(found["old"], calendar=1, due_computed="2023-03-01 17:00", promise="on_time")
        # Version 1, in force at its end, does not know 2024: the next is taken, two hours a day.
        expect(found["next"], calendar=2, due_computed="2024-03-07 10:00", flags=2048 + 512)
        expect(found["none"], calendar=-1, flags=4096, promise="excluded", promise_due=None)
        expect(found["reversed"], flags=128, promise="in_time")


def test_codes():
    with Deployment(sources=()) as d:
        e = Ledger(d)
        e.sql("""INSERT INTO code_alias (source, list, code, means, valid_from, valid_to, note, loaded_by) VALUES
            ('*', 'unit', 'H56.22.17', 'ALL', '-infinity', 'infinity', '', ''),
            ('urn:a', 'unit', 'H56.22.17', 'MINE', '2024-03-02', '2024-03-03', '', ''),
            ('*', 'channel', 'X', 'online', '-infinity', 'infinity', '', ''),
            ('*', 'field', 'F', 'G', '-infinity', 'infinity', '', ''),
            ('*', 'status', 'done', '9', '-infinity', 'infinity', '', ''),
            ('urn:a', 'dossier', 'second', 'first', '-infinity', 'infinity', '', '')""")
        e.event("u1", "received", "2024-03-01 23:59", unit="000.17.22.H56", field="F", channel="X", procedure="1.000656.H1")
        e.event("u2", "received", "2024-03-02 00:00", unit="000.17.22.H56", channel="1", procedure="1.0006567")
        e.event("u3", "received", "2024-03-04 00:00", unit="H56.22.17")
        e.event("s", "synced", "2024-03-04 00:00", TrangThai="done")
        e.event("first", "received", "2024-03-04 00:00")
        e.event("second", "accepted", "2024-03-05 00:00")
        found = e.recount()
        expect(found["u1"], unit="ALL", field="G", online=True, procedure="1.000656")
        expect(found["u2"], unit="MINE", online=False, procedure="1.0006567")
        expect(found["u3"], unit="ALL")
        expect(found["s"], state="finished")
        expect(found["first"], events=2, state="in_process")
        assert "second" not in found


def test_intake_clock():
    """One working day from handing in."""
    with Deployment(sources=()) as d:
        e = Ledger(d)
        office(e)
        for code, accepted in (("early", "2024-03-07 16:00"), ("on_time", "2024-03-08 10:00"), ("late", "2024-03-08 11:00")):
            e.event(code, "received", "2024-03-07 10:30", submitted="2024-03-07 10:30", channel="online")
            e.event(code, "accepted", accepted)
        e.event("excluded", "received", "2024-03-07 10:30", channel="2")
        e.event("excluded", "refused", "2024-03-20 10:30")
        e.event("overdue", "received", "2024-03-19 11:00", channel="2")
        e.event("in_time", "received", "2024-03-19 14:00", channel="2")
        e.event("counter", "received", "2024-03-19 14:00", channel="1")
        found = e.recount()
        for code in ("early", "on_time", "late", "excluded", "overdue", "in_time"):
            expect(found[code], intake=code)
        expect(found["late"], intake_due="2024-03-08 10:30", intake_day="2024-03-08", calendar=1)
        expect(found["overdue"], intake_due="2024-03-20 11:00", intake_day="2024-03-20", flips_at=None)
        expect(found["in_time"], flips_at="2024-03-20 14:00", intake_day="2024-03-19")
        expect(found["counter"], intake=None, intake_day=None, calendar=0)


def test_only_the_operator_may():
    with Deployment(sources=()) as d:
        d.sql("SELECT * FROM audit_dossiers()", role="operator")
        for role in ("ingest", "scorer", "notifier"):
            allowed = d.value(f"SELECT bool_or(has_function_privilege('kipthoi_{role}', p.oid, 'EXECUTE')) FROM pg_proc p "
                              "WHERE p.pronamespace = 'kipthoi'::regnamespace AND p.proname LIKE 'audit%'")
            assert not allowed, role


if __name__ == "__main__":
    run_tests(globals())
