# SPDX-License-Identifier: MIT
"""The letters of the Boston cases: duties are the late cases exactly; printed, approved and sent they are covered to 100 %; a
correction voids exactly its duty.

The first 25,000 cases; KIPTHOI_BOSTON_FULL=1 takes all 121,145.
"""
import os
import re
import subprocess

import boston
from deployment import Deployment, ROOT, run_tests
from test_letters import OFFICE, office, write_csv

ROWS = boston.read(None if os.environ.get("KIPTHOI_BOSTON_FULL") else 25000)
LATE = {row["CASE_ENQUIRY_ID"] for row in ROWS if boston.judge(row) in ("late", "overdue")}


def counted(d):
    total = d.json("letters", "count")["total"]
    return {name: total[name] for name in ("owed", "sent", "void", "coverage")}


def owed(d):
    return {row[0] for row in d.sql("SELECT code FROM duty WHERE state <> 'void'")}


def test_every_late_case_gets_its_letter():
    with Deployment() as d:
        d.start()
        d.send(boston.write(d.dir / "cases.csv", ROWS), "--map", boston.MAP)
        d.wait_settled()
        assert owed(d) == LATE and d.value("SELECT count(*) FROM duty") == len(LATE)
        # A correction: one of them was in time after all.
        corrected = next(row for row in ROWS if boston.judge(row) == "late")
        code, = [corrected["CASE_ENQUIRY_ID"]]
        source = d.value("SELECT s.name FROM dossier d JOIN source s USING (source_id) WHERE d.code = %s", code)
        received, due = d.sql("SELECT received_at, due_first FROM dossier WHERE code = %s", code)[0]
        d.send_events([{"specversion": "1.0", "id": f"{code}-corrected", "source": source, "type": "vn.kipthoi.dossier.finished.v1",
                        "time": "2016-01-13T02:59:00-05:00",
                        "data": {"dossier": code, "finished": received.isoformat(), "received": received.isoformat()}}])
        d.wait_settled()
        assert due > received
        left = LATE - {code}
        assert owed(d) == left
        assert d.sql("SELECT code, state::text FROM duty WHERE state = 'void'") == [(code, "void")]
        # Boston knows no calendar of ours and no applicants: the date is given, the names are invented.
        form = (ROOT / "deploy/letters/hcmc-2016-thu-xin-loi.template").read_text(encoding="utf-8")
        (d.dir / "form.template").write_text(form.replace("effective_from = 2016-09-30", "effective_from = 2015-01-01"), encoding="utf-8")
        d.kipthoi("letters", "templates", "load", d.dir / "form.template", check=0)
        units = [row[0] for row in d.sql("SELECT code FROM unit WHERE parent_id IS NULL AND unit_id <> 0")]
        d.kipthoi("letters", "offices", "load", write_csv(d.dir / "offices.csv", OFFICE, *(office(unit) for unit in units)), check=0)
        contacts = write_csv(d.dir / "contacts.csv", ["source", "dossier", "name", "receipt_number"],
                             *([source, name, f"Nguyễn Văn {name}", f"BN-{name}"] for name in sorted(left)))
        d.kipthoi("contacts", "load", contacts, check=0)
        d.kipthoi("letters", "draft", "--all", "--new-due", "2016-02-01 17:00", check=0, timeout=600)
        d.kipthoi("letters", "print", "--all", "--out", d.dir / "all.pdf", check=0, timeout=900)
        pages = subprocess.run(["pdfinfo", d.dir / "all.pdf"], capture_output=True, text=True, check=True).stdout
        assert int(re.search(r"Pages:\s+(\d+)", pages).group(1)) >= len(left)
        d.kipthoi("letters", "approve", "--all", check=0, timeout=600)
        assert counted(d)["coverage"] == "0.00"
        d.kipthoi("letters", "sent", "--all", "--why", "handed over", "--channel", "paper", check=0, timeout=600)
        assert counted(d) == {"owed": len(left), "sent": len(left), "void": 1, "coverage": "100.00"}
        # One number each, 1 to n in the register.
        numbers = [row[0] for row in d.sql("SELECT number FROM letter ORDER BY unit_id, number")]
        assert len(numbers) == len(left) and d.value("SELECT sum(last) FROM letter_counter") == len(left)
        d.audit()
        print(f"{len(ROWS)} cases: {len(LATE)} late, {len(left)} letters printed and sent, 1 void")


if __name__ == "__main__":
    run_tests(globals())
