# SPDX-License-Identifier: MIT
"""The life of apology letters: drafted, printed, approved, sent; by dossier, by unit, all at once; and whose names they hold."""
import concurrent.futures
import csv
import datetime
import os
import re
import subprocess

from deployment import Deployment, ROOT, finished, run_tests, wait_until

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


def correct(d, dossier, number, end):
    """Upstream tells another end of a dossier."""
    event = late(dossier)
    event.update(id=f"{dossier}-{number}", time=f"2026-06-09T1{2 + number}:00:00+07:00")
    event["data"]["finished"] = end
    d.send_events([event])
    d.wait_settled()


def open_dossier(dossier, due="2026-06-01T17:00:00+07:00", person=None, unit="H29.11"):
    """Received, not finished."""
    event = late(dossier, due=due, person=person, unit=unit)
    event.update(type="vn.kipthoi.dossier.received.v1", time="2026-06-01T08:00:00+07:00", id=f"{dossier}-received")
    del event["data"]["finished"]
    return event


def pdf_text(path):
    """In reading order, blanks single."""
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def test_the_life_of_one_letter():
    with deployment(open_dossier("A", "2026-06-01T17:00:00+07:00", applicant())) as d:
        assert states(d) == {"A": ("owed", None, None)}
        drafted = d.json("letters", "draft", "A", "--by", "lan")
        assert (drafted["drafted"], drafted["refused"]) == (1, 0), drafted
        assert states(d) == {"A": ("drafted", "drafted", "01/TXL")}
        # Five working days from Wednesday the 10th, at the end of the afternoon.
        assert d.value("SELECT new_due FROM letter") == datetime.datetime.fromisoformat("2026-06-17T17:00:00+07:00")
        # What lay there for all to read is replaced, not written into.
        pdf = d.dir / "a.pdf"
        pdf.write_text("before")
        pdf.chmod(0o644)
        other = os.open(pdf, os.O_RDONLY)
        printed = d.json("letters", "print", "A", "--out", pdf)
        assert printed["printed"] == 1 and printed["problems"] == [], printed
        text = pdf_text(pdf)
        for part in ("01/TXL", "Nguyễn Văn An", "Chờ xác minh", "17 tháng 6 năm 2026", "Trần Thị Bình", "Đăng ký khai sinh"):
            assert part in text, (part, text)
        assert oct(os.stat(pdf).st_mode & 0o777) == "0o600" and os.read(other, 100) == b"before"
        os.close(other)
        assert list(d.dir.glob("a.pdf*")) == [pdf]
        info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
        assert re.search(r"^Title: +Phiếu xin lỗi và hẹn lại ngày trả kết quả$", info, re.M), info
        # Once on paper is enough, unless somebody says otherwise.
        done = d.kipthoi("letters", "print", "A", "--out", d.dir / "again.pdf", check=1)
        assert "--again" in done.stderr and not (d.dir / "again.pdf").exists(), done
        d.kipthoi("letters", "print", "A", "--out", d.dir / "again.pdf", "--again", "--by", "lan", "--why", "torn", check=0)
        assert d.sql("SELECT code, what, who, why FROM contact_log ORDER BY at")[1:] == [("A", "printed", "lan", "letter 01/TXL: torn")]
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


def test_a_letter_of_a_dossier_that_has_ended_announces_no_date():
    """Of three forms each: the state is told by itself, and no sentence around it says another."""
    due = "2026-06-01T17:00:00+07:00"
    returned = late("R", person=applicant("Trần Văn Trả"))
    returned.update(type="vn.kipthoi.dossier.returned.v1", id="R-returned", time="2026-06-09T15:00:00+07:00")
    returned["data"] = {"dossier": "R"}
    with deployment(late("F", person=applicant("Lê Văn Xong")), late("R", person=applicant("Trần Văn Trả")), returned,
                    open_dossier("O", due, applicant("Hồ Thị Chờ")), calendar=False,
                    offices=(office("H29.11", term_days=""),)) as d:
        d.kipthoi("letters", "templates", "load", *FORMS.glob("*.template"), check=0)
        # Only the open one needs a date, and has it from upstream, the official or the office.
        problems = d.json("letters", "draft", "--all", check=1)["problems"]
        assert [(one["dossier"], one["missing"]) for one in problems] == [("O", ["new_due"])], problems
        d.kipthoi("letters", "draft", "F", "R", "O", "--new-due", "2026-06-17 17:00", check=0)
        assert d.sql("SELECT code, new_due IS NULL FROM letter ORDER BY 1") == [("F", True), ("O", False), ("R", True)]
        ended = {"F": "Thời gian trả kết quả: trong giờ làm việc, kể từ ngày 09 tháng 6 năm 2026 (hồ sơ đã có kết quả).",
                 "R": "Thời gian trả kết quả: đã trả kết quả ngày 09 tháng 6 năm 2026."}
        for form in sorted(path.stem for path in FORMS.glob("*.template")):
            texts = {}
            for dossier in "FOR":
                d.kipthoi("letters", "draft", dossier, "--template", form, "--new-due", "2026-06-17 17:00", check=0)
                d.kipthoi("letters", "print", dossier, "--out", d.dir / f"{form}-{dossier}.pdf", check=0)
                texts[dossier] = pdf_text(d.dir / f"{form}-{dossier}.pdf")
            for dossier, sentence in ended.items():
                assert sentence in texts[dossier], (form, dossier, texts[dossier])
                for false in ("17 giờ 00 phút, ngày 17", "chưa có kết quả", "gia hạn thời gian giải quyết hồ sơ", "Lần gia hạn"):
                    assert false not in texts[dossier], (form, dossier, false)
            assert "Thời gian trả kết quả: 17 giờ 00 phút, ngày 17 tháng 6 năm 2026." in texts["O"], (form, texts["O"])
        assert "đề nghị được gia hạn thời gian giải quyết hồ sơ (lần gia hạn: 1)" in texts["O"], texts["O"]
        # One that ends between its draft and the printer says so too; what was sent stands as it was.
        d.send_events([late("O")])
        d.wait_settled()
        d.kipthoi("letters", "print", "O", "--again", "--out", d.dir / "o.pdf", check=0)
        assert ended["F"] in pdf_text(d.dir / "o.pdf")
        d.kipthoi("letters", "approve", "O", check=0)
        d.kipthoi("letters", "sent", "O", "--why", "posted", check=0)
        d.kipthoi("letters", "print", "O", "--again", "--out", d.dir / "o.pdf", check=0)
        assert "ngày 17 tháng 6 năm 2026" in pdf_text(d.dir / "o.pdf")


