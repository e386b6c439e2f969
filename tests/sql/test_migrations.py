# SPDX-License-Identifier: MIT
"""Migrations: from nothing, again, by ten at once; and every query file can be prepared."""
import concurrent.futures
import subprocess

from deployment import Deployment, ROOT, run_tests

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
