# SPDX-License-Identifier: MIT
"""Records of one-stop systems and indicators taken in as they are; code lists loaded while ingest runs."""
import json
import random

from deployment import Deployment, run_tests, wait_until
from test_protocol import Peer

SOURCE = "urn:test:a"


def event(number, kind, data, source=SOURCE):
    return {"specversion": "1.0", "id": f"e-{number}", "source": source, "type": f"vn.kipthoi.{kind}.v1",
            "time": "2015-12-01T10:00:00-05:00", "data": data}


def synced(number, data, source=SOURCE):
    return event(number, "dossier.synced", data, source)


FULL = {
    "MaHoSo": "H56.14-240823-0001", "MaTTHC": "1.000656.000.00.00.H56", "TenTTHC": "Đăng ký khai tử",
    "MaLinhVuc": 12, "TenLinhVuc": "Hộ tịch", "KenhThucHien": "2", "ChuHoSo": "", "LoaiDoiTuong": "1",
    "NgayTiepNhan": "20151102080000", "NgayHenTra": "2015-11-04 17:00:00", "TrangThaiHoSo": "10",
    "NgayTra": "2015-11-05", "NgayKetThucXuLy": "2015-11-04T15:00:00", "DonViXuLy": "000.14.22.H56",
    "isUpdating": True,
    "DanhSachHoSoBoSung": [{"HoSoBoSungId": 1, "NgayBoSung": "2015-11-02 09:00:00", "TrangThaiBoSung": 1,
                            "NgayTiepNhanBoSung": "2015-11-03 09:00:00", "NgayHenTraTruoc": "2015-11-03 17:00:00",
                            "NgayHenTraMoi": "2015-11-04 17:00:00"}],
}
PROGRESS = {"MaHoSo": "H56.14-240823-0001", "NguoiXuLy": "A", "ThoiDiemXuLy": "20151103093000", "TrangThai": 4}
INDICATOR = {"measure": "satisfaction", "period": "2015-Q3", "unit": "H56", "field": "G09", "numerator": 95,
             "denominator": 100}


def add_alias(d, kind, code, means, source=SOURCE):
    d.sql("INSERT INTO code_alias (source, list, code, means, note, loaded_by) VALUES (%s, %s, %s, %s, 'test', 'test')",
          source, kind, code, means)


def read_book(d):
    """Has the running ingest read the codes again."""
    stamp = d.value("UPDATE book SET stamp = stamp + 1 RETURNING stamp")
    wait_until(lambda: f"CODE-BOOK read anew stamp={stamp}" in d.log("ingest"), "ingest has read the codes", 20)


def test_records_are_stored_as_they_came():
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            events = [synced(1, FULL), synced(2, PROGRESS), event(3, "indicator.reported", INDICATOR)]
            assert peer.events(events) == ["accepted"] * 3
            assert peer.events(events) == ["duplicate"] * 3
            # The same record under an id of its own is another report of it.
            assert peer.events([synced(4, FULL)]) == ["accepted"]
        rows = d.sql("SELECT event_id, kind, dossier, payload::jsonb -> 'data' FROM event ORDER BY 1")
        assert rows == [("e-1", 14, FULL["MaHoSo"], FULL), ("e-2", 14, PROGRESS["MaHoSo"], PROGRESS),
                        ("e-3", 15, "satisfaction|2015-Q3|H56|G09", INDICATOR), ("e-4", 14, FULL["MaHoSo"], FULL)], rows
        assert d.value("SELECT count(*) FROM event WHERE slot <> dossier_slot(%s, dossier)", SOURCE) == 0


def test_bad_records_are_refused_by_name():
    cases = [
        ({**FULL, "TrangThai": 4}, "MEMBER_INVALID", "data has both TrangThaiHoSo and TrangThai"),
        ({**FULL, "TrangThaiHoSo": None}, "MEMBER_MISSING", "data.TrangThaiHoSo or data.TrangThai is missing"),
        ({**FULL, "MaHoSo": ""}, "MEMBER_MISSING", "data.MaHoSo is missing"),
        ({**FULL, "DanhSachHoSoBoSung": [{}, {}, {"NgayBoSung": False}]}, "MEMBER_INVALID",
         "data.DanhSachHoSoBoSung[2].NgayBoSung is not a text"),
        ({**FULL, "NgayTra": "05/11/2015"}, "TIME_INVALID", "data.NgayTra is no moment"),
        ({**FULL, "NgayKetThucXuLy": "2016-02-01"}, "TIME_FUTURE", "data.NgayKetThucXuLy 2016-02-01T05:00:00Z is"),
        ({**FULL, "TrangThaiHoSo": "0"}, "STATUS_UNKNOWN", "data.TrangThaiHoSo '0' is in no list"),
    ]
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            answers = peer.events([synced(n, data) for n, (data, _, _) in enumerate(cases)])
        for answer, (_, code, sentence) in zip(answers, cases):
            assert answer.startswith(f"rejected {code} sender {sentence}"), answer
        wait_until(lambda: d.value("SELECT count(*) FROM quarantine") == len(cases), "all are kept", 10)
        assert d.value("SELECT count(*) FROM event") == 0


