# SPDX-License-Identifier: MIT
"""From a late dossier to what officials and citizens get: through the ladder, messages and the outbox, by a real mail server and
a real HTTPS receiver."""
import json
import subprocess

from channel import Authority, ScriptedSmtp
from deployment import Deployment, ROOT, run_tests, wait_until
from exim import start_exim
from receiver import Receiver
from test_letters import OFFICE, applicant, office, write_csv

NOW = "2026-06-10T09:00:00+07:00"        # a Wednesday
SETTINGS = {"deployment.time_zone": "Asia/Ho_Chi_Minh", "deployment.clock": NOW, "notifier.group_wait": "200ms",
            "notifier.group_interval": "0ms", "notifier.digest_at": "23h", "notifier.webhook_allow": "127.0.0.1/32", "mail.from": "motcua@example.vn"}


def late(dossier, unit="H29.11", due="2026-06-10T08:00:00+07:00", **data):
    time = "2026-06-01T09:00:00+07:00"
    return {"specversion": "1.0", "id": f"{dossier}-received", "source": "urn:test:a",
            "type": "vn.kipthoi.dossier.received.v1", "time": time,
            "data": {"dossier": dossier, "unit": unit, "unit_name": "Phường Bến Thành", "field": "G09", "procedure": "1.000656",
                     "received": time, "due": due, **data}}


def deployment(**settings):
    d = Deployment(settings={**SETTINGS, **settings})
    d.kipthoi("calendar", "load", ROOT / "deploy/calendars/vietnam.calendar", check=0)
    return d


def recipient(d, role, channel, address, unit="H29.11", secrets=None, lang="vi"):
    return d.value("""
        WITH u AS (INSERT INTO unit (code) VALUES (%s) ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING unit_id)
        INSERT INTO recipient (unit_id, role, channel, address, hours, secret_file, lang)
        SELECT unit_id, %s, %s, %s, 'always', %s, %s FROM u RETURNING recipient_id""",
                   unit, role, channel, address, secrets, lang)


def secret(d, name, text="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"):
    path = d.dir / "secrets" / name
    path.touch(mode=0o600)
    path.write_text(text + "\n")
    return str(path)


def deliveries(d):
    """{state: how many}"""
    return dict(d.sql("SELECT state, count(*)::int FROM delivery GROUP BY state"))


def attempts(d):
    return d.sql("SELECT outcome, status FROM delivery_attempt ORDER BY at, attempt")


def again(d):
    """What waits for its next attempt is due now."""
    d.sql("UPDATE delivery SET next_at = now() WHERE state = 'waiting'")
    d.sql("UPDATE recipient SET paused_until = NULL")


def by_exim(**more):
    return {"mail.host": "127.0.0.1", "mail.port": exim.port, "mail.ca_file": exim.ca.cert, **more}


def take_mail(count):
    """So many mails, when all are there."""
    found = []

    def all_there():
        found.extend(exim.take_mail())
        return len(found) >= count
    wait_until(all_there, lambda: f"{count} mails, {len(found)} are there; {exim.log()[-500:]}", 60)
    return found


def text_of(mail, kind):
    return mail.get_body((kind,)).get_content()


def pdf_text(part, folder):
    path = folder / "mail.pdf"
    path.write_bytes(part.get_content())
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def with_letters(d, *, reason="Chờ kết quả xác minh", term=5):
    d.kipthoi("letters", "templates", "load", ROOT / "deploy/letters/tt01-2018-phieu-xin-loi.template", check=0)
    row = office("H29.11", reason=reason, term_days=term)
    d.kipthoi("letters", "offices", "load", write_csv(d.dir / "offices.csv", OFFICE, row), check=0)