def test_a_unit_and_all_at_once():
    with deployment(*(open_dossier(f"A{n}", f"2026-06-10T08:0{n}:00+07:00", applicant(f"Người {n}")) for n in range(1, 5)),
                    late("A5", person=applicant("Người 5")),
                    late("B1", unit="H29.12", person=applicant()), late("B2", unit="H29.12", person=applicant()),
                    offices=("H29.11", office("H29.12", number_form="{number}/{year}/TXL-{unit}", reason=""))) as d:
        done = d.json("letters", "draft", "--unit", "H29.11")
        assert done["drafted"] == 5, done
        # By deadline, not by code.
        assert d.sql("SELECT code FROM letter ORDER BY number") == [("A5",), ("A1",), ("A2",), ("A3",), ("A4",)]
        # The other office gives no reason of its own.
        done = d.json("letters", "draft", "--all", check=1)
        assert (done["drafted"], done["refused"]) == (0, 2), done
        assert [(p["dossier"], p["missing"]) for p in done["problems"]] == [("B1", ["reason"]), ("B2", ["reason"])], done
        assert d.json("letters", "draft", "--all", "--reason", "Thiếu người", check=0)["drafted"] == 2
        assert d.sql("SELECT code, letter_no FROM letter WHERE code LIKE 'B%%' ORDER BY 1") == [
            ("B1", "01/2026/TXL-H29.12"), ("B2", "02/2026/TXL-H29.12")]
        assert d.json("letters", "draft", "--all")["drafted"] == 0
        pdf = d.dir / "all.pdf"
        assert d.json("letters", "print", "--all", "--out", pdf)["printed"] == 7
        text = pdf_text(pdf)
        assert text.index("Số: 01/TXL") < text.index("Số: 05/TXL") < text.index("Số: 01/2026/TXL-H29.12"), text
        assert "nothing to print" in d.kipthoi("letters", "print", "--all", "--out", d.dir / "none.pdf", check=0).stdout
        assert list(d.dir.glob("none.pdf*")) == []
        assert d.json("letters", "approve", "--unit", "H29.11")["approved"] == 5
        assert d.json("letters", "sent", "--all", "--why", "posted", "--at", "2026-06-10 08:30")["sent"] == 5
        assert sorted(set(row[0] for row in states(d).values())) == ["drafted", "sent"]
        # A5 was owed until the end of the 1st, the others until that of the 10th.
        classes = {row["dossier"]: row["class"] for row in d.json("letters", "list", "--state", "sent")["rows"]}
        assert classes == {"A5": "late", "A1": "in_time", "A2": "in_time", "A3": "in_time", "A4": "in_time"}, classes
        assert [row["dossier"] for row in d.json("letters", "list", "--class", "late")["rows"]] == ["A5"]
        assert len(d.json("letters", "list", "--class", "none")["rows"]) == 2
        count = d.json("letters", "count")
        unit = {row["unit"]: row for row in count["rows"]}["H29.11"]
        assert [unit[key] for key in ("owed", "to_send", "sent", "in_time", "sent_late", "coverage", "timely")] == [
            5, 0, 5, 4, 1, "100.00", "80.00"], unit
        assert [count["total"][key] for key in ("owed", "to_send", "past_deadline", "coverage", "timely")] == [
            7, 2, 2, "71.43", "57.14"], count
        d.audit()


def test_printing_drafts_what_is_owed():
    with deployment(late("A", person=applicant()), late("B")) as d:
        done = d.json("letters", "print", "--all", "--out", d.dir / "a.pdf", check=1)
        assert done["printed"] == 1 and [p["dossier"] for p in done["problems"]] == ["B"], done
        assert {code: row[0] for code, row in states(d).items()} == {"A": "drafted", "B": "owed"}
        # Standard output takes the PDF and nothing else.
        with open(d.dir / "b.pdf", "wb") as out:
            done = d.kipthoi("letters", "print", "A", "--again", "--out", "-", check=0, stdout=out, stderr=subprocess.PIPE)
        assert (d.dir / "b.pdf").read_bytes().startswith(b"%PDF-") and "Nguyễn Văn An" in pdf_text(d.dir / "b.pdf")
        assert "1 letter(s)" in done.stderr, done


def test_what_changes_while_it_is_printed_does_not_count_as_printed():
    with deployment(late("A", person=applicant()), late("B", person=applicant())) as d, d.connect() as connection, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        d.kipthoi("letters", "draft", "--all", check=0)
        # Somebody writes A anew and has not committed yet, so the printer still reads what it was.
        connection.execute("BEGIN")
        connection.execute("UPDATE letter SET drafted_at = drafted_at + interval '1 second' WHERE code = 'A'")
        printing = pool.submit(d.kipthoi, "letters", "print", "--all", "--out", d.dir / "a.pdf", check=1)
        wait_until(lambda: d.value("""SELECT count(*) FROM pg_stat_activity
                                      WHERE datname = current_database() AND wait_event_type = 'Lock'""") == 1, "the printer waits")
        connection.execute("COMMIT")
        assert "A: was written anew or printed by somebody else meanwhile" in printing.result().stderr, printing.result()
        assert d.sql("SELECT code FROM letter WHERE printed_at IS NOT NULL") == [("B",)]
        assert d.sql("SELECT code, what FROM contact_log") == [("B", "printed")]
        assert d.json("letters", "print", "--all", "--out", d.dir / "b.pdf")["printed"] == 1


def test_missing_contents_are_named_and_take_no_number():
    with deployment(open_dossier("A"), open_dossier("B", person=applicant(), unit="H29.99"), offices=(), forms=False,
                    calendar=False) as d:
        told = d.kipthoi("letters", "draft", "A", check=1).stderr
        for part in ("kipthoi: A: ", "no letterhead of unit H29.11", "kipthoi letters offices load", "no template of that name",
                     "addressee (addressee) is missing: kipthoi contacts load", "reason for the delay (reason) is missing: --reason",
                     "new appointment (new_due) is missing: --new-due"):
            assert part in told, (part, told)
        d.kipthoi("letters", "templates", "load", FORMS / "tt03-2025-mau-04.template", check=0)
        d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H29.11", reason="", term_days="")), check=0)
        told = d.kipthoi("letters", "draft", "A", check=1).stderr
        assert "letterhead" not in told and "template" not in told and "name of the procedure" not in told, told
        problem = d.json("letters", "draft", "A", "--reason", "x", check=1)["problems"][0]
        assert problem["missing"] == ["addressee", "new_due"], problem
        # A day needs the calendar to know when it ends; a moment does not.
        told = d.kipthoi("letters", "draft", "A", "--new-due", "2026-06-18", check=1).stderr
        assert "--new-due is no working day of unit H29.11" in told, told
        assert "lies in the past" in d.kipthoi("letters", "draft", "A", "--new-due", "2026-06-09 17:00", check=2).stderr
        assert d.value("SELECT count(*) FROM letter") == 0 and d.value("SELECT count(*) FROM letter_counter") == 0
        assert d.sql("SELECT DISTINCT state::text FROM duty") == [("owed",)]
        write_csv(d.dir / "c.csv", ["source", "dossier", "name"], ["urn:test:a", "A", "Lê Thị Chín"])
        d.kipthoi("contacts", "load", d.dir / "c.csv", check=0)
        d.kipthoi("letters", "draft", "A", "--reason", "x", "--new-due", "2026-06-18 10:30", check=0)
        assert states(d)["A"] == ("drafted", "drafted", "01/TXL")
        # In bulk the others go on.
        done = d.json("letters", "draft", "--all", "--reason", "x", "--new-due", "2026-06-18 10:30", check=1)
        assert (done["drafted"], done["refused"]) == (0, 1), done
        vi = d.kipthoi("--lang", "vi", "letters", "draft", "B", check=1).stderr
        assert "đơn vị H29.99 và đơn vị cấp trên chưa có thông tin văn thư" in vi, vi


