# SPDX-License-Identifier: MIT
"""The life of apology letters: drafted, printed, approved, sent; by dossier, by unit, all at once; and whose names they hold."""
import concurrent.futures
import csv
import datetime
import json
import os
import re
import subprocess

from deployment import Deployment, ROOT, finished, run_tests

# A Wednesday.  Vietnam has UTC+7 and no summer time.
NOW = "2026-06-10T09:00:00+07:00"
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": NOW}
FORMS = ROOT / "deploy/letters"
OFFICE = ["unit", "name", "superior", "place", "number_form", "signer_for", "signer_title", "signer_name", "copies",
          "new_due_place", "phone", "email", "template", "reason", "term_days"]


def applicant(name="Nguyễn Văn An", **more):
    return {"name": name, "address": "12 Lê Lợi, Phường Mẫu", "phone": "0903 123 678", "email": "an.nguyen@example.org",
            "receipt_number": "BN-0001", **more}


def late(dossier, due="2026-06-01T17:00:00+07:00", unit="H29.11", person=None, **data):
    """Finished on 9 June, after its due."""
    data = {"field": "G09", "procedure": "1.000656", **data}
    if person is not None:
        data["applicant"] = person
    return finished(dossier, due=due, received="2026-05-20T09:00:00+07:00", unit=unit,
                    finished_at="2026-06-09T10:00:00+07:00", **data)


def write_csv(path, columns, *rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def office(unit, **more):
    row = {"unit": unit, "name": f"ỦY BAN {unit}", "superior": "THÀNH PHỐ MẪU", "place": "Phường Mẫu", "number_form": "{number}/TXL",
           "signer_title": "CHỦ TỊCH", "signer_name": "Trần Thị Bình", "reason": "Chờ xác minh", "term_days": 5, **more}
    return [row.get(column, "") for column in OFFICE]


def names_of_procedures(d):
    d.sql("UPDATE procedure SET name = 'Đăng ký khai sinh' WHERE code = '1.000656'")
    d.sql("UPDATE field SET name = 'Hộ tịch' WHERE code = 'G09'")


def deployment(*events, offices=("H29.11",), forms=True, calendar=True):
    """Running, with these events acted on; one office a unit."""
    d = Deployment(settings=SETTINGS)
    try:
        if calendar:
            d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
        d.start()
        if events:
            d.send_events(events)
            d.wait_settled()
            names_of_procedures(d)
        if forms:
            d.kipthoi("letters", "templates", "load", FORMS / "tt01-2018-phieu-xin-loi.template", check=0)
        if offices:
            rows = [row if isinstance(row, list) else office(row) for row in offices]
            d.kipthoi("letters", "offices", "load", write_csv(d.dir / "offices.csv", OFFICE, *rows), check=0)
    except BaseException:
        d.close(keep=True)
        raise
    return d


def states(d):
    return {row[0]: row[1:] for row in d.sql("""
        SELECT y.code, y.state::text, l.state::text, l.letter_no FROM duty y LEFT JOIN letter l USING (source_id, code, episode)""")}


def log_of(d, dossier):
    return d.sql("SELECT was::text, now::text, who, why FROM duty_log WHERE code = %s ORDER BY logged_at, now", dossier)


def pdf_text(path):
    """In reading order, blanks single."""
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def test_the_life_of_one_letter():
    with deployment(late("A", person=applicant())) as d:
        assert states(d) == {"A": ("owed", None, None)}
        drafted = d.json("letters", "draft", "A", "--by", "lan")
        assert (drafted["drafted"], drafted["refused"]) == (1, 0), drafted
        assert states(d) == {"A": ("drafted", "drafted", "01/TXL")}
        # Five working days from Wednesday the 10th, at the end of the afternoon.
        assert d.value("SELECT new_due FROM letter") == datetime.datetime.fromisoformat("2026-06-17T17:00:00+07:00")
        pdf = d.dir / "a.pdf"
        printed = d.json("letters", "print", "A", "--out", pdf)
        assert printed["printed"] == 1 and printed["problems"] == [], printed
        text = pdf_text(pdf)
        for part in ("01/TXL", "Nguyễn Văn An", "Chờ xác minh", "17 tháng 6 năm 2026", "Trần Thị Bình", "Đăng ký khai sinh"):
            assert part in text, (part, text)
        assert oct(os.stat(pdf).st_mode & 0o777) == "0o600"
        # Once on paper is enough, unless somebody says otherwise.
        done = d.kipthoi("letters", "print", "A", "--out", d.dir / "again.pdf", check=1)
        assert "--again" in done.stderr and not (d.dir / "again.pdf").exists(), done
        d.kipthoi("letters", "print", "A", "--out", d.dir / "again.pdf", "--again", check=0)
        # Sending comes after approving.
        done = d.kipthoi("letters", "sent", "A", "--why", "posted", check=1)
        assert "the letter for A is drafted and cannot be noted as sent" in done.stderr, done
        d.kipthoi("letters", "approve", "A", "--by", "head", "--why", "agreed", check=0)
        assert "cannot be approved" in d.kipthoi("letters", "approve", "A", check=1).stderr
        d.kipthoi("letters", "sent", "A", "--channel", "post", "--proof", "RR 1", "--why", "posted", "--by", "lan",
                  "--at", "2026-06-10 08:00", check=0)
        assert states(d) == {"A": ("sent", "sent", "01/TXL")}
        assert d.sql("SELECT channel, proof, sent_by FROM letter") == [("post", "RR 1", "lan")]
        assert [row[:3] for row in log_of(d, "A")] == [
            (None, "owed", "notifier"), ("owed", "drafted", "lan"), ("drafted", "approved", "head"), ("approved", "sent", "lan")]
        row = d.json("letters", "list", "--state", "sent")["rows"][0]
        assert (row["class"], row["letter_no"], row["new_due"]) == ("late", "01/TXL", "2026-06-17T10:00:00Z"), row
        d.audit()


if __name__ == "__main__":
    run_tests(globals())