def test_officials_find_the_letter_written():
    """One mail for four late dossiers, with a table and the letters, drafted by the notifier itself; a digest; a webhook that
    verifies."""
    with deployment(**by_exim(**{"notifier.digest_at": "8h"})) as d, Receiver(exim.ca.issue("hook", "DNS:localhost")) as hook:
        d.settings["notifier.webhook_ca_file"] = str(exim.ca.cert)
        first, second = secret(d, "hook-1.key"), secret(d, "hook-2.key", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD8JPfDrY2Sxk=")
        recipient(d, "officer", "email", "tiep.dan@example.vn")
        recipient(d, "officer", "webhook", hook.url(), secrets=f"{second} {first}")
        d.start("ingest", "scorer")
        d.send_events([late(f"A{n}", applicant=applicant(f"Nguyễn Văn Đức {n}")) for n in range(3)] +
                      [late("NO-NAME", due="2026-06-10T07:30:00+07:00")])
        wait_until(lambda: d.value("SELECT count(*) FROM dossier WHERE promise = 'overdue'") == 4, "four are late")
        with_letters(d)
        d.start("notifier", sets={"notifier.webhook_ca_file": exim.ca.cert})
        d.wait_settled()
        # The notifier may have looked before all four had come: then there are two mails.
        wait_until(lambda: deliveries(d) and set(deliveries(d)) == {"sent"}, lambda: f"all is sent: {deliveries(d)}", 60)
        mails = {mail["subject"]: mail for mail in take_mail(2)}
        digest, mail = mails["[Kịp Thời] 4 thư xin lỗi phải gửi, 4 hồ sơ quá hạn"], mails["[Kịp Thời] 4 thư xin lỗi phải gửi"]
        # An official sees what was sent, word for word.
        shown = [d.json("deliveries", "show", str(row[0])) for row in d.sql("SELECT delivery_id FROM delivery WHERE channel = 'email'")]
        assert {one["subject"]: one["text"] for one in shown} == {
            subject: text_of(sent, "plain").replace("\r\n", "\n") for subject, sent in mails.items()}, shown
        assert "Thư xin lỗi còn phải gửi: 4, trong đó quá thời hạn gửi: 0." in text_of(digest, "plain")
        assert not list(digest.iter_attachments())
        assert mail["to"] == "tiep.dan@example.vn", mail["to"]
        assert mail["message-id"].startswith("<notices-") and mail["message-id"].endswith("@example.vn>")
        for kind in ("plain", "html"):
            text = text_of(mail, kind)
            for words in ("Thư xin lỗi phải gửi", "A0", "A1", "A2", "NO-NAME", "08:00 10/06/2026", "23:59 10/06/2026", "Phường Bến Thành",
                          "01/TXL"):
                assert words in text, (kind, words, text)
            assert "Nguyễn Văn" not in text, text       # names are in the letters only
        (pdf,) = mail.iter_attachments()
        letters = pdf_text(pdf, d.dir)
        assert all(f"Nguyễn Văn Đức {n}" in letters for n in range(3)) and "NO-NAME" not in letters
        # What lacks a name is not drafted, and takes no number.
        assert d.sql("SELECT code, letter_no FROM letter ORDER BY number") == [("A0", "01/TXL"), ("A1", "02/TXL"), ("A2", "03/TXL")]
        assert len(hook.requests) == 2
        for request in hook.requests:
            assert request.verify_hmac(open(first, encoding="ascii").read().strip())
            assert request.verify_hmac(open(second, encoding="ascii").read().strip())
        request, body = next((r, json.loads(r.body)) for r in hook.requests if b'"vn.kipthoi.notices.v1"' in r.body)
        assert body["type"] == "vn.kipthoi.notices.v1" and body["data"]["total"] == 4 and body["data"]["shown"] == 4
        assert sorted(row["dossier"] for row in body["data"]["rows"]) == ["A0", "A1", "A2", "NO-NAME"]
        assert request.headers["webhook-id"] == d.value("SELECT wire_id FROM delivery WHERE channel = 'webhook' AND wire_id LIKE 'notices-%'")
        d.audit()


def test_letter_goes_to_the_citizen_once():
    with deployment(**by_exim(**{"mail.attach_letters": "no"})) as d:
        d.start()
        d.send_events([late("A", applicant=applicant("Trần Thị Bưởi", email="buoi@example.vn")),
                       late("B", applicant=applicant("Lê Văn Cam", email="nobody@example.vn"))])
        d.wait_settled()
        with_letters(d)
        d.kipthoi("letters", "draft", "--unit", "H29.11", check=0)
        d.kipthoi("letters", "approve", "--unit", "H29.11", "--send", check=0)
        wait_until(lambda: deliveries(d) == {"sent": 1, "dead": 1}, lambda: f"one sent, one refused: {deliveries(d)}", 60)
        (mail,) = take_mail(1)
        assert "buoi@example.vn" in mail["to"] and "Trần Thị Bưởi" in str(mail["to"]) and mail["subject"] == "Phiếu xin lỗi và hẹn lại ngày trả kết quả: hồ sơ A"
        (pdf,) = mail.iter_attachments()
        assert "Trần Thị Bưởi" in pdf_text(pdf, d.dir) and pdf.get_filename() == "thu-xin-loi-A.pdf"
        assert d.sql("SELECT code, state::text, channel, sent_by FROM letter ORDER BY code") == [
            ("A", "sent", "email", "notifier"), ("B", "approved", None, None)]
        assert d.sql("SELECT code, state::text FROM duty ORDER BY code") == [("A", "sent"), ("B", "approved")]
        # What is kept as proof is what the mail system can look for.
        assert d.value("SELECT '<' || proof || '>' FROM letter WHERE code = 'A'") == mail["message-id"]
        # Nothing that is stored or logged of the outbox names a citizen.
        for table in ("delivery", "delivery_attempt", "message", "notice"):
            text = d.value(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            assert "Bưởi" not in text and "nobody@" not in text and "Cam" not in text, (table, text)
        assert "nobody@" not in d.log("notifier") and "Bưởi" not in d.log("notifier")
        # Asked for again it is not sent again.
        d.kipthoi("letters", "approve", "A", "--send")
        d.audit()


def test_a_letter_for_what_has_ended_is_mailed_under_its_own_title():
    with deployment(**by_exim(**{"mail.attach_letters": "no"})) as d:
        d.start()
        event = late("A", applicant=applicant("Trần Thị Bưởi", email="buoi@example.vn"), finished="2026-06-10T08:10:00+07:00")
        d.send_events([{**event, "type": "vn.kipthoi.dossier.finished.v1", "id": "A-finished", "time": "2026-06-10T08:10:00+07:00"}])
        d.wait_settled()
        with_letters(d)
        d.kipthoi("letters", "draft", "A", check=0)
        d.kipthoi("letters", "approve", "A", "--send", check=0)
        wait_until(lambda: deliveries(d) == {"sent": 1}, lambda: f"one sent: {deliveries(d)}", 60)
        (mail,) = take_mail(1)
        assert mail["subject"] == "Phiếu xin lỗi: hồ sơ A", mail["subject"]


def test_letter_cut_before_the_answer_is_not_repeated():
    """Between the final dot and the answer nobody knows: a letter to a citizen waits for a person, an alert goes out again."""
    with ScriptedSmtp({b".": None}) as smtp, deployment(
            **{"mail.host": "127.0.0.1", "mail.port": smtp.port, "mail.security": "none", "mail.attach_letters": "no"}) as d:
        recipient(d, "officer", "email", "tiep.dan@example.vn")
        d.start()
        d.send_events([late("A", applicant=applicant("Trần Thị Bưởi", email="buoi@example.vn"))])
        d.wait_settled()
        with_letters(d)
        d.kipthoi("letters", "draft", "A", check=0)
        d.kipthoi("letters", "approve", "A", "--send", check=0)
        wait_until(lambda: deliveries(d) == {"uncertain": 1, "waiting": 1} and len(smtp.messages) == 2,
                   lambda: f"both were cut: {deliveries(d)}", 60)
        assert [outcome for outcome, _ in attempts(d)] == ["uncertain", "uncertain"]
        again(d)
        wait_until(lambda: len(smtp.messages) == 3, "the alert again", 30)
        wait_until(lambda: len(attempts(d)) == 3, "its end is stored", 30)
        assert [b"A.pdf" in message for message in smtp.messages].count(True) == 1
        ids = [line for message in smtp.messages for line in message.splitlines() if line.lower().startswith(b"message-id:")]
        assert len(set(ids)) == 2, ids      # the alert has the same id both times
        assert d.value("SELECT state::text FROM letter") == "approved"
        d.audit()


def test_receivers_that_fail():
    """500 for a while, then 2xx: delivered, the same id; 410: disabled; a wrong certificate and an address that is not allowed:
    said by name; nothing is dropped."""
    answers = {"/busy": [(500, {}, b""), (429, {"Retry-After": "7"}, b""), (204, {}, b"")], "/gone": [(410, {}, b"")]}

    def answer(request):
        return answers[request.path].pop(0)

    stranger = Authority(exim.folder, "strangers").issue("stranger", "DNS:localhost")
    with deployment() as d, Receiver(exim.ca.issue("hook", "DNS:localhost"), answer) as hook, Receiver(stranger) as strange:
        key = secret(d, "hook.key")
        busy = recipient(d, "officer", "webhook", hook.url("/busy"), "U1", key)
        gone = recipient(d, "officer", "webhook", hook.url("/gone"), "U2", key)
        recipient(d, "officer", "webhook", strange.url(), "U3", key)
        recipient(d, "officer", "webhook", "https://10.1.2.3/inside", "U4", key)
        unsigned = recipient(d, "officer", "webhook", hook.url("/busy"), "U5", str(d.dir / "missing.key"))
        d.start("ingest", "scorer")
        d.send_events([late(f"A-{unit}", unit) for unit in ("U1", "U2", "U3", "U4", "U5")])
        d.start("notifier", sets={"notifier.webhook_ca_file": exim.ca.cert})
        d.wait_settled()
        wait_until(lambda: len(attempts(d)) == 5, lambda: f"each was tried: {attempts(d)}", 60)
        told = {(outcome, status) for outcome, status in attempts(d)}
        assert told == {("retry", 500), ("gone", 410), ("certificate", 0), ("unsafe", 0), ("retry", 0)}, told
        assert deliveries(d) == {"waiting": 4, "dead": 1}
        errors = " ".join(row[0] for row in d.sql("SELECT last_error FROM delivery"))
        for words in ("500", "410", "certificate", "10.1.2.3", "missing.key"):
            assert words in errors, (words, errors)
        assert d.value("SELECT disabled IS NOT NULL FROM recipient WHERE recipient_id = %s", gone)
        d.sql("UPDATE recipient SET disabled = 'for a while' WHERE recipient_id = %s", unsigned)
        again(d)
        wait_until(lambda: (("throttled", 429) in attempts(d)), "asked for less", 30)
        wait_until(lambda: d.value("SELECT paused_until > now() + interval '5 s' FROM recipient WHERE recipient_id = %s", busy), "spared", 30)
        again(d)
        wait_until(lambda: deliveries(d).get("sent") == 1, "delivered in the end", 30)
        ids = {request.headers["webhook-id"] for request in hook.requests if request.path == "/busy"}
        assert len(ids) == 1 and d.value("SELECT attempts FROM delivery WHERE state = 'sent'") == 3
        # What waits for one who is disabled is given up; mended and redriven it goes out.
        wait_until(lambda: deliveries(d).get("dead") == 2, "given up", 30)
        secret(d, "missing.key")
        d.sql("UPDATE recipient SET disabled = NULL, secret_file = %s WHERE recipient_id = %s", str(d.dir / "secrets/missing.key"), unsigned)
        answers["/busy"] = [(200, {}, b"ok")]
        d.sql("UPDATE delivery SET state = 'waiting', next_at = now() WHERE state = 'dead' AND recipient_id = %s", unsigned)
        wait_until(lambda: deliveries(d).get("sent") == 2, "redriven", 30)
        d.audit()


def plain_message(d, recipient_id):
    d.sql("""WITH m AS (
            INSERT INTO message (recipient_id, items, at, kind, key, facts) VALUES (%s, 1, now(), 'notices', 'plain', '{"rows": []}')
            RETURNING message_id, recipient_id)
        INSERT INTO delivery (message_id, recipient_id, channel, wire_id) SELECT message_id, recipient_id, 'email', 'plain' FROM m""", recipient_id)


def test_working_hours():
    """A mail waits for the office to open, by the calendar that counts; a test does not: somebody sits there."""
    night = "2026-06-10T21:00:00+07:00"
    with ScriptedSmtp({}) as smtp, deployment(**{"mail.host": "127.0.0.1", "mail.port": smtp.port, "mail.security": "none",
                                                 "deployment.clock": night}) as d:
        number = recipient(d, "officer", "email", "tiep.dan@example.vn")
        d.sql("UPDATE recipient SET hours = 'work'")
        plain_message(d, number)
        d.start("notifier")
        wait_until(lambda: d.value("SELECT next_at > now() + interval '9 h' FROM delivery"), "it waits for the morning", 30)
        d.kipthoi("recipients", "test", number, check=0)
        wait_until(lambda: deliveries(d) == {"sent": 1, "waiting": 1}, lambda: f"the test is sent: {deliveries(d)}", 30)
        assert d.value("SELECT wire_id FROM delivery WHERE state = 'waiting'") == "plain"
        text = (ROOT / "deploy/calendars/vietnam.calendar").read_text().replace("13:30-17:00", "13:30-22:00")
        (d.dir / "evenings.calendar").write_text(text)
        d.kipthoi("calendar", "load", d.dir / "evenings.calendar", "--why", "evenings", check=0)
        wait_until(lambda: deliveries(d) == {"sent": 2}, lambda: f"the office is open: {deliveries(d)}", 30)
        assert len(smtp.messages) == 2


def test_without_a_mail_server():
    """Whoever counts on mail is told that none is sent, by the key that is missing."""
    with deployment() as d:
        def warned(*arguments, check=0):
            lines = d.kipthoi(*arguments, check=check).stderr.splitlines()
            told = [line for line in lines if line.startswith(f"kipthoi: mail.host is empty in {d.conf}: no mail is sent")]
            assert len(told) == 1, lines

        def doctor(*arguments):
            (row,) = [row for row in d.json("doctor", *arguments)["rows"] if row["check"] == "mail"]
            return row["finding"], row["detail"]
        assert doctor()[0] == "ok"
        d.start()
        d.send_events([late("A", applicant=applicant("Trần Thị Bưởi", email="buoi@example.vn"))])
        d.wait_settled()
        assert "MAIL-OFF" not in d.log("notifier")
        warned("recipients", "add", "--unit", "H29.11", "--role", "officer", "--email", "a@example.vn")
        (d.dir / "people.csv").write_text("unit,role,channel,address\nH29.11,head,email,b@example.vn\n")
        warned("recipients", "load", d.dir / "people.csv")
        warned("recipients", "test", "1")
        warned("deliveries", "show", "1")
        with_letters(d)
        d.kipthoi("letters", "draft", "--all", check=0)
        told = d.kipthoi("letters", "approve", "A", "--send", check=1).stderr
        assert told.startswith(f"kipthoi: nothing approved: mail.host is empty in {d.conf}"), told
        finding, detail = doctor()
        assert finding == "warn" and detail.startswith(f"mail.host is empty in {d.conf}; recipients by e-mail: 2, mails waiting: "), detail
        assert doctor("--set", "mail.host=mail.example.vn") == ("ok", "mail.example.vn")
        d.stop("notifier")
        d.start("notifier")
        wait_until(lambda: "MAIL-OFF" in d.log("notifier"), "the notifier says so at its start")
        assert "recipients=2" in d.log("notifier")
        # Webhooks are called all the same.
        (d.dir / "people.csv").write_text("unit,role,channel,address\nH29.11,head,webhook,https://b.example.vn/in\n")
        assert d.kipthoi("recipients", "load", d.dir / "people.csv", check=0).stderr == ""


def test_mail_of_a_letter_that_is_over_ends():
    with deployment() as d:
        d.start()
        d.send_events([late(dossier, applicant=applicant(email="buoi@example.vn")) for dossier in ("A", "B", "C")])
        d.wait_settled()
        with_letters(d)
        d.kipthoi("letters", "draft", "--all", check=0)
        d.kipthoi("letters", "approve", "--all", "--send", "--set", "mail.host=mail.example.vn", check=0)
        assert deliveries(d) == {"waiting": 3}
        d.kipthoi("letters", "void", "A", "--why", "the citizen died", check=0)
        # The dossier was finished in time after all.
        finished = late("B")
        finished.update(id="B-finished", type="vn.kipthoi.dossier.finished.v1", time="2026-06-10T08:30:00+07:00")
        finished["data"]["finished"] = "2026-06-05T10:00:00+07:00"
        d.send_events([finished])

        def ended():
            return d.sql("""SELECT m.facts ->> 'code', d.state, d.last_error FROM delivery d JOIN message m USING (message_id)
                WHERE d.state <> 'waiting' ORDER BY m.key""")
        over = "refused: the letter is not owed any more"
        wait_until(lambda: ended() == [("A", "dead", over), ("B", "dead", over)], lambda: f"two end: {ended()}", 30)
        assert deliveries(d) == {"waiting": 1, "dead": 2} and d.sql("SELECT outcome FROM delivery_attempt") == [("refused",)] * 2
        d.audit()


def test_mail_server_that_refuses_everything():
    """A settings mistake is told at start; a server that wants TLS from one who has none gets nothing, and nothing is lost."""
    with deployment(**{"mail.host": "mail.example.vn", "mail.security": "none"}) as d:
        done = subprocess.run([d.bin / "kipthoi-notifier", "--config", d.conf], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2 and "[mail]" in done.stderr and "without TLS" in done.stderr, done.stderr
    with deployment(**by_exim(**{"mail.ca_file": ""})) as d:
        recipient(d, "officer", "email", "tiep.dan@example.vn")
        d.start()
        d.send_events([late("A")])
        d.wait_settled()
        wait_until(lambda: attempts(d) == [("certificate", 0)], lambda: f"the certificate is refused: {attempts(d)}", 60)
        assert deliveries(d) == {"waiting": 1} and exim.take_mail() == []
        d.audit()


if __name__ == "__main__":
    exim = start_exim()
    run_tests(globals())