def test_what_all_letters_lack_is_told_once():
    with deployment(*(late(f"D{n}") for n in range(60)), offices=(), forms=False) as d:
        for command in (["draft", "--all"], ["print", "--all", "--out", d.dir / "a.pdf"]):
            assert d.kipthoi("letters", *command, check=1).stderr.splitlines() == [
                "kipthoi: letters for which no template is in force: 60; next: kipthoi letters templates load FILE"]
        d.kipthoi("letters", "templates", "load", FORMS / "tt01-2018-phieu-xin-loi.template", check=0)
        assert d.kipthoi("letters", "draft", "--all", check=1).stderr.splitlines() == [
            "kipthoi: letters without a letterhead: 60, the first of unit H29.11; next: kipthoi letters offices load FILE"]
        d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H29.11")), check=0)
        # What each lacks of its own is told letter by letter, up to a bound, and the bound once.
        lines = d.kipthoi("letters", "print", "--all", "--out", d.dir / "a.pdf", check=1).stderr.splitlines()
        assert len(lines) == 51 and all("addressee" in line for line in lines[:50]) and "and 10 more such letters" in lines[50], lines
        # Programs have them all.
        assert len(d.json("letters", "draft", "--all", check=1)["problems"]) == 60


def test_an_office_above_lends_its_letterhead():
    with deployment(late("A", unit="H29.11", person=applicant()), offices=()) as d:
        write_csv(d.dir / "units.csv", ["code", "name", "parent"], ["H29", "THÀNH PHỐ", ""], ["H29.11", "PHƯỜNG MỘT", "H29"])
        d.kipthoi("units", "load", d.dir / "units.csv", check=0)
        done = d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H29")), check=0)
        assert "H29: 1 unit(s) below without a letterhead would print the same letter numbers" in done.stderr, done
        done = d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H29", number_form="{number}/{unit}")), check=0)
        assert done.stderr == "", done
        d.kipthoi("letters", "draft", "A", check=0)
        d.kipthoi("letters", "print", "A", "--out", d.dir / "a.pdf", check=0)
        text = pdf_text(d.dir / "a.pdf")
        assert "PHƯỜNG MỘT" in text and "ỦY BAN H29" not in text and "Trần Thị Bình" in text, text
        shown = d.json("letters", "offices", "show", "H29.11")["rows"][0]
        assert (shown["unit"], shown["office_of"], shown["signer_name"]) == ("H29.11", "H29", "Trần Thị Bình"), shown


def test_a_draft_written_anew_keeps_its_number():
    with deployment(late("A", person=applicant()), open_dossier("B", person=applicant())) as d:
        d.kipthoi("letters", "draft", "--all", check=0)
        d.kipthoi("letters", "print", "B", "--out", d.dir / "b.pdf", check=0)
        done = d.json("letters", "draft", "B", "--new-due", "2026-06-19", "--by", "lan", "--why", "later")
        assert (done["drafted"], done["again"]) == (0, 1), done
        assert d.sql("SELECT number, new_due, reason, printed_at FROM letter WHERE code = 'B'") == [
            (2, datetime.datetime.fromisoformat("2026-06-19T17:00:00+07:00"), "Chờ xác minh", None)]
        assert log_of(d, "B")[-1] == ("drafted", "drafted", "lan", "later")
        # The date announced stands when only the reason changes.
        d.kipthoi("letters", "draft", "B", "--reason", "Chờ ý kiến", check=0)
        assert d.sql("SELECT new_due, reason FROM letter WHERE code = 'B'") == [
            (datetime.datetime.fromisoformat("2026-06-19T17:00:00+07:00"), "Chờ ý kiến")]
        d.kipthoi("letters", "approve", "B", check=0)
        assert "cannot be drafted" in d.kipthoi("letters", "draft", "B", check=1).stderr


def rescheduled(dossier, at, due):
    return {"specversion": "1.0", "id": f"{dossier}-moved", "source": "urn:test:a", "type": "vn.kipthoi.dossier.rescheduled.v1",
            "time": at, "data": {"dossier": dossier, "due": due}}


def test_where_the_new_due_comes_from():
    due = "2026-06-01T17:00:00+07:00"
    with deployment(open_dossier("A", due, applicant()), rescheduled("A", "2026-06-05T08:00:00+07:00", "2026-06-25T16:00:00+07:00"),
                    open_dossier("B", due, applicant()), rescheduled("B", "2026-06-02T08:00:00+07:00", "2026-06-03T16:00:00+07:00")) as d:
        d.kipthoi("letters", "draft", "A", "B", "--episode", "1", check=0)
        # Upstream re-appointed A for the 25th; what it said of B has passed, so the office's five working days hold.
        assert d.sql("SELECT code, new_due FROM letter WHERE episode = 1 ORDER BY 1") == [
            ("A", datetime.datetime.fromisoformat("2026-06-25T16:00:00+07:00")),
            ("B", datetime.datetime.fromisoformat("2026-06-17T17:00:00+07:00"))]


def test_the_audit_finds_what_strays():
    with deployment(late("A", person=applicant()), late("B", person=applicant())) as d:
        d.kipthoi("letters", "draft", "--all", check=0)
        d.audit()
        for broken, mended, told in (
                ("UPDATE duty SET state = 'approved' WHERE code = 'A'", "UPDATE duty SET state = 'drafted' WHERE code = 'A'",
                 ("urn:test:a A (promise 1)", "duty approved 01/TXL", "letter drafted 01/TXL")),
                ("UPDATE duty SET letter_no = '9' WHERE code = 'B'", "UPDATE duty SET letter_no = '02/TXL' WHERE code = 'B'",
                 ("urn:test:a B (promise 1)", "duty drafted 9", "letter drafted 02/TXL")),
                ("UPDATE letter SET number = 3 WHERE number = 2", "UPDATE letter SET number = 2 WHERE number = 3",
                 ("register of H29.11, 2026", "last number 2", "2 letters, 1 to 3")),
                ("UPDATE letter_counter SET last = 5", "UPDATE letter_counter SET last = 2",
                 ("register of H29.11, 2026", "last number 5", "2 letters, 1 to 2"))):
            d.sql(broken)
            checks = {check["check"]: check for check in d.json("audit", check=1)["checks"]}
            assert [tuple(one.values()) for one in checks["letters"]["found"]] == [told], checks["letters"]
            d.sql(mended)
            d.audit()


def test_numbers_have_no_gap_and_no_twin():
    """Four drafters at once, over dossiers of which some lack a name."""
    events = [late(f"D{n:04}", due=f"2026-06-0{1 + n % 5}T17:00:00+07:00", person=applicant(f"Người {n}") if n % 7 else None,
                   unit=f"H29.1{n % 3}") for n in range(1400)]
    with deployment(*events, offices=("H29.10", "H29.11", "H29.12")) as d:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: d.json("letters", "draft", "--all", check=1), range(4)))
        assert sum(one["drafted"] for one in done) == 1200 and sum(one["again"] for one in done) == 0, done
        for unit in ("H29.10", "H29.11", "H29.12"):
            numbers = [row[0] for row in d.sql("""SELECT l.number FROM letter l JOIN unit u USING (unit_id) WHERE u.code = %s
                                                  ORDER BY l.due, l.source_id, l.code""", unit)]
            assert numbers == list(range(1, len(numbers) + 1)), (unit, numbers[:20])
        assert d.value("SELECT count(*) FROM letter") == 1200
        assert d.value("SELECT count(*) FROM duty_log WHERE now = 'drafted'") == 1200
        assert d.value("SELECT sum(last) FROM letter_counter") == 1200
        # Several officials approve and send at once: each letter once.  Who comes last finds nothing but letters that are still
        # owed, and is told so by exit code 1.
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: d.json("letters", "approve", "--all", check=None), range(4)))
        assert sum(one["approved"] for one in done) == 1200, done
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: d.json("letters", "sent", "--all", "--why", "x", check=None), range(4)))
        assert sum(one["sent"] for one in done) == 1200, done
        assert d.value("SELECT count(*) FROM duty_log WHERE now = 'sent'") == 1200
        d.audit()


