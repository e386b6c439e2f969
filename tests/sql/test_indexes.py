# SPDX-License-Identifier: MIT
"""What officials ask for every day reads what is in hand or shown, however much is done: by an index, never a whole table."""
import re

from deployment import ROOT, Deployment, run_tests

DONE = 20_000

# Query, its parameters, the index that it has to use, and the table that it must not read whole.
ASKED = [
    ("letters_rows", ("NULL", "NULL", "NULL", "false", "'100'"), "duty_by_deadline", "duty"),
    ("letters_rows", ("'sent'", "NULL", "NULL", "false", "'100'"), "duty_by_deadline", "duty"),
    ("letters_rows", ("NULL", "NULL", "'late'", "false", "'100'"), "duty_by_deadline", "duty"),
    ("letters_rows", ("NULL", "NULL", "NULL", "true", "'100'"), "letter_unsent", "letter"),
    ("letters_total", ("NULL", "NULL", "NULL", "false", "'100001'"), "duty_open_by_unit", "duty"),
    ("letters_total", ("NULL", "NULL", "NULL", "true", "'100001'"), "letter_unsent", "letter"),
    ("letter_pick_bulk", ("NULL", "true", "false"), "duty_open_by_unit", "duty"),
    ("letter_pick_bulk", ("NULL", "true", "false"), "letter_unsent", "letter"),
    ("alerts_steps", ("(now() - interval '7 days')", "now()", "NULL", "'100'"), "step_closed_at", "step"),
    ("deliveries_count", (), "delivery_sent", "delivery"),
    ("status_alerts", ("now()",), "delivery_unsent", "delivery"),
]


def filled():
    """Much that is done, little that is in hand."""
    d = Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh"}, sources=())
    d.sql("INSERT INTO source (name) VALUES ('urn:a')")
    d.sql("INSERT INTO unit (code) VALUES ('U1')")
    d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code, sent_at, sent_by, letter_no)
        SELECT 1, u.unit_id, 1, CASE WHEN n <= 50 THEN 'drafted' ELSE 'sent' END::duty_state, t.at, t.at, t.at, 'D' || n,
            CASE WHEN n > 50 THEN t.at + interval '1 h' END, CASE WHEN n > 50 THEN 'x' END, 'n'
        FROM unit u, generate_series(1, %s) n, LATERAL (SELECT now() - n * interval '1 h' AS at) t
        WHERE u.code = 'U1'""", DONE)
    d.sql("""INSERT INTO letter (source_id, unit_id, number, episode, year, extension, state, due, drafted_at, sent_at, code, letter_no, reason,
            drafted_by, sent_by)
        SELECT 1, unit_id, row_number() OVER (ORDER BY code), 1, 2026, 1, state::text::letter_state, due, due, sent_at, code, 'n', 'r', 'a', sent_by
        FROM duty""")
    d.sql("""INSERT INTO step (source_id, unit_id, episode, rung, due_at, anchor_at, done_at, code, state, outcome)
        SELECT 1, unit_id, 1, 1, due, due, due, code, 'done', 'told' FROM duty""")
    d.sql("""WITH r AS (
            INSERT INTO recipient (unit_id, role, channel, address) SELECT unit_id, 'head', 'email', 'a@b.vn' FROM unit WHERE code = 'U1'
            RETURNING recipient_id), m AS (
            INSERT INTO message (recipient_id, items, at, kind, key, facts)
            SELECT r.recipient_id, 1, now(), 'notices', n, '{}' FROM r, generate_series(1, %s) n RETURNING message_id, recipient_id)
        INSERT INTO delivery (message_id, recipient_id, channel, state, wire_id, sent_at)
        SELECT message_id, recipient_id, 'email', CASE WHEN message_id %% 1000 = 0 THEN 'dead' ELSE 'sent' END, message_id,
            CASE WHEN message_id %% 1000 <> 0 THEN now() - message_id * interval '1 h' END FROM m""", DONE)
    d.sql("VACUUM ANALYZE duty, letter, step, message, delivery")
    return d


def plan(d, name, values):
    text = (ROOT / f"schema/queries/{name}.sql").read_text()
    text = re.sub(r"\$(\d+)", lambda place: values[int(place.group(1)) - 1], re.sub(r"--.*", "", text))
    return "\n".join(row[0] for row in d.sql("EXPLAIN " + text))


def test_nobody_reads_what_is_done():
    with filled() as d:
        for name, values, index, table in ASKED:
            told = plan(d, name, values)
            assert index in told and not re.search(rf"Seq Scan on {table}\b", told), f"{name} {values}\n{told}"


def test_a_total_is_counted_up_to_a_bound():
    with Deployment(settings={"deployment.time_zone": "Asia/Ho_Chi_Minh"}, sources=()) as d:
        d.sql("INSERT INTO source (name) VALUES ('urn:a')")
        d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code)
            SELECT 1, 0, 1, 'owed', now(), now(), now(), 'D' || n FROM generate_series(1, 100000) n""")
        assert "100 of 100,000" in d.kipthoi("letters", check=0).stdout
        d.sql("""INSERT INTO duty (source_id, unit_id, episode, state, due, deadline, opened_at, code)
            VALUES (1, 0, 1, 'owed', now(), now(), now(), 'one more')""")
        assert "100 of more than 100,000" in d.kipthoi("letters", check=0).stdout
        assert "hơn 100.000" in d.kipthoi("letters", "--lang", "vi", check=0).stdout


if __name__ == "__main__":
    run_tests(globals())
