# SPDX-License-Identifier: MIT
"""An audit that cannot fail is worthless: each kind of damage is found and named."""
import boston
from deployment import Deployment, run_tests

ROWS = boston.read(3000)

# what is damaged, the statement (as administrator), words that the audit must name
DAMAGE = [
    ("a counter", """UPDATE day_tally SET promise_late = promise_late + 1 WHERE (day, unit_id, field_id, procedure_id) =
        (SELECT day, unit_id, field_id, procedure_id FROM day_tally WHERE promise_late > 0 ORDER BY 1, 2, 3, 4 LIMIT 1)""",
        ["rule promise", "day counts"]),
    ("a counter of the portal", """UPDATE day_tally SET portal_early = NULL WHERE (day, unit_id, field_id, procedure_id) =
        (SELECT day, unit_id, field_id, procedure_id FROM day_tally WHERE portal_early > 0 ORDER BY 1, 2, 3, 4 LIMIT 1)""",
        ["rule portal", "early 0"]),
    ("a counter that should not be there", """INSERT INTO day_tally (day, unit_id, field_id, procedure_id, intake_early)
        SELECT '1999-01-01', unit_id, field_id, procedure_id, 1 FROM day_tally LIMIT 1""", ["1999-01-01", "rule intake"]),
    ("counters dropped", """DELETE FROM day_tally WHERE (day, unit_id, field_id, procedure_id) =
        (SELECT day, unit_id, field_id, procedure_id FROM day_tally WHERE promise_early + portal_early > 1 ORDER BY 1, 2, 3, 4 LIMIT 1)""",
        ["rule promise", "rule portal"]),
    ("a counter of a month", """UPDATE month_tally SET portal_overdue = coalesce(portal_overdue, 0) + 1 WHERE (month, unit_id, field_id) =
        (SELECT month, unit_id, field_id FROM month_tally ORDER BY 1, 2, 3 LIMIT 1)""", ["month counts: 2015-01", "rule portal"]),
    ("a month that should not be there", """INSERT INTO month_tally (month, unit_id, field_id, promise_paused)
        SELECT '1999-01-01', unit_id, field_id, 1 FROM month_tally LIMIT 1""", ["month counts: 1999-01", "paused 1"]),
    ("a month dropped", """DELETE FROM month_tally WHERE (month, unit_id, field_id) =
        (SELECT month, unit_id, field_id FROM month_tally WHERE promise_early > 0 ORDER BY 1, 2, 3 LIMIT 1)""",
        ["month counts: 2015-01", "early 0"]),
    ("a duty dropped", "DELETE FROM duty WHERE code = (SELECT min(code) FROM duty)", ["{first_duty}"]),
    ("a duty too many", """INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code)
        SELECT source_id, unit_id, 1, 'owed', now(), now(), now(), code FROM dossier WHERE promise = 'early'
        ORDER BY code LIMIT 1""", ["{first_early}"]),
    ("a ledger row", """UPDATE event SET payload = replace(payload, '2015-01', '2015-02')
        WHERE dossier = '{first_early}'""", ["{first_early}"]),
    ("a ledger row and its digest", """UPDATE event SET payload = p, digest = sha256(convert_to(p, 'UTF8')) FROM
        (SELECT replace(payload, '"finished":"2015', '"finished":"2019') AS p FROM event WHERE dossier = '{first_early}') x
        WHERE dossier = '{first_early}'""", ["{first_early}"]),
    ("a ledger row dropped", "DELETE FROM event WHERE dossier = '{first_early}'", ["{first_early}"]),
    ("a dossier's date", "UPDATE dossier SET due_first = due_first + interval '1 year' WHERE code = '{first_late}'",
        ["{first_late}"]),
    ("a verdict", "UPDATE dossier SET promise = 'on_time' WHERE code = '{first_late}'", ["{first_late}"]),
    ("a dossier dropped", "DELETE FROM dossier WHERE code = '{first_late}'", ["{first_late}"]),
    ("the intake", "UPDATE intake SET accepted = accepted - 1, received = received - 1 WHERE ctid = (SELECT min(ctid) FROM intake WHERE accepted > 0)", []),
    ("a verdict of the portal", "UPDATE dossier SET portal = 'on_time' WHERE code = '{first_late}'", ["{first_late}"]),
    ("a pause", "UPDATE pause SET to_at = to_at + interval '1 day' WHERE code = 'WAITED'", ["WAITED"]),
    ("a later promise", "UPDATE promise SET due_at = due_at + interval '1 day' WHERE episode = 2", ["AGAIN promise 2"]),
    ("a later promise dropped", "DELETE FROM promise WHERE episode = 3", ["AGAIN promise 3", "no such promise"]),
    ("a later promise too many", "INSERT INTO promise SELECT source_id, 4, now(), code FROM dossier WHERE code = 'AGAIN'",
        ["AGAIN promise 4", "no such promise in the events"]),
    ("the broken promises", "UPDATE dossier SET broken = 1 WHERE code = 'AGAIN'", ["AGAIN", "broken 1", "broken 2"]),
    ("broken promises of one that was in time", "UPDATE dossier SET broken = 1 WHERE code = '{first_early}'",
        ["{first_early}", "broken 1", "broken 0"]),
    ("the next promise", "UPDATE dossier SET next_due = NULL WHERE code = 'AGAIN'", ["AGAIN", "next_due -"]),
    ("the moment that breaks it", "UPDATE dossier SET flips_at = flips_at + interval '1 s' WHERE code = 'AGAIN'",
        ["AGAIN", "flips_at 2016-06-01 17:00:01"]),
    ("the count of re-appointments", "UPDATE dossier SET reappointments = 0 WHERE code = 'AGAIN'",
        ["AGAIN", "reappointments 0", "reappointments 2"]),
    ("an indicator", "UPDATE indicator SET numerator = numerator + 1", ["disbursement"]),
    ("an alert dropped", "DELETE FROM alert WHERE (topic, seq) = (SELECT topic, min(seq) FROM alert GROUP BY topic ORDER BY 1 LIMIT 1)", []),
]