def test_a_void_duty_that_comes_back_has_its_number():
    with deployment(late("A", person=applicant()), late("B", person=applicant())) as d:
        d.kipthoi("letters", "draft", "A", check=0)
        # A correction moves the end before the due, and another one back.
        for number, (end, state) in enumerate((("2026-05-29T10:00:00+07:00", "void"), ("2026-06-09T11:00:00+07:00", "drafted"))):
            correct(d, "A", number, end)
            assert states(d)["A"] == (state, "drafted", "01/TXL"), states(d)
        # It takes the state of its letter: owed again, and drafted.
        changes = [row[:2] for row in log_of(d, "A")]
        assert changes[2] == ("drafted", "void") and sorted(changes[3:]) == [("owed", "drafted"), ("void", "owed")], changes
        d.kipthoi("letters", "draft", "B", check=0)
        d.kipthoi("letters", "draft", "A", check=0)
        assert states(d) == {"A": ("drafted", "drafted", "01/TXL"), "B": ("drafted", "drafted", "02/TXL")}


def test_written_ahead_of_its_deadline():
    with deployment(late("A", person=applicant())) as d:
        d.send_events([open_dossier("C", "2026-06-12T17:00:00+07:00", applicant("Phạm Thị Dung"))])
        d.wait_settled()
        # What the fold keeps of a dossier's open promise.
        d.sql("UPDATE dossier SET next_due = promise_due, broken = 0 WHERE code = 'C'")
        assert "until when" in d.kipthoi("letters", "draft", "--all", "--ahead", check=2).stderr
        assert d.json("letters", "draft", "--all", "--ahead", "--until", "2026-06-11")["drafted"] == 0
        assert d.json("letters", "draft", "--all", "--ahead", "--until", "2026-06-12", "--new-due", "2026-06-22")["drafted"] == 1
        assert "cannot be written ahead" not in d.kipthoi("letters", "draft", "C", check=0).stderr
        told = d.kipthoi("letters", "draft", "A", "--ahead", check=1).stderr
        assert "no letter can be written ahead for A" in told, told
        assert [row["dossier"] for row in d.json("letters", "list", "--ahead")["rows"]] == ["C"]
        assert [row["dossier"] for row in d.json("letters", "list")["rows"]] == ["A"]
        d.kipthoi("letters", "approve", "C", check=0)
        d.kipthoi("letters", "sent", "C", "--why", "called", "--channel", "in_person", check=0)
        assert d.sql("SELECT state::text, episode, number FROM letter WHERE code = 'C'") == [("sent", 1, 1)]
        assert d.value("SELECT count(*) FROM duty WHERE code = 'C'") == 0
        d.audit()


def test_a_letter_ahead_of_a_promise_that_was_kept_goes_nowhere():
    due = "2026-06-12T17:00:00+07:00"
    with deployment(open_dossier("C", due, applicant()), open_dossier("D", due, applicant())) as d:
        assert d.json("letters", "draft", "--all", "--ahead", "--until", "2026-06-12")["drafted"] == 2
        d.send_events([late("C", due=due)])
        d.wait_settled()
        # Of D nobody knows yet.
        assert d.json("letters", "print", "--all", "--out", d.dir / "a.pdf")["printed"] == 1
        assert d.sql("SELECT code FROM letter WHERE printed_at IS NOT NULL") == [("D",)]
        assert d.json("letters", "approve", "--all")["approved"] == 1
        # Not even when it was approved before the promise was kept.
        d.sql("UPDATE letter SET state = 'approved'")
        assert d.json("letters", "sent", "--all", "--why", "posted")["sent"] == 1
        assert d.sql("SELECT code, state::text FROM letter ORDER BY 1") == [("C", "approved"), ("D", "sent")]


def set_clock(d, moment):
    """For the stages and for the commands."""
    d.stop()
    d.settings["deployment.clock"] = moment
    d.conf.write_text(re.sub(r"^clock = .*$", f"clock = {moment}", d.conf.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    d.start()
    d.wait_settled()


def test_a_working_day_before_by_the_decree():
    """The 10th of June 2026 is a Wednesday, so the working day before Monday the 15th is Friday the 12th."""
    with deployment(offices=()) as d:
        rule = (FORMS / "deadline-decree.csv").read_text(encoding="utf-8").replace("2027-01-01", "2026-01-01")
        (d.dir / "rule.csv").write_text(rule, encoding="utf-8")
        d.kipthoi("letters", "rules", "load", d.dir / "rule.csv", check=0)
        d.send_events([open_dossier("E", "2026-06-11T17:00:00+07:00", applicant()), open_dossier("F", "2026-06-11T17:00:00+07:00", applicant()),
                       open_dossier("G", "2026-06-15T17:00:00+07:00", applicant()), late("H", due="2025-12-15T17:00:00+07:00")])
        d.wait_settled()
        d.kipthoi("letters", "offices", "load", write_csv(d.dir / "offices.csv", OFFICE, office("H29.11")), check=0)
        d.kipthoi("letters", "draft", "E", "F", "G", "--ahead", check=0)
        d.kipthoi("letters", "approve", "E", "F", "G", check=0)
        d.kipthoi("letters", "sent", "E", "--why", "called", check=0)
        set_clock(d, "2026-06-15T18:00:00+07:00")
        deadlines = dict(d.sql("SELECT code, (deadline AT TIME ZONE 'Asia/Ho_Chi_Minh')::text FROM duty"))
        # H was promised before the decree's rule, which leaves it the day of the appointment.
        assert deadlines == {"E": "2026-06-10 23:59:59.999999", "F": "2026-06-10 23:59:59.999999",
                             "G": "2026-06-12 23:59:59.999999", "H": "2025-12-15 23:59:59.999999"}, deadlines
        # On the day of the appointment and before its hour: late all the same.
        d.kipthoi("letters", "sent", "F", "--why", "called", "--at", "2026-06-11 08:00", check=0)
        d.kipthoi("letters", "sent", "G", "--why", "called", "--at", "2026-06-12 16:00", check=0)
        classes = {row["dossier"]: row["class"] for row in d.json("letters", "list", "--state", "sent")["rows"]}
        assert classes == {"E": "in_time", "F": "late", "G": "in_time"}, classes
        d.audit()


def told_upstream(dossier, number, at, letter_no=None):
    data = {"dossier": dossier} if letter_no is None else {"dossier": dossier, "letter_no": letter_no}
    return {"specversion": "1.0", "id": f"{dossier}-told-{number}", "source": "urn:test:a", "type": "vn.kipthoi.apology.sent.v1",
            "time": at, "data": data}


def test_letters_that_upstream_says_were_sent():
    """Two promises of B are broken: the one of the 1st and the one it was moved to on the 2nd."""
    with deployment(late("A", person=applicant()), open_dossier("B", person=applicant()),
                    rescheduled("B", "2026-06-02T08:00:00+07:00", "2026-06-03T16:00:00+07:00"),
                    late("C"), late("D", person=applicant())) as d:
        assert d.sql("SELECT code, episode FROM duty ORDER BY 1, 2") == [("A", 1), ("B", 1), ("B", 2), ("C", 1), ("D", 1)]
        d.kipthoi("letters", "draft", "A", "D", check=0)
        number = dict(d.sql("SELECT code, letter_no FROM letter"))
        events = [told_upstream("A", 1, "2026-06-10T08:00:00+07:00", number["A"]), told_upstream("B", 1, "2026-06-04T08:00:00+07:00"),
                  told_upstream("B", 2, "2026-06-05T08:00:00+07:00"), told_upstream("C", 1, "2026-06-01T08:00:00+07:00", "9/XA")]
        d.send_events(events)
        d.wait_settled()
        wait_until(lambda: d.value("SELECT count(*) FROM duty WHERE state = 'sent'") == 4, "the duties are settled")
        # Without a number the first that was told is the first promise's.
        told = d.sql("""SELECT code, episode, state::text, (sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::text, sent_by
                        FROM duty ORDER BY code, episode""")
        assert told == [("A", 1, "sent", "2026-06-10 08:00:00", "upstream"), ("B", 1, "sent", "2026-06-04 08:00:00", "upstream"),
                        ("B", 2, "sent", "2026-06-05 08:00:00", "upstream"), ("C", 1, "sent", "2026-06-01 08:00:00", "upstream"),
                        ("D", 1, "drafted", None, None)], told
        assert states(d)["A"] == ("sent", "sent", number["A"]) and states(d)["C"] == ("sent", "sent", "9/XA")
        before = d.value("SELECT count(*) FROM duty_log")
        d.send_events(events)
        d.wait_settled()
        assert (d.value("SELECT count(*) FROM letter"), d.value("SELECT count(*) FROM duty_log")) == (5, before)
        d.audit()
        # Folded anew, they are the same.
        d.rebuild()
        d.wait_settled()
        assert d.sql("""SELECT code, episode, state::text, (sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::text, sent_by
                        FROM duty ORDER BY code, episode""") == told
        d.audit()


def test_numbers_of_letters_ahead_have_no_gap():
    """Neither duties nor contacts gathered from payloads are there to be waited for: names come from a file."""
    dossiers = [f"D{n:03}" for n in range(600)]
    with deployment(*(open_dossier(dossier, "2026-06-12T17:00:00+07:00", None) for dossier in dossiers)) as d:
        d.kipthoi("contacts", "load", write_csv(d.dir / "c.csv", ["source", "dossier", "name"], *(
            ["urn:test:a", dossier, f"Người {dossier}"] for dossier in dossiers)), check=0)
        d.sql("UPDATE dossier SET next_due = promise_due, broken = 0")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: d.json("letters", "draft", "--all", "--ahead", "--until", "2026-06-12"), range(4)))
        assert sum(one["drafted"] for one in done) == 600, done
        assert d.sql("SELECT min(number), max(number), count(*) FROM letter") == [(1, 600, 600)]
        assert d.value("SELECT sum(last) FROM letter_counter") == 600


