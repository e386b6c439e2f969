# SPDX-License-Identifier: MIT
"""The Boston cases, counted straight from the CSV: no code and no figure of the programs is used here.

Wall-clock times are compared as written; the city's clock and ours stand at 2016-01-13 03:00.
"""
import collections
import csv
import datetime
import gzip
import os

from deployment import ROOT

DATA = ROOT / "deploy/demo/boston311_2015.csv.gz"
MAP = ROOT / "deploy/demo/boston311.map"
AS_OF = datetime.datetime(2016, 1, 13, 3, 0)
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "excluded")


def moment(text):
    return datetime.datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p") if text else None


def read(limit=None):
    """The rows as dictionaries; KIPTHOI_TEST_ROWS (or limit) takes only so many."""
    limit = limit or int(os.environ.get("KIPTHOI_TEST_ROWS", "0")) or None
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [row for number, row in enumerate(rows) if limit is None or number < limit]


def write(path, rows):
    """A CSV file of those rows, for kipthoi send."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def judge(row):
    """The class of a case by its dates alone."""
    due, closed = moment(row["TARGET_DT"]), moment(row["CLOSED_DT"])
    if due is None:
        return "excluded"
    if closed is None:
        return "overdue" if AS_OF > due else "in_time"
    if closed > due:
        return "late"
    return "early" if closed.date() < due.date() else "on_time"


def recount(rows):
    """{department: {class: count}}"""
    counts = collections.defaultdict(lambda: dict.fromkeys(CLASSES, 0))
    for row in rows:
        counts[row["SUBJECT"]][judge(row)] += 1
    return dict(counts)


def percent(part, whole):
    """Two decimals, half up, by integers; None without a whole."""
    if whole == 0:
        return None
    hundredths = (part * 10000 * 2 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
