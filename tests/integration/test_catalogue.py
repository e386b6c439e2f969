# SPDX-License-Identifier: MIT
"""The terms of the national catalogue of procedures, loaded as they are and computed again."""
import collections
import csv

from deployment import Deployment, run_tests, shared_data

SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": "2026-06-01T10:00:00+07:00"}
WEEK_HOURS = {"Giờ": 168 / 40, "Ngày": 24, "Ngày làm việc": 168 / 5, "Tháng": 730}


def test_catalogue_of_the_national_portal():
    path = shared_data("vn_tthc_catalogue", "tthc_terms.csv")
    told = collections.defaultdict(set)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told[row["ma_thu_tuc"]].add((float(row["so"]), row["don_vi"]))
    # SOURCE.md of the data.
    assert len(told) == 2159 and sum(len(terms) > 1 for terms in told.values()) == 192
    with Deployment(settings=SETTINGS, sources=()) as d:
        out = d.kipthoi("procedures", "load", path, check=0).stdout
        assert out == "terms of procedures: 2159 new, 0 changed, 0 the same\n" \
                      "192 of them state several terms; the longest was taken\n", out
        units = {"working_hours": "Giờ", "calendar_days": "Ngày", "working_days": "Ngày làm việc", "months": "Tháng"}
        rows = d.sql("SELECT procedure, term_count, term_unit, pause_mode FROM procedure_term WHERE effective_from = '-infinity'")
        assert len(rows) == 2159
        for procedure, count, unit, mode in rows:
            longest = max(told[procedure], key=lambda term: term[0] * WEEK_HOURS[term[1]])
            if longest[0] != int(longest[0]):
                assert longest[1] == "Ngày làm việc"
                longest = (longest[0] * 8, "Giờ")
            assert (float(count), units[unit]) == longest, (procedure, count, unit, told[procedure])
            assert mode == "pause"
        assert d.kipthoi("procedures", "load", path, check=0).stdout.startswith(
            "terms of procedures: 0 new, 0 changed, 2159 the same\n")


if __name__ == "__main__":
    run_tests(globals())