def test_an_official_decides_that_none_goes_out():
    with deployment(late("A", person=applicant()), late("B", person=applicant())) as d:
        assert "--why" in d.kipthoi("letters", "void", "A", check=2).stderr
        d.kipthoi("letters", "void", "A", "--why", "the citizen died", "--by", "head", check=0)
        assert states(d)["A"][0] == "void" and log_of(d, "A")[-1] == ("owed", "void", "head", "the citizen died")
        # Corrections clear the lateness and bring it back, and the notifier starts anew: none of it opens the duty again.
        for number, end in enumerate(("2026-05-29T10:00:00+07:00", "2026-06-09T11:00:00+07:00")):
            correct(d, "A", number, end)
        d.stop("notifier")
        d.start("notifier")
        d.wait_settled()
        assert states(d)["A"][0] == "void", states(d)
        # It goes on counting, and the audit says so.
        total = d.json("letters", "count")["total"]
        assert (total["owed"], total["to_send"], total["waived"], total["coverage"]) == (2, 1, 1, "0.00"), total
        waived = d.json("audit")["exceptions"]["waived"]
        assert waived == {"count": 1, "found": [{"subject": "urn:test:a A", "who": "head", "why": "the citizen died"}]}, waived
        assert "missed promises without a letter by an official's decision: 1" in d.audit().stdout
        told = d.kipthoi("letters", "sent", "A", "--no", "1", "--why", "x", check=1).stderr
        assert "an official decided that none goes out" in told, told
        d.stop("notifier")
        assert d.kipthoi("letters", "void", "A", "--undo", "--why", "a mistake", check=0).stdout == (
            "taken back; kipthoi-notifier opens the letter for A again, which is owed then\n")
        assert states(d)["A"][0] == "void", states(d)
        # The notifier opens it, tells of it, and drafts it: nothing is missing.
        d.start("notifier")
        wait_until(lambda: states(d)["A"][0] in ("owed", "drafted"), "the notifier opens it again", 30)
        # Its steps begin anew too.
        assert d.value("SELECT count(*) FROM step WHERE code = 'A' AND state = 'dropped'") == 0
        assert d.json("audit")["exceptions"]["waived"]["count"] == 0
        assert d.sql("SELECT split_part(topic, '/', 1), count(*) FROM alert WHERE code = 'A' AND topic LIKE 'letter.%' GROUP BY 1") == [
            ("letter.owed", 2)]
        # A promise that is not missed any more owes none.
        d.kipthoi("letters", "void", "A", "--why", "the citizen died", check=0)
        correct(d, "A", 2, "2026-05-29T10:00:00+07:00")
        assert "the letter for A stays void" in d.kipthoi("letters", "void", "A", "--undo", "--why", "x", check=0).stdout
        assert "was not voided by an official" in d.kipthoi("letters", "void", "B", "--undo", "--why", "x", check=1).stderr


def test_a_recall_older_than_the_last_verdict():
    """An official takes a decision back while the promise counts as kept, and the scorer breaks it before that is stored."""
    with deployment(late("A", person=applicant())) as d:
        d.stop("notifier")
        d.sql("UPDATE duty SET state = 'void'")
        d.sql("""INSERT INTO verdict_change (source_id, code, was, now, judged_at, broken)
            SELECT source_id, code, 'on_time', 'on_time', now(), 0 FROM dossier WHERE code = 'A' AND broken > 0""")
        d.start("notifier")
        wait_until(lambda: states(d)["A"][0] in ("owed", "drafted"), "the notifier opens it", 30)


def test_a_letter_written_elsewhere():
    with deployment(late("A", person=applicant()), late("B", person=applicant()), offices=(office("H29.11", reason=""),)) as d:
        d.kipthoi("letters", "sent", "A", "--no", "77/CV", "--why", "by hand", "--channel", "in_person", check=0)
        assert d.sql("SELECT number, letter_no, state::text, template_id, channel FROM letter WHERE code = 'A'") == [
            (None, "77/CV", "sent", None, "in_person")]
        assert "written elsewhere" in d.kipthoi("letters", "print", "A", "--out", d.dir / "a.pdf", check=1).stderr
        d.kipthoi("letters", "draft", "B", "--reason", "x", check=0)
        told = d.kipthoi("letters", "sent", "B", "--no", "78/CV", "--why", "by hand", check=1).stderr
        assert "letter 01/TXL is written for B" in told, told
        d.kipthoi("letters", "sent", "B", "--no", "01/TXL", "--why", "signed at once", check=0)
        assert states(d)["B"] == ("sent", "sent", "01/TXL")
        assert "--no NUMBER goes with one dossier" in d.kipthoi("letters", "sent", "--all", "--no", "1", "--why", "x", check=2).stderr
        d.audit()


