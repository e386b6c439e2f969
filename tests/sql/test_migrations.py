# SPDX-License-Identifier: MIT
"""Migrations: from nothing, again, by ten at once; and every query file can be prepared."""
import concurrent.futures
import subprocess

from deployment import Deployment, ROOT, run_tests, wait_until

FILES = sorted((ROOT / "schema/migrations").glob("*.sql"))


def versions(d):
    return [row[0] for row in d.sql("SELECT version FROM migration ORDER BY version")]


def test_from_nothing_and_again():
    with Deployment() as d:
        assert versions(d) == list(range(1, len(FILES) + 1))
        before = d.sql("SELECT version, applied_at FROM migration ORDER BY 1")
        d.kipthoi("migrate", check=0)
        with d.cluster.lock():
            d.kipthoi("init", "--create-database", check=0)
        assert d.sql("SELECT version, applied_at FROM migration ORDER BY 1") == before


def test_ten_at_once():
    with Deployment() as d:
        d.sql("DROP SCHEMA kipthoi CASCADE")
        with d.cluster.lock(), concurrent.futures.ThreadPoolExecutor(10) as pool:
            codes = list(pool.map(lambda _: d.kipthoi("init").returncode, range(10)))
        assert versions(d) == list(range(1, len(FILES) + 1))
        assert codes == [0] * 10, codes


def test_a_failing_migration_leaves_nothing():
    with Deployment() as d:
        d.sql("DROP SCHEMA kipthoi CASCADE")
        d.sql("CREATE SCHEMA kipthoi AUTHORIZATION kipthoi_owner")
        d.sql("CREATE TABLE kipthoi.dossier ()")  # in the way of migration 3
        done = d.kipthoi("migrate")
        assert done.returncode != 0 and "0003" in done.stderr + done.stdout, done
        assert versions(d) == [1, 2]
        assert d.value("SELECT to_regclass('kipthoi.unit')") is None


def before_13(d):
    """The schema as it was before 0013."""
    d.sql("DROP SCHEMA kipthoi CASCADE")
    d.sql("CREATE SCHEMA kipthoi AUTHORIZATION kipthoi_owner")
    with d.connect() as c:
        for path in FILES:
            if path.name < "0013":
                c.execute("BEGIN; SET LOCAL ROLE kipthoi_owner; SET LOCAL search_path = kipthoi")
                c.execute(path.read_text())
                c.execute("INSERT INTO migration (version, name, breaking) VALUES (%s, %s, false)", [int(path.name[:4]), path.stem[5:]])
                c.execute("COMMIT")


def test_a_turn_in_hand_is_waited_for():
    """A scorer that holds its cursor adds to the counters while 0013 takes them over."""
    with Deployment() as d, concurrent.futures.ThreadPoolExecutor(1) as pool:
        before_13(d)
        with d.connect() as scorer:
            scorer.execute("BEGIN")
            scorer.execute("SELECT FROM scorer_cursor FOR UPDATE")
            scorer.execute("""INSERT INTO day_count (day, unit_id, field_id, procedure_id, rule, early, on_time, late, overdue, in_time, paused,
                excluded) VALUES ('2025-03-01', 0, 0, 0, 'promise', 1, 0, 0, 0, 0, 0, 0)""")
            migrating = pool.submit(d.kipthoi, "migrate")
            wait_until(lambda: d.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
                       "the migration waits")
            scorer.execute("COMMIT")
        done = migrating.result()
        assert done.returncode == 0, done.stderr
        assert d.value("SELECT sum(early) FROM day_count") == 1


def test_counters_of_before_are_taken_over():
    """0013 makes one row of the counters of all rules, and counters of months."""
    with Deployment() as d:
        before_13(d)
        d.sql("""INSERT INTO day_count (day, unit_id, field_id, procedure_id, rule, early, on_time, late, overdue, in_time, paused, excluded)
            VALUES ('2025-03-01', 0, 0, 0, 'promise', 1, 2, 3, 4, 5, 6, 7), ('2025-03-01', 0, 0, 0, 'portal', 7, 6, 5, 4, 3, 2, 1),
                ('2025-03-31', 0, 0, 0, 'portal', 1, 0, 0, 0, 0, 0, 0), ('2025-04-01', 0, 0, 0, 'intake', 0, 0, 0, 0, 0, 0, 9),
                ('2025-04-02', 0, 0, 0, 'intake', 0, 0, 0, 0, 0, 0, 0)""")
        d.kipthoi("migrate", check=0)
        key = "unit_id, field_id, rule::text, early, on_time, late, overdue, in_time, paused, excluded"
        assert d.sql(f"SELECT day::text, procedure_id, {key} FROM day_count ORDER BY day, day_count.rule") == [
            ("2025-03-01", 0, 0, 0, "promise", 1, 2, 3, 4, 5, 6, 7), ("2025-03-01", 0, 0, 0, "portal", 7, 6, 5, 4, 3, 2, 1),
            ("2025-03-31", 0, 0, 0, "portal", 1, 0, 0, 0, 0, 0, 0), ("2025-04-01", 0, 0, 0, "intake", 0, 0, 0, 0, 0, 0, 9)]
        assert d.sql(f"SELECT month::text, {key} FROM month_count ORDER BY month, month_count.rule") == [
            ("2025-03-01", 0, 0, "promise", 1, 2, 3, 4, 5, 6, 7), ("2025-03-01", 0, 0, "portal", 8, 6, 5, 4, 3, 2, 1),
            ("2025-04-01", 0, 0, "intake", 0, 0, 0, 0, 0, 0, 9)]


def test_every_query_can_be_prepared():
    with Deployment() as d, d.connect() as c:
        for path in sorted((ROOT / "schema/queries").glob("*.sql")):
            text = path.read_text()
            assert text.startswith(f"-- {path.stem}: "), f"{path.name} does not open with its name"
            assert text.isascii(), f"{path.name} is not ASCII"
            result = c.pgconn.prepare(path.stem.encode(), text.encode())
            assert not result.error_message, f"{path.name}: {result.error_message.decode()}"


def test_dump_is_current():
    done = subprocess.run([ROOT / "schema/dump", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    run_tests(globals())
