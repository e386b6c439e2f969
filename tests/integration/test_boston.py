# SPDX-License-Identifier: MIT
"""The real cases, end to end: the same figures however they were sent and whatever was killed meanwhile."""
import os
import random
import subprocess
import threading

import boston
from deployment import Cluster, Deployment, run_tests, wait_until

ROWS = boston.read()
EXPECTED = boston.recount(ROWS)
MISSED = sum(counts["late"] + counts["overdue"] for counts in EXPECTED.values())
PLAIN = "asan" not in os.environ.get("KIPTHOI_BIN", "")


def check_figures(d):
    """Rates per department equal the recount of the CSV; as many letters are owed as promises were missed; audit agrees."""
    d.wait_settled()
    answer = d.rates("unit", "all")
    got = {row["unit"]: row for row in answer["rows"]}
    assert set(got) == set(EXPECTED) | {"Boston"}, set(got) ^ set(EXPECTED)
    for unit, counts in EXPECTED.items():
        row = got[unit]
        for name in boston.CLASSES:
            assert row[name] == counts[name], f"{unit}: {name} is {row[name]}, the CSV says {counts[name]}"
        finished = counts["early"] + counts["on_time"] + counts["late"]
        assert row["finished"] == finished
        assert row["rate"] == boston.percent(finished - counts["late"], finished), (unit, row["rate"])
    for name in boston.CLASSES:
        total = sum(counts[name] for counts in EXPECTED.values())
        assert got["Boston"][name] == total and answer["total"][name] == total, (name, total)
    assert d.value("SELECT count(*) FROM duty WHERE state = 'owed'") == MISSED
    assert d.value("SELECT count(*) FROM duty WHERE state <> 'owed'") == 0
    d.audit()


def boston_file(d, rows=None, name="cases.csv"):
    return boston.write(d.dir / name, rows or ROWS)


def send(d, file, *arguments, **options):
    return d.send(file, "--map", boston.MAP, *arguments, **options)


def test_sent_once_agrees_with_the_city():
    with Deployment() as d:
        d.start()
        send(d, boston_file(d))
        check_figures(d)
        ours = dict(d.sql("SELECT code, promise::text FROM dossier"))
        assert len(ours) == len(ROWS)
        contradictions, blank, without_due = [], [], 0
        for row in ROWS:
            verdict = ours[row["CASE_ENQUIRY_ID"]]
            if not row["TARGET_DT"]:
                without_due += 1
                assert verdict == "excluded", row
            elif not row["OnTime_Status"]:
                blank.append(verdict)
            elif (verdict in ("late", "overdue")) != (row["OnTime_Status"] == "OVERDUE"):
                contradictions.append(row["CASE_ENQUIRY_ID"])
        print(f"{len(ROWS)} cases: {len(contradictions)} contradictions, {len(blank)} without the city's verdict, "
              f"{without_due} without a due date")
        assert contradictions == []
        assert set(blank) <= {"late", "overdue"}
        if len(ROWS) == 121145:
            assert (len(blank), without_due) == (153, 26991)
        if PLAIN:
            for stage in ("ingest", "scorer", "notifier"):
                assert d.memory_mib(stage) < 100, f"{stage}: {d.memory_mib(stage)} MiB"


def test_sent_twice_and_rebuilt():
    with Deployment() as d:
        d.start()
        file = boston_file(d)
        send(d, file)
        answer = send(d, file, "--json")
        assert f'"duplicate":{len(ROWS)}' in answer.stdout.replace(" ", "").replace("\t", ""), answer.stdout
        check_figures(d)
        before = d.sql("SELECT * FROM dossier ORDER BY source_id, code"), d.sql("SELECT * FROM day_count WHERE early+on_time+late+overdue+in_time+paused+excluded>0 ORDER BY day, unit_id, field_id, procedure_id, rule")
        d.rebuild()
        check_figures(d)
        after = d.sql("SELECT * FROM dossier ORDER BY source_id, code"), d.sql("SELECT * FROM day_count WHERE early+on_time+late+overdue+in_time+paused+excluded>0 ORDER BY day, unit_id, field_id, procedure_id, rule")
        assert before == after


def test_sent_shuffled_by_four_senders_to_two_scorers():
    """Each sender has half of the file in an order of its own, so everything comes twice."""
    with Deployment() as d:
        d.start()
        d.start_as("scorer2", "scorer", {"scorer.bell": ""})
        chance = random.Random(311)
        codes = []

        def one(number):
            half = [row for index, row in enumerate(ROWS) if (index + number) % 4 < 2]
            chance.shuffle(half)
            codes.append(send(d, boston_file(d, half, f"part{number}.csv"), check=None).returncode)

        senders = [threading.Thread(target=one, args=(number,)) for number in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert codes == [0] * 4, codes
        check_figures(d)
        folded = [d.metrics(label)["kipthoi_scorer_events_folded_total"] for label in ("scorer", "scorer2")]
        print(f"folded by the two scorers: {folded}")
        assert sum(folded) == len(ROWS) and min(folded) > 0


class Sending:
    """kipthoi send in the background."""

    def __init__(self, d, file):
        command = [d.bin / "kipthoi", "--config", d.conf, "send", "--map", boston.MAP, file]
        self.log = open(d.dir / "send.out", "w+", encoding="utf-8")
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.log, stderr=self.log)

    def wait(self):
        code = self.process.wait(300)
        self.log.seek(0)
        assert code == 0, f"send left with {code}: {self.log.read()[-2000:]}"
        self.log.close()


def stored(d):
    return d.value("SELECT count(*) FROM event")


def test_each_stage_killed_while_it_runs():
    with Deployment() as d:
        d.start()
        sending = Sending(d, boston_file(d))
        for number, stage in enumerate(("ingest", "scorer", "notifier", "ingest", "scorer", "notifier")):
            goal = len(ROWS) * (number + 1) // 8
            wait_until(lambda: stored(d) >= goal, f"{goal} events are stored")
            d.kill(stage)
            d.start(stage)
        sending.wait()
        check_figures(d)
        lost = d.value("SELECT count(*) FROM event")
        assert lost == len(ROWS), lost


def test_database_crashes_and_comes_back():
    cluster = Cluster.start_private()
    try:
        with Deployment(cluster) as d:
            d.expect_error("DB-RETRY", "DB-LOST")
            d.start()
            sending = Sending(d, boston_file(d))
            wait_until(lambda: stored(d) >= len(ROWS) // 4, "a quarter is stored")
            cluster.immediate()
            cluster.resume()
            sending.wait()
            for stage in ("ingest", "scorer", "notifier"):
                d.wait_ready(stage)
            check_figures(d)
    finally:
        cluster.destroy()


if __name__ == "__main__":
    run_tests(globals())