def test_no_letter_goes_out_before_it_was_written():
    """Not on the day before, whatever an official says; the hour of the day is taken as it is told."""
    with deployment(late("A", person=applicant()), late("B", person=applicant()), late("C")) as d:
        d.kipthoi("letters", "draft", "A", "B", check=0)
        d.kipthoi("letters", "approve", "A", "B", check=0)
        done = d.json("letters", "sent", "--all", "--why", "posted", "--at", "2026-06-09 23:59", check=1)
        assert (done["sent"], [p["dossier"] for p in done["problems"]]) == (0, ["A", "B"]), done
        assert "not noted: it was drafted on 2026-06-10 09:00" in done["problems"][0]["sentence"], done
        told = d.kipthoi("letters", "sent", "A", "--no", "01/TXL", "--why", "posted", "--at", "2026-06-01", check=1).stderr
        assert "A: not noted: it was drafted on" in told and states(d)["A"][0] == "approved", told
        d.kipthoi("letters", "sent", "--all", "--why", "posted", "--at", "2026-06-10 00:01", check=0)
        # One that was written elsewhere may have gone out on any day.
        d.kipthoi("letters", "sent", "C", "--no", "7/CV", "--why", "posted", "--at", "2026-06-01", check=0)
        assert {row["dossier"]: row["class"] for row in d.json("letters", "list", "--state", "sent")["rows"]} == {
            "A": "late", "B": "late", "C": "in_time"}


def test_approved_for_the_mail():
    with deployment(late("A", person=applicant()), late("B", person=applicant(email=""))) as d:
        d.kipthoi("letters", "draft", "--all", check=0)
        # Where no mail is sent nothing would ever come of it.
        told = d.kipthoi("letters", "approve", "A", "--send", check=1).stderr
        assert told.startswith(f"kipthoi: nothing approved: mail.host is empty in {d.conf}"), told
        assert states(d)["A"][0] == "drafted" and d.value("SELECT count(*) FROM delivery") == 0
        # The notifier goes on without, so that what waits can be looked at.
        send = ["--send", "--set", "mail.host=mail.example.vn"]
        done = d.json("letters", "approve", "--all", *send, check=1)
        assert (done["approved"], done["queued"]) == (1, 1) and [p["dossier"] for p in done["problems"]] == ["B"], done
        source = d.value("SELECT source_id FROM source WHERE name = 'urn:test:a'")
        assert d.sql("SELECT kind, recipient_id, items, key, facts FROM message") == [
            ("letter", None, 1, f"letter/{source}/1/A", {"source_id": source, "code": "A", "episode": 1})]
        rows = d.sql("SELECT channel, state, recipient_id, wire_id FROM delivery")
        assert rows[0][:3] == ("email", "waiting", None) and re.fullmatch(r"letter\.[0-9a-f-]{36}", rows[0][3]), rows
        assert {code: row[0] for code, row in states(d).items()} == {"A": "approved", "B": "drafted"}
        # Once more is not twice, and is told.
        done = d.json("letters", "approve", "A", *send, check=1)
        assert done["queued"] == 0 and done["problems"][0]["sentence"].startswith("waits to be e-mailed (delivery "), done
        d.kipthoi("letters", "approve", "B", check=0)
        # In bulk what waits to be mailed is not noted as posted too; nor is what is being mailed, ever.
        done = d.json("letters", "sent", "--all", "--why", "posted", check=1)
        assert (done["sent"], done["left"], [p["dossier"] for p in done["problems"]]) == (1, 0, ["A"]), done
        assert {code: row[0] for code, row in states(d).items()} == {"A": "approved", "B": "sent"}
        assert done["problems"][0]["sentence"].endswith("kipthoi letters sent A --why TEXT"), done
        d.sql("UPDATE delivery SET state = 'claimed', claim_token = gen_random_uuid(), claimed_until = now() + interval '1 h'")
        for number in ([], ["--no", "01/TXL"]):
            told = d.kipthoi("letters", "sent", "A", *number, "--why", "posted", check=1).stderr
            assert "A: is being e-mailed just now" in told and states(d)["A"][0] == "approved", told
        # Given up, it is tried again when somebody says so; one that may have arrived is not.
        d.sql("UPDATE delivery SET state = 'dead', attempts = 12, next_at = 'infinity', claim_token = NULL, claimed_until = NULL")
        done = d.json("letters", "approve", "A", *send, "--by", "lan", "--why", "her new address")
        assert (done["approved"], done["queued"], done["problems"]) == (0, 1, []), done
        assert d.sql("SELECT state, attempts, next_at <= now() FROM delivery") == [("waiting", 0, True)]
        assert d.sql("SELECT attempt, outcome, detail FROM delivery_attempt") == [(12, "redriven", "dead, lan: her new address")]
        d.sql("UPDATE delivery SET state = 'uncertain'")
        delivery = d.value("SELECT delivery_id FROM delivery")
        told = d.kipthoi("letters", "approve", "A", *send, check=1).stderr
        assert f"its e-mail may have arrived (delivery {delivery}); ask, then: kipthoi letters sent" in told, told
        assert d.sql("SELECT state FROM delivery") == [("uncertain",)]
        d.sql("UPDATE delivery SET state = 'dead'")
        d.kipthoi("letters", "sent", "A", "--why", "posted", check=0)
        assert states(d)["A"][0] == "sent"


def test_posted_while_the_mail_waits():
    """Who names the dossier knows that it went out: the mail is given up, and who did it stays to be seen."""
    with deployment(late("A", person=applicant()), late("B", person=applicant())) as d:
        d.kipthoi("letters", "draft", "--all", check=0)
        d.kipthoi("letters", "approve", "--all", "--send", "--set", "mail.host=mail.example.vn", check=0)
        d.kipthoi("letters", "sent", "A", "--why", "posted", "--by", "lan", check=0)
        number = d.value("SELECT letter_no FROM letter WHERE code = 'B'")
        # A number that is not its own changes nothing.
        told = d.kipthoi("letters", "sent", "B", "--no", "99/TXL", "--why", "posted", check=1).stderr
        assert f"letter {number} is written for B" in told, told
        assert d.sql("SELECT state, count(*) FROM delivery GROUP BY 1 ORDER BY 1") == [("dead", 1), ("waiting", 1)]
        d.kipthoi("letters", "sent", "B", "--no", number, "--why", "handed over", "--by", "lan", check=0)
        assert {code: row[0] for code, row in states(d).items()} == {"A": "sent", "B": "sent"}
        assert d.sql("SELECT v.state, a.attempt, a.outcome, a.detail FROM delivery v JOIN delivery_attempt a USING (delivery_id) ORDER BY 4") == [
            ("dead", 0, "withdrawn", "lan: handed over"), ("dead", 0, "withdrawn", "lan: posted")]
        d.audit()