def test_unknown_status_is_redriven_once_the_list_knows_it():
    with Deployment() as d:
        d.start("ingest")
        strange = synced(1, {**FULL, "TrangThaiHoSo": "Đang xử lý"})
        with Peer(d) as peer:
            answers = peer.events([strange, synced(2, PROGRESS)])
            assert answers[0] == ("rejected STATUS_UNKNOWN sender data.TrangThaiHoSo 'Đang xử lý' is in no list of status "
                                  "codes of this source"), answers
            assert answers[1] == "accepted"
            wait_until(lambda: d.sql("SELECT code, redriven_at IS NULL FROM quarantine") == [("STATUS_UNKNOWN", True)],
                       "it is kept", 10)
            d.kipthoi("quarantine", "redrive", "--all", check=1)
            add_alias(d, "status", "Đang xử lý", "4", source="urn:test:b")  # another's list changes nothing
            d.kipthoi("quarantine", "redrive", "--all", check=1)
            add_alias(d, "status", "Đang xử lý", "4")
            d.kipthoi("quarantine", "redrive", "--all", check=0)
            assert d.value("SELECT count(*) FROM event") == 2
            assert d.value("SELECT count(*) FROM quarantine WHERE redriven_at IS NULL") == 0
            # The running ingest knows it from when the book's stamp has changed.
            read_book(d)
            assert peer.events([strange]) == ["duplicate"]
            assert peer.events([synced(3, {**FULL, "TrangThaiHoSo": "Đang xử lý"})]) == ["accepted"]
        # What it knows when it starts.
        d.stop("ingest")
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events([synced(5, {**FULL, "TrangThaiHoSo": "Đang xử lý"})]) == ["accepted"]


def test_numbers_of_a_dossier_come_together():
    with Deployment() as d:
        add_alias(d, "dossier", "LOCAL/1", "H56.14-240823-0001")
        add_alias(d, "dossier", "m|2015|U|", "never")
        d.start("ingest")
        with Peer(d) as peer:
            assert peer.events([
                synced(1, {**FULL, "MaHoSo": "LOCAL/1"}), synced(2, {**PROGRESS, "MaHoSo": "LOCAL/1"}),
                event(3, "dossier.finished", {"dossier": "LOCAL/1"}), synced(4, FULL),
                synced(5, {**FULL, "MaHoSo": "LOCAL/1"}, source="urn:test:b"),
                event(6, "indicator.reported", {"measure": "m", "period": "2015", "unit": "U", "numerator": 1,
                                                "denominator": 2}),
                synced(7, {**FULL, "MaHoSo": "LOCAL/2", "TrangThaiHoSo": "?"}),
            ])[:6] == ["accepted"] * 6
            rows = d.sql("SELECT event_id, dossier FROM event ORDER BY 1")
            assert rows == [("e-1", FULL["MaHoSo"]), ("e-2", FULL["MaHoSo"]), ("e-3", FULL["MaHoSo"]),
                            ("e-4", FULL["MaHoSo"]), ("e-5", "LOCAL/1"), ("e-6", "m|2015|U|")], rows
            # A redrive goes the same way.
            wait_until(lambda: d.value("SELECT count(*) FROM quarantine") == 1, "the strange one is kept", 10)
            add_alias(d, "status", "?", "4", source="*")
            add_alias(d, "dossier", "LOCAL/2", "H56.14-240823-0002")
            d.kipthoi("quarantine", "redrive", "--all", check=0)
            assert d.value("SELECT dossier FROM event WHERE event_id = 'e-7'") == "H56.14-240823-0002"
        assert d.value("""SELECT count(*) FROM event e JOIN source s USING (source_id)
                          WHERE e.slot <> dossier_slot(s.name, e.dossier)""") == 0


def test_slots_are_those_of_the_database():
    """The program's hash and the database's agree on codes of every length and alphabet."""
    rng = random.Random(20151101)
    letters = "0123456789ABCabc.-/ _đơưạảấầẩẫậắằ€漢😀|'\"\\"
    codes = {"".join(rng.choice(letters) for _ in range(rng.randint(1, 30))) for _ in range(3000)}
    codes = sorted(code for code in codes if len(code.encode()) <= 128)
    sources = [SOURCE, "urn:sở/tư pháp 😀", "x" * 256]
    with Deployment() as d:
        d.start("ingest")
        with Peer(d) as peer:
            events = [synced(number, {**PROGRESS, "MaHoSo": code}, source=sources[number % 3])
                      for number, code in enumerate(codes)]
            for first in range(0, len(events), 500):
                part = [json.dumps(e, ensure_ascii=False) for e in events[first:first + 500]]
                assert peer.events(part) == ["accepted"] * len(part)
        rows = d.sql("""SELECT e.dossier, e.slot, dossier_slot(s.name, e.dossier) FROM event e JOIN source s USING (source_id)""")
        assert sorted(row[0] for row in rows) == codes
        wrong = [row for row in rows if row[1] != row[2]]
        assert not wrong, wrong[:5]
        assert len({row[1] for row in rows}) == 64


if __name__ == "__main__":
    run_tests(globals())