def event(kind, number, time, **data):
    return {"specversion": "1.0", "id": f"other-{number}", "source": "urn:t", "type": f"vn.kipthoi.{kind}.v1", "time": time,
            "data": data}


# What the cases of Boston do not have: a pause, later promises of which one still holds, an indicator.
OTHERS = [
    event("dossier.supplement_requested", 1, "2015-03-02T09:00:00-05:00", dossier="WAITED"),
    event("dossier.supplemented", 2, "2015-03-03T09:00:00-05:00", dossier="WAITED"),
    event("dossier.received", 4, "2015-03-02T09:00:00-05:00", dossier="AGAIN", due="2015-03-10T17:00:00-04:00"),
    event("dossier.rescheduled", 5, "2015-03-09T09:00:00-04:00", dossier="AGAIN", due="2015-03-12T17:00:00-04:00"),
    event("dossier.rescheduled", 6, "2015-03-13T09:00:00-04:00", dossier="AGAIN", due="2016-06-01T17:00:00-04:00"),
    event("indicator.reported", 3, "2015-12-31T09:00:00-05:00", unit="U", measure="disbursement", period="2015", numerator=88,
          denominator=100),
]


def test_every_damage_is_named():
    with Deployment() as d:
        d.start()
        d.send(boston.write(d.dir / "cases.csv", ROWS), "--map", boston.MAP)
        d.send_events(OTHERS)
        d.wait_settled()
        d.stop()
        d.audit()
        keep_copy(d)
        names = {
            "first_duty": d.value("SELECT min(code) FROM duty"),
            "first_early": d.value("SELECT min(code) FROM dossier WHERE promise = 'early'"),
            "first_late": d.value("SELECT min(code) FROM dossier WHERE promise = 'late'"),
        }
        for what, statement, words in DAMAGE:
            with d.connect() as connection:
                connection.execute("BEGIN")
                changed = connection.execute(statement.format(**names)).rowcount
                assert changed == 1, f"{what}: {changed} rows"
                connection.execute("COMMIT")
            done = d.kipthoi("audit", "--no-wait")
            assert done.returncode == 1, f"audit did not see: {what}\n{done.stdout}"
            for word in words:
                assert word.format(**names) in done.stdout, f"{what}: audit does not name {word}\n{done.stdout}"
            print(f"found: {what}")
            restore(d)
            d.audit()


TABLES = ("pause", "promise", "indicator", "event_1", "dossier", "day_tally", "month_tally", "duty", "intake", "alert")


def keep_copy(d):
    with d.connect() as c:
        c.execute("CREATE SCHEMA spare")
        for table in TABLES:
            c.execute(f"CREATE TABLE spare.{table} AS TABLE {table}")


def restore(d):
    """Puts everything back as it was before the first damage, transaction numbers included."""
    with d.connect() as c:
        c.execute("BEGIN")
        c.execute("SET LOCAL session_replication_role = replica")  # no foreign keys in the way
        for table in TABLES:
            c.execute(f"DELETE FROM {table}")
            c.execute(f"INSERT INTO {table} SELECT * FROM spare.{table}")
        c.execute("COMMIT")


if __name__ == "__main__":
    run_tests(globals())