def test_masked_and_erased_names():
    person = applicant("Đoàn Hữu Khánh")
    synced = {"specversion": "1.0", "id": "S-1", "source": "urn:test:a", "type": "vn.kipthoi.dossier.synced.v1",
              "time": "2026-06-09T10:00:00+07:00", "data": {
                  "MaHoSo": "S", "MaTTHC": "1.000656", "MaLinhVuc": "G09", "KenhThucHien": "1", "ChuHoSo": "Đoàn Hữu Khánh",
                  "DiaChi": "12 Lê Lợi", "SoDienThoai": "0903123678", "Email": "khanh.doan@example.org", "SoBienNhan": "BN-7",
                  "TrichYeuHoSo": "Hồ sơ của Đoàn Hữu Khánh", "NgayTiepNhan": "20260520090000", "NgayHenTra": "20260601170000",
                  "TrangThaiHoSo": "9", "NgayKetThucXuLy": "20260609100000", "DonViXuLy": "H29.11"}}
    refused = late("A", person=person)
    refused["data"]["due"] = "no date"
    refused["id"] = "A-bad"
    with deployment(late("A", person=person), synced) as d:
        d.send_events([refused], check=1)
        d.kipthoi("letters", "draft", "--all", check=0)
        shown = d.kipthoi("contacts", "show", "A", check=0).stdout
        assert "Đ*** H** K." in shown and "***678" in shown and "a***@example.org" in shown, shown
        for secret in ("Đoàn", "Hữu", "0903", "Lê Lợi", "an.nguyen"):
            assert secret not in shown, shown
        assert d.json("contacts", "show", "S")["name"] == "Đ*** H** K."
        assert "--why" in d.kipthoi("contacts", "show", "A", "--plain", check=2).stderr
        plain = d.json("contacts", "show", "A", "--plain", "--why", "called back", "--by", "lan")
        assert (plain["name"], plain["phone"], plain["masked"]) == ("Đoàn Hữu Khánh", "0903 123 678", False), plain
        assert d.sql("SELECT code, what, who, why FROM contact_log") == [("A", "shown", "lan", "called back")]
        assert "nothing was erased" in d.kipthoi("contacts", "erase", "A", "--why", "asked", check=1).stderr
        assert "Đoàn" in dump(d)
        before = d.rates("unit")["rows"]
        for dossier in ("A", "S"):
            done = d.kipthoi("contacts", "erase", dossier, "--why", "asked by the citizen", "--by", "lan", "--yes", check=0)
            assert "in 1 event(s) too" in done.stdout, done
        left = dump(d)
        for secret in ("Đoàn", "Hữu", "Khánh", "0903", "Lê Lợi", "example.org", "BN-0001", "BN-7"):
            assert secret not in left, [line for line in left.splitlines() if secret in line]
        # What is left says the same of the dossiers, also when all is folded again.
        report = d.json("audit")
        assert report["ok"] and report["exceptions"]["erased"]["count"] == 2, report
        assert [one["subject"] for one in report["exceptions"]["erased"]["found"]] == ["urn:test:a A", "urn:test:a S"]
        d.rebuild()
        d.wait_settled()
        assert d.rates("unit")["rows"] == before
        assert d.json("audit")["ok"]
        # The event is still known when it is sent again; nothing is gathered; no letter can be written.
        d.send_events([late("A", person=person)])
        assert d.value("SELECT count(*) FROM event") == 2 and "Đoàn" not in dump(d)
        assert "erased" in d.kipthoi("letters", "draft", "A", check=1).stderr
        assert "erased" in d.kipthoi("letters", "print", "A", "--out", d.dir / "x.pdf", check=1).stderr
        write_csv(d.dir / "c.csv", ["source", "dossier", "name"], ["urn:test:a", "A", "Ai Đó"])
        assert "c.csv:2: dossier: \"A\" of urn:test:a had its person's data erased" in d.kipthoi(
            "contacts", "load", d.dir / "c.csv", check=2).stderr


def dump(d):
    """Everything the database holds, as pg_dump tells it, and what its bytea columns hold as text."""
    env = {**os.environ, "PGPASSWORD": d.cluster.password()}
    text = subprocess.run(["pg_dump", "-h", d.cluster.host, "-p", str(d.cluster.port), "-U", "postgres", "--inserts", d.database],
                          capture_output=True, text=True, check=True, env=env).stdout
    # Payloads of events that were refused are bytes: \\x followed by hexadecimal digits.
    raw = [bytes.fromhex(part).decode(errors="replace") for part in re.findall(r"\\x([0-9a-f]{2,})", text)]
    # Payloads may tell characters as \\uXXXX.
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text + "\n".join(raw))


def test_contacts_from_a_file():
    with deployment(late("A", person=applicant()), late("B")) as d:
        columns = ["source", "dossier", "name", "address", "phone", "email", "receipt_number"]
        path = write_csv(d.dir / "c.csv", columns, ["urn:test:a", "A", "Công ty Mới", "", "", "moi@example.org", ""],
                         ["urn:test:a", "B", "Hồ Văn Bảy", "", "", "", "BN-2"])
        assert d.json("contacts", "load", path, "--dry-run") == {"new": 2, "changed": 0, "same": 0, "dry_run": True}
        assert d.value("SELECT count(*) FROM contact") == 0
        d.kipthoi("contacts", "load", path, "--by", "lan", check=0)
        assert d.json("contacts", "load", path) == {"new": 0, "changed": 0, "same": 2, "dry_run": False}
        d.kipthoi("letters", "draft", "--all", check=0)
        assert d.sql("SELECT code, name, origin FROM contact ORDER BY 1") == [("A", "Công ty Mới", "file"), ("B", "Hồ Văn Bảy", "file")]
        for row, told in ((["urn:test:a", "X", "N", "", "", "", ""], "c.csv:2: dossier: \"X\" of urn:test:a is not known"),
                          (["urn:test:a", "A", "", "", "", "", ""], "c.csv:2: name: is empty"),
                          (["urn:test:a", "A", "N", "", "", "no address", ""], "c.csv:2: email: is no address like name@example.org"),
                          (["urn:test:a", "A", "N", "", "", "an..b@[127.0.0.1]", ""], "c.csv:2: email: is no address like name@example.org"),
                          (["urn:test:a", "A", "N", "", "", "an@-x.vn", ""], "c.csv:2: email: is no address like name@example.org"),
                          (["urn:test:a", "A", "N" * 201, "", "", "", ""], "c.csv:2: name: 201 characters, at most 200")):
            done = d.kipthoi("contacts", "load", write_csv(d.dir / "c.csv", columns, row), check=2)
            assert told in done.stderr, (told, done.stderr)
        done = d.kipthoi("contacts", "load", write_csv(d.dir / "c.csv", columns, ["urn:test:a", "A", "N", "", "", "", ""],
                                                       ["urn:test:a", "A", "M", "", "", "", ""]), check=2)
        assert "c.csv:3: stands in line 2 already" in done.stderr, done


def test_the_words_of_forms_offices_and_rules():
    with deployment(late("A", person=applicant()), offices=(), forms=False) as d:
        files = sorted(FORMS.glob("*.template"))
        assert d.json("letters", "templates", "load", *files) == {"new": len(files), "same": 0}
        assert d.json("letters", "templates", "load", *files) == {"new": 0, "same": len(files)}
        names = [row["name"] for row in d.json("letters", "templates")["rows"]]
        assert names == sorted(path.stem for path in files), names
        shown = d.kipthoi("letters", "templates", "show", names[0], check=0).stdout
        assert shown == files[0].read_text(encoding="utf-8")
        assert "no template is called" in d.kipthoi("letters", "templates", "show", "none", check=1).stderr
        write_csv(d.dir / "units.csv", ["code"], ["H29.12"])
        d.kipthoi("units", "load", d.dir / "units.csv", check=0)
        assert d.json("letters", "offices", "load", FORMS / "offices.sample.csv") == {
            "new": 2, "changed": 0, "same": 0, "dry_run": False}
        assert d.json("letters", "offices", "load", FORMS / "offices.sample.csv")["same"] == 2
        assert d.value("SELECT copies FROM letter_office o JOIN unit u USING (unit_id) WHERE u.code = 'H29.11'") == \
            "Như trên\nBộ phận Một cửa\nLưu: VT"
        assert "Như trên | Bộ phận Một cửa | Lưu: VT" in d.kipthoi("letters", "offices", check=0).stdout
        done = d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H1"), office("H29.11", template="no")), check=2)
        assert 'o.csv:2: unit: "H1" is not known' in done.stderr and 'o.csv:3: template: "no" is not known' in done.stderr, done
        done = d.kipthoi("letters", "offices", "load", write_csv(d.dir / "o.csv", OFFICE, office("H29.11", number_form="TXL")), check=2)
        assert "o.csv:2: number_form: has no {number}" in done.stderr, done
        assert d.json("letters", "rules", "load", FORMS / "deadline-city.csv")["same"] == 1
        # Its day is an example, which nobody should load without having read it.
        for arguments in (["--dry-run"], ["--lang", "vi", "--dry-run"], []):
            done = d.kipthoi("letters", "rules", "load", FORMS / "deadline-decree.csv", *arguments, check=0)
            assert "2027-01-01" in done.stdout and "sửa effective_from trước khi nạp" in done.stdout, done
        assert "version 2, decree: counts for what is promised for 2027-01-01 or later; note: " in done.stdout, done
        assert "2027" not in d.kipthoi("letters", "rules", "load", FORMS / "deadline-decree.csv", check=0).stdout
        assert d.json("letters", "rules", "load", FORMS / "deadline-decree.csv")["same"] == 1
        assert [(row["version"], row["name"], row["days_before"]) for row in d.json("letters", "rules")["rows"]] == [
            (1, "city", 0), (2, "decree", 1)]
        path = write_csv(d.dir / "r.csv", ["effective_from", "days_before", "clock", "name", "note"], ["2020-01-01", 2, "day", "old", "x"])
        assert "r.csv:2: effective_from: a version from that day or later is there" in d.kipthoi("letters", "rules", "load", path, check=2).stderr
        # The office names a form of its own; a form that --template names goes before it.
        d.kipthoi("letters", "draft", "A", "--reason", "x", "--template", "tt01-2018-phieu-xin-loi", check=0)
        assert d.value("SELECT t.name FROM letter JOIN letter_template t USING (template_id)") == "tt01-2018-phieu-xin-loi"


def test_the_newest_form_in_force_is_used():
    with deployment(late("A", person=applicant()), forms=False) as d:
        d.kipthoi("letters", "templates", "load", *FORMS.glob("*.template"), check=0)
        future = (FORMS / "tt01-2018-phieu-xin-loi.template").read_text(encoding="utf-8")
        future = re.sub(r"effective_from = .*", "effective_from = 2026-06-11", future)
        (d.dir / "future.template").write_text(future, encoding="utf-8")
        d.kipthoi("letters", "templates", "load", d.dir / "future.template", check=0)
        d.kipthoi("letters", "draft", "A", check=0)
        assert d.value("SELECT t.name FROM letter JOIN letter_template t USING (template_id)") == "tt03-2025-mau-04"


def form_file(d, name, effective_from, note=None):
    """A form of the project under another name and day, with this note or none."""
    text = (FORMS / "tt01-2018-phieu-xin-loi.template").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^name = .*", f"name = {name}", re.sub(r"(?m)^effective_from = .*", f"effective_from = {effective_from}", text))
    text = re.sub(r"(?m)^note = .*\n", "" if note is None else f"note = {note}\n", text)
    path = d.dir / f"{name}.template"
    path.write_text(text, encoding="utf-8")
    return path


def test_loading_a_form_says_what_takes_effect():
    with deployment(late("A", person=applicant()), late("B", person=applicant()), forms=False) as d:
        def load(*files):
            return d.kipthoi("letters", "templates", "load", *(form_file(d, *one) for one in files), check=0)

        done = load(("one", "2018-11-23", "ask the lawyer"))
        assert done.stdout.splitlines() == ["one: in force from 2018-11-23", "templates: 1 new, 0 the same"], done
        assert "note of the template: ask the lawyer" in done.stderr, done
        done = load(("two", "2025-09-15"), ("three", "2026-12-01"), ("zero", "2016-09-30"))
        assert done.stdout.splitlines() == [
            "two: in force from 2025-09-15; replaces one (from 2018-11-23)",
            "three: in force from 2026-12-01; until then two (from 2025-09-15)",
            "zero: in force from 2016-09-30; letters go on with two (from 2025-09-15), which is newer",
            "templates: 3 new, 0 the same"], done
        assert done.stderr == "", done
        # What was there is in force as before.
        assert load(("two", "2025-09-15")).stdout.splitlines() == ["templates: 0 new, 1 the same"]
        rows = {row["name"]: row["to_check"] for row in d.json("letters", "templates")["rows"]}
        assert rows == {"one": True, "two": False, "three": False, "zero": False}, rows
        # Approving says once what nobody has compared; a form without a note is silent.
        d.kipthoi("letters", "draft", "A", "--template", "two", check=0)
        assert d.kipthoi("letters", "approve", "A", check=0).stderr == ""
        d.send_events([late("C", person=applicant())])
        d.wait_settled()
        d.kipthoi("letters", "draft", "B", "C", "--template", "one", check=0)
        told = d.kipthoi("letters", "approve", "--all", check=0).stderr
        assert told.count("ask the lawyer") == 1 and "template one is still to be compared" in told, told


def test_what_stands_elsewhere_on_the_way_is_told():
    with deployment(*(late(dossier, person=applicant()) for dossier in "ABC"), offices=(office("H29.11", reason=""),)) as d:
        done = d.kipthoi("letters", "approve", "--all", check=1)
        assert done.stdout.splitlines() == ["letters approved: 0", "letters owed and not drafted: 3; next: kipthoi letters draft"], done
        d.kipthoi("letters", "draft", "A", "B", "--reason", "x", check=0)
        done = d.kipthoi("letters", "sent", "--all", "--why", "posted", check=1)
        assert done.stdout.splitlines() == ["letters noted as sent: 0", "letters owed and not drafted: 1; next: kipthoi letters draft",
                                            "letters drafted and not approved: 2; next: kipthoi letters approve"], done
        done = d.kipthoi("letters", "sent", "A", "--why", "posted", check=1)
        assert "the letter for A is drafted and cannot be noted as sent yet; first: kipthoi letters approve A" in done.stderr, done
        d.kipthoi("letters", "draft", "--all", "--reason", "x", check=0)
        done = d.kipthoi("letters", "draft", "--all", check=0)
        assert done.stdout.splitlines() == ["letters drafted: 0", "letters drafted already: 3"], done
        d.kipthoi("letters", "approve", "A", check=0)
        # Done for those that were ready, the rest is told.
        done = d.kipthoi("letters", "sent", "--all", "--why", "posted", check=0)
        assert done.stdout.splitlines() == ["letters noted as sent: 1", "letters drafted and not approved: 2; next: kipthoi letters approve"], done
        # With nothing on the way there is nothing to say.
        d.kipthoi("letters", "approve", "--all", check=0)
        d.kipthoi("letters", "sent", "--all", "--why", "posted", check=0)
        assert d.kipthoi("letters", "sent", "--all", "--why", "posted", check=0).stdout.splitlines() == ["letters noted as sent: 0"]


if __name__ == "__main__":
    run_tests(globals())
