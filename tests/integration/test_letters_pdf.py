# SPDX-License-Identifier: MIT
"""Letters as PDF through `kipthoi letters preview`: what is printed, where, in which fonts, and what is refused.

The PDFs are read by poppler's tools; expected texts are put together here from the template files."""
import collections
import csv
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unicodedata
from xml.etree import ElementTree

from deployment import ROOT, run_tests, skip

BIN = pathlib.Path(os.environ["KIPTHOI_BIN"])
TEMPLATES = sorted((ROOT / "deploy" / "letters").glob("*.template"))
SHARED = ROOT.parent / "shared" / "data"
MM = 72 / 25.4
HEAD_ORDER = ["parent", "unit", "nation", "motto", "number", "subject", "place_date"]
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "LSAN_OPTIONS": f"suppressions={ROOT}/tests/support/lsan.supp:print_suppressions=0"}
CAPITALS = {"parent", "unit", "nation", "title", "on_behalf", "signer_title"}

VALUES = {
    "number": "1234/UBND-TTPVHCC", "place": "TP. Hồ Chí Minh", "date": "ngày 05 tháng 8 năm 2025",
    "parent_unit": "Ủy ban nhân dân Thành phố Hồ Chí Minh", "unit": "Ủy ban nhân dân phường Thử Nghiệm",
    "addressee": "Nguyễn Thị Ngọc Ánh", "address": "số 12/3 đường Đỗ Xuân Hợp, phường Thử Nghiệm", "phone": "0900 000 001",
    "email": "ngoc.anh@example.com", "procedure_name": "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV",
    "procedure": "1.009994.H29", "field": "Hoạt động xây dựng", "dossier": "H29.12-250715-0042", "receipt": "0042/BN-TN",
    "received": "08 giờ 15 phút, ngày 15 tháng 7 năm 2025", "due": "17 giờ 00 phút, ngày 05 tháng 8 năm 2025",
    "state": "đang chờ ý kiến phối hợp", "reason": "phải khảo sát thực địa lần hai vì bản vẽ thay đổi",
    "unit_in_charge": "Phòng Kinh tế, Hạ tầng và Đô thị", "new_due": "16 giờ 30 phút, ngày 12 tháng 8 năm 2025",
    "new_due_place": "Quầy số 3, Trung tâm Phục vụ hành chính công", "extension_number": "01", "on_behalf": "KT. Chủ tịch",
    "signer_title": "Phó Chủ tịch", "signer": "Lê Hữu Nghĩa", "recipients": "- Như trên;\n- Phòng Tư pháp;\n- Lưu: VT, Ánh.",
    "channel": "trao tay",
}


def tool(*command, env=None):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=True, env=env).stdout


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


class Desk:
    """A folder with a configuration, for calls of the preview."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="kipthoi-letters-"))
        self.pdf = self.dir / "out.pdf"
        (self.dir / "kipthoi.conf").write_text("[deployment]\ntime_zone = Asia/Ho_Chi_Minh\nclock = 2025-08-05T14:30:00+07:00\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def call(self, template, values=None, *options, env=None):
        """values: one letter, a list of letters, or None for invented ones."""
        command = [BIN / "kipthoi", "letters", "preview", template, *options, "--out", self.pdf]
        if values is not None:
            path = self.dir / "values.json"
            path.write_text(json.dumps({"letters": values} if isinstance(values, list) else values))
            command += ["--values", path]
        self.pdf.unlink(missing_ok=True)
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, check=False,
                              env=os.environ | ENVIRONMENT | {"KIPTHOI_CONF": str(self.dir / "kipthoi.conf")} | (env or {}))

    def make(self, template, values=None, *options):
        done = self.call(template, values, *options)
        assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
        return self.pdf

    def refused(self, template, values, code, *wanted, env=None):
        """One line on standard error, which holds all that is wanted, and no PDF."""
        done = self.call(template, values, env=env)
        assert done.returncode == code and done.stdout == "", (done.returncode, done.stdout, done.stderr)
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and all(text in lines[0] for text in wanted), (done.stderr, wanted)
        assert not self.pdf.exists()
        return lines[0]

    def edited(self, template, old, new):
        """The template with a text replaced, and the number of the line that holds the new one."""
        text = template.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        path = self.dir / "edited.template"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path, text[:text.index(old)].count("\n") + 1


def blocks(template):
    """(word, optional, lines) of each block of a template, as docs/letters.md says."""
    body = template.read_text(encoding="utf-8").split("[body]\n")[1]
    found, is_open = [], False
    for line in (raw.strip() for raw in body.splitlines()):
        match = re.match(r"@(\w+)(\?)?(?: (.*))?$", line)
        if not line or line.startswith("#"):
            is_open = False
        elif match:
            found.append((match[1], match[2] is not None, [match[3]] if match[3] else []))
            is_open = not match[3] or match[1] in ("text", "title", "subtitle", "recipients")
        elif is_open:
            found[-1][2].append(line)
        else:
            found.append(("text", False, [line]))
            is_open = True
    return found


def printed(template, values):
    """The words of a letter in the order in which they are drawn."""
    texts = []
    for word, optional, lines in blocks(template):
        text = " ".join(lines)
        names = re.findall(r"\{(\w+)\}", text)
        if optional and any(not values.get(name) for name in names):
            continue
        text = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)
        texts.append((word, plain(unicodedata.normalize("NFC", text.upper() if word in CAPITALS else text))))
    heading = {word: text for word, text in texts if word in HEAD_ORDER}
    order = [heading[word] for word in HEAD_ORDER if word in heading]
    order += [text for word, text in texts if word not in HEAD_ORDER and word not in ("recipients", "on_behalf", "signer_title", "signer")]
    order += [text for word, text in texts if word == "recipients"]
    order += [text for word, text in texts if word in ("on_behalf", "signer_title", "signer")]
    return plain(" ".join(order))


def text_of(pdf):
    """In the order of drawing; the numbers that later pages of a letter begin with are left out."""
    return re.sub(r"\f\d+\n", "\f", tool("pdftotext", "-raw", pdf, "-"))


def pages_of(pdf):
    """Each page as (width, height, [(x, y, right, bottom, word)])."""
    root = ElementTree.fromstring(tool("pdftotext", "-bbox", pdf, "-"))
    name = "{http://www.w3.org/1999/xhtml}"
    return [(float(page.get("width")), float(page.get("height")),
             [(*(float(word.get(key)) for key in ("xMin", "yMin", "xMax", "yMax")), word.text) for word in page.iter(name + "word")])
            for page in root.iter(name + "page")]


def check_places(pdf):
    """No word outside the margins but page numbers, none over another one."""
    for number, (width, height, words) in enumerate(pages_of(pdf)):
        assert words, f"page {number + 1} is empty"
        for x, y, right, bottom, word in words:
            where = (pdf, number + 1, word, x, y, right, bottom)
            assert x >= 30 * MM - 0.5 and right <= width - 15 * MM + 0.5 and bottom <= height - 20 * MM + 0.5, where
            assert y >= 20 * MM - 0.5 or (y >= 9 * MM and re.fullmatch(r"Trang|\d+(/\d+)?", word)), where
        words.sort(key=lambda word: word[1])
        for i, (x, y, right, bottom, word) in enumerate(words):
            for other in words[i + 1:]:
                if other[1] >= bottom - 1:
                    break
                assert other[0] >= right - 0.5 or other[2] <= x + 0.5, (pdf, number + 1, (x, y, right, bottom, word), other)


# What is printed.

def test_text_is_what_was_put_in():
    assert len(TEMPLATES) >= 3
    with Desk() as desk:
        for template in TEMPLATES:
            for left_out in ([], ["address", "phone", "email", "state", "parent_unit", "on_behalf", "recipients", "receipt"]):
                needed = re.search(r"^mandatory = (.*)$", template.read_text(encoding="utf-8"), re.M)[1].split()
                values = {name: text for name, text in VALUES.items() if name not in left_out or name in needed}
                got = plain(text_of(desk.make(template, values)))
                assert got == printed(template, values), f"{template.name}\n{got}\n{printed(template, values)}"
                assert got == unicodedata.normalize("NFC", got)


def test_letters_and_accents_that_come_apart_are_joined():
    template = TEMPLATES[0]
    apart = {name: unicodedata.normalize("NFD", text) for name, text in VALUES.items()}
    assert apart != VALUES
    with Desk() as desk:
        assert plain(text_of(desk.make(template, apart))) == printed(template, VALUES)


def test_nothing_in_a_value_is_a_command():
    hostile = {"addressee": "<b>Nguyễn</b> &amp; {reason} @title <span size='999999'>", "reason": "một\r\nhai\tba\u200b\u202e",
               "state": "50% \\(x\\) #5"}
    clean = {"addressee": hostile["addressee"], "reason": "một hai ba", "state": hostile["state"]}
    with Desk() as desk:
        for template in TEMPLATES:
            got = plain(text_of(desk.make(template, VALUES | hostile)))
            assert got == printed(template, VALUES | clean), got


def test_the_seven_contents_of_the_citys_letter():
    template = ROOT / "deploy" / "letters" / "hcmc-2016-thu-xin-loi.template"
    with Desk() as desk:
        got = plain(text_of(desk.make(template, VALUES)))
        for name in ("addressee", "procedure_name", "receipt", "state", "reason", "new_due"):
            assert VALUES[name] in got, name
        assert "xin lỗi" in got
        for name in ("addressee", "procedure_name", "receipt", "state", "reason", "new_due"):
            desk.refused(template, VALUES | {name: " "}, 1, f"dossier {VALUES['dossier']}: {name} (", "is not given")


def test_invented_values_will_do_for_a_first_look():
    with Desk() as desk:
        for template in TEMPLATES:
            done = desk.call(template)
            assert done.returncode == 0 and done.stdout == f"{desk.pdf}: 1 letter(s), 1 page(s)\n", done
            assert "note of the template: " in done.stderr  # each of them is still to be compared with its legal text
            assert "Nguyễn Văn A" in text_of(desk.pdf)
            check_places(desk.pdf)
        done = desk.call(TEMPLATES[0], None, "--lang", "vi")
        assert done.stdout == f"{desk.pdf}: 1 thư, 1 trang\n" and "ghi chú của mẫu: " in done.stderr


# The PDF.

def test_fonts_are_embedded_and_none_but_those_named():
    with Desk() as desk:
        for template in TEMPLATES:
            # Liberation Serif has no arrows; the second font named has.
            pdf = desk.make(template, VALUES | {"reason": "chuyển A ⇒ B"})
            rows = [line.split() for line in tool("pdffonts", pdf).splitlines()[2:]]
            names = {row[0].split("+")[1] for row in rows}
            assert names == {"LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif-BoldItalic",
                             "DejaVuSerif"}, names
            assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows), rows
            assert "⇒" in text_of(pdf)


def test_properties_outline_and_structure():
    letters = [VALUES | {"number": f"{i}/TXL", "dossier": f"D-{i}", "addressee": f"Người Thứ {i}"} for i in range(1, 4)]
    with Desk() as desk:
        pdf = desk.make(TEMPLATES[0], letters)
        info = dict(re.findall(r"^(\w+(?: \w+)?): +(.*)$", tool("pdfinfo", "-isodates", pdf), re.M))
        assert info["Pages"] == "3" and info["Tagged"] == "yes" and info["Title"] == "Thư xin lỗi", info
        assert info["CreationDate"] in ("2025-08-05T07:30:00Z", "2025-08-05T14:30:00+07"), info
        assert re.fullmatch(r"595\.\d+ x 841\.\d+ pts \(A4\)", info["Page size"]), info
        outline = re.findall(r'<item page="(\d+)">(.*?)</item>', tool("pdftohtml", "-xml", "-i", "-stdout", pdf))
        assert outline == [(str(i), f"{i}/TXL – D-{i} – Người Thứ {i}") for i in range(1, 4)], outline
        structure = tool("pdfinfo", "-struct", pdf)
        assert structure.startswith("Document\n") and structure.count("\n  Sect\n") == 3 and structure.count("H1") == 3, structure


def test_register_lists_every_letter():
    letters = [VALUES | {"number": f"{i}/TXL", "dossier": f"H29.12-250715-{i:04}", "addressee": f"Người Nhận {i}"} for i in range(1, 61)]
    letters[6]["addressee"] = "Công ty trách nhiệm hữu hạn " + "một thành viên " * 12
    with Desk() as desk:
        assert len(pages_of(desk.make(TEMPLATES[0], letters))) == 60
        pdf = desk.make(TEMPLATES[0], letters, "--register")
        pages = pages_of(pdf)[60:]
        assert len(pages) > 2
        texts = [plain(" ".join(word[4] for word in words)) for _, _, words in pages]
        for number, (page, text) in enumerate(zip(pages, texts)):
            assert page[0] > page[1]  # lying
            assert f"Trang {number + 1}/{len(pages)}" in text and text.count("Ký nhận") == 1 and "Mã hồ sơ" in text, text
        assert "SỔ THEO DÕI PHIẾU XIN LỖI" in texts[0] and "gồm 60 văn bản" in texts[0]
        assert "Lập lúc 14 giờ 30 phút, ngày 05 tháng 8 năm 2025" in texts[0]
        words = [word[4] for _, _, page in pages for word in page]
        for letter in letters:
            assert words.count(letter["number"]) == 1 and words.count(letter["dossier"]) == 1, letter["dossier"]
        check_places(pdf)


def test_the_register_tells_units_with_equal_numbers_apart():
    letters = [VALUES | {"number": "01/TXL-UBND", "dossier": f"D-{unit}", "unit": f"Ủy ban nhân dân phường {unit}"} for unit in ("Một", "Hai")]
    with Desk() as desk:
        pdf = desk.make(TEMPLATES[0], letters, "--register")
        register = tool("pdftotext", "-raw", "-f", "3", pdf, "-")
        assert "Đơn vị" in register and register.count("01/TXL-UBND") == 2, register
        rows = plain(register)
        assert rows.index("phường Một") < rows.index("D-Một") < rows.index("phường Hai") < rows.index("D-Hai"), rows


def test_a_dossier_that_has_ended_may_have_a_title_of_its_own():
    for name, title, ended in (("tt03-2025-mau-04", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "VĂN BẢN XIN LỖI KÍNH GỬI"),
                               ("tt01-2018-phieu-xin-loi", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "PHIẾU XIN LỖI KÍNH GỬI"),
                               ("hcmc-2016-thu-xin-loi", "THƯ XIN LỖI VỀ VIỆC CHẬM TRẢ", "THƯ XIN LỖI VỀ VIỆC CHẬM TRẢ")):
        template = ROOT / "deploy" / "letters" / f"{name}.template"
        with Desk() as desk:
            assert title in plain(text_of(desk.make(template, VALUES))).upper(), name
            text = plain(text_of(desk.make(template, VALUES | {"ended": True, "extension_number": None}))).upper()
            assert ended in text, (name, text)
            assert ended == title or title not in text, (name, text)


def test_recipients_are_listed_as_official_letters_list_them():
    with Desk() as desk:
        for lines in ("Như trên\nBộ phận Một cửa\nLưu: VT", "- Như trên;\n-  Bộ phận Một cửa.\nLưu: VT.", " Như trên ;\n\n- Bộ phận Một cửa\n- Lưu: VT;"):
            text = text_of(desk.make(TEMPLATES[0], VALUES | {"recipients": lines}))
            assert "Nơi nhận:\n- Như trên;\n- Bộ phận Một cửa;\n- Lưu: VT.\n" in text, (lines, text)
        assert "Nơi nhận:\n- Lưu: VT.\n" in text_of(desk.make(TEMPLATES[0], VALUES | {"recipients": "Lưu: VT"}))


def test_a_number_stays_with_its_name():
    """However the line before it is filled."""
    with Desk() as desk:
        for fill in range(40):
            text = text_of(desk.make(TEMPLATES[-1], VALUES | {"unit_in_charge": "x" * fill + " Ủy ban nhân dân thành phố phường Ví Dụ 12"}))
            assert "\n12." not in text and "Dụ 12." in text, (fill, text)


# Where it is printed.

def test_signature_stays_with_the_last_lines():
    """Texts of growing length move the page's end through text and signature."""
    for template in TEMPLATES:
        last = [lines for word, _, lines in blocks(template) if word == "text"][-1]
        closing = plain(" ".join(last)).split()[-2:]
        letters = [VALUES | {"reason": "dài " * count} for count in range(20, 370, 7)]
        with Desk() as desk:
            pdf = desk.make(template, letters)
            signatures = 0
            for _, _, words in pages_of(pdf):
                texts = [word[4] for word in words]
                if "Nghĩa" in texts:
                    signatures += 1
                    assert closing[-1] in texts and closing[-2] in texts, texts
                    assert texts.count("Nghĩa") == 1
            assert signatures == len(letters)
            assert len(pages_of(pdf)) > len(letters)  # some took two pages
            check_places(pdf)


def test_a_letter_looks_the_same_whatever_letters_stand_before_it():
    """Paragraphs that repeat are laid out once, and pages are set tight where that saves one: neither may be left behind."""
    letters = [VALUES, VALUES | {"unit": "Sở Thử Nghiệm", "recipients": ""}, VALUES | {"address": "", "unit_in_charge": ""}]
    for count in range(60, 370, 50):
        letters += [VALUES | {"reason": "dài " * count}, VALUES]
    for template in TEMPLATES:
        with Desk() as desk:
            seen = {}
            for letter in letters:
                seen[str(letter)] = seen.get(str(letter)) or pages_of(desk.make(template, letter))
            alone = [seen[str(letter)] for letter in letters]
            assert {len(pages) for pages in alone} == {1, 2}
            assert pages_of(desk.make(template, letters)) == [page for pages in alone for page in pages]


def longest(rows, count):
    return sorted(set(rows), key=lambda text: (-len(text), text))[:count]


def long_letters(units, procedures):
    code = "H29.12.33.000.17.22-" + "0123456789" * 9
    assert len(code) <= 128
    letters = []
    for i in range(max(len(units), len(procedures))):
        unit, procedure = units[i % len(units)], procedures[i % len(procedures)]
        letters.append(VALUES | {
            "parent_unit": f"Ủy ban nhân dân {units[-1 - i % len(units)]}", "unit": f"Trung tâm Phục vụ hành chính công {unit}",
            "procedure_name": procedure, "dossier": f"{code}{i:02}", "receipt": f"{i:02}{code}", "number": "9" * 40 + "/UBND-TTPVHCC",
            "addressee": "Công ty trách nhiệm hữu hạn một thành viên đầu tư xây dựng thương mại dịch vụ xuất nhập khẩu " * 2 + "An",
            "address": "tổ dân phố số 15, khu phố 4, " * 10 + unit, "email": "a" * 200 + "@example.com", "phone": "0" * 40,
            "state": "đang lấy ý kiến " * 20, "reason": "phải xác minh, " * 60 + "x" * 200, "unit_in_charge": f"Phòng chuyên môn {unit}",
            "new_due_place": f"Quầy số 3, Trung tâm Phục vụ hành chính công {unit}", "place": unit,
            "signer_title": f"Phó Giám đốc phụ trách Trung tâm Phục vụ hành chính công {unit}",
            "signer": "Công Tằng Tôn Nữ Nguyễn Phước Thị Hoàng Ngọc Minh Châu Bảo Trân",
            "recipients": "- Như trên;\n" + f"- Ủy ban nhân dân {unit} (để báo cáo);\n" * 6 + "- Lưu: VT."})
    return letters


def check_long(desk, template, letters):
    pdf = desk.make(template, letters)
    check_places(pdf)
    # Blanks apart, every letter is there whole, also codes that no line can hold; nothing is added, no hyphen either.
    got = re.sub(r"\s+", "", text_of(pdf))
    wanted = "".join(re.sub(r"\s+", "", printed(template, letter)) for letter in letters)
    assert collections.Counter(got) == collections.Counter(wanted), template.name
    for letter in letters:
        assert letter["dossier"] in got, (template.name, letter["dossier"])


def test_long_names_of_our_own():
    units = ["phường " + "Phan Rang - Tháp Chàm " * 2, "xã Thạnh Phước"]
    procedures = ["Thủ tục " + "đăng ký biến động đất đai và tài sản gắn liền với đất " * 20, "Ngắn"]
    with Desk() as desk:
        for template in TEMPLATES:
            check_long(desk, template, long_letters(units, procedures))


def test_longest_names_of_the_country():
    units, procedures = SHARED / "vn_admin_units" / "vn_units.csv", SHARED / "vn_tthc_catalogue" / "tthc_catalogue.csv.gz"
    if not units.exists() or not procedures.exists():
        print(f"passed over: {SHARED} has no vn_admin_units and vn_tthc_catalogue")
        return
    with open(units, encoding="utf-8", newline="") as file:
        names = longest((row["full_name"] for row in csv.DictReader(file)), 20)
    with gzip.open(procedures, "rt", encoding="utf-8", newline="") as file:
        titles = longest((row["ten_thu_tuc"] for row in csv.DictReader(file)), 20)
    assert len(titles[0]) > 1000
    with Desk() as desk:
        for template in TEMPLATES:
            check_long(desk, template, long_letters(names, titles))


# What is refused.

def test_a_missing_font_is_one_clear_sentence():
    with Desk() as desk:
        empty = desk.dir / "fonts"
        empty.mkdir()
        config = desk.dir / "fonts.conf"
        config.write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{empty}</dir>'
                          f"<cachedir>{desk.dir}/cache</cachedir></fontconfig>")
        desk.refused(TEMPLATES[0], None, 1, 'the font "Liberation Serif" (upright) is not installed',
                     "install the Debian package fonts-liberation2", env={"FONTCONFIG_FILE": str(config)})
        # Italics alone are missed too: a slanted upright would be no font at all.
        for style in ("Regular", "Bold"):
            shutil.copy(f"/usr/share/fonts/truetype/liberation2/LiberationSerif-{style}.ttf", empty)
        desk.refused(TEMPLATES[0], None, 1, 'the font "Liberation Serif" (italic) is not installed', env={"FONTCONFIG_FILE": str(config)})
        shutil.copy("/usr/share/fonts/truetype/liberation2/LiberationSerif-Italic.ttf", empty)
        desk.refused(TEMPLATES[0], None, 1, 'the font "DejaVu Serif" (upright) is not installed',
                     "install the Debian package fonts-dejavu-core", env={"FONTCONFIG_FILE": str(config)})


def test_mistakes_in_a_template_are_named_with_their_place():
    template = TEMPLATES[0]
    with Desk() as desk:
        path, line = desk.edited(template, "Lý do trễ hạn: {reason}.", "Lý do trễ hạn: {ly_do}.")
        desk.refused(path, None, 2, f"{path}:{line}: no field is called {{ly_do}}; there are: ", " reason ")
        path, line = desk.edited(template, "effective_from = 2016-09-30", "effective_from = 30-09-2016")
        desk.refused(path, None, 2, f"{path}:{line}: effective_from: ")
        path, line = desk.edited(template, "@title Thư", "@tile Thư")
        desk.refused(path, None, 2, f'{path}:{line}: no block is called "@tile"; there are: @parent')
        path, _ = desk.edited(template, "Lý do trễ hạn: {reason}.", "Không nêu lý do.")
        desk.refused(path, None, 2, f"{path}:", "mandatory: the body lacks {reason} (Lý do trễ hạn)")
        desk.refused(desk.dir / "none.template", None, 2, "none.template: No such file or directory")


def test_a_pdf_that_cannot_be_written_is_told():
    with Desk() as desk:
        desk.pdf.mkdir()
        done = subprocess.run([BIN / "kipthoi", "letters", "preview", TEMPLATES[0], "--out", desk.pdf], capture_output=True, text=True,
                              timeout=60, check=False, env=os.environ | ENVIRONMENT | {"KIPTHOI_CONF": str(desk.dir / "kipthoi.conf")})
        assert (done.returncode, done.stdout, done.stderr) == (3, "", f"kipthoi: {desk.pdf}: Is a directory\n"), done
        desk.pdf.rmdir()
        desk.make(TEMPLATES[0], VALUES)
        before = desk.pdf.read_bytes()
        assert desk.pdf.stat().st_mode & 0o777 == 0o600 and list(desk.dir.glob("out.pdf?*")) == []
        desk.pdf.rename(desk.dir / "kept.pdf")
        done = subprocess.run([BIN / "kipthoi", "letters", "preview", ROOT / "README.md", "--out", desk.dir / "kept.pdf"],
                              capture_output=True, text=True, timeout=60, check=False,
                              env=os.environ | ENVIRONMENT | {"KIPTHOI_CONF": str(desk.dir / "kipthoi.conf")})
        assert done.returncode == 2 and (desk.dir / "kept.pdf").read_bytes() == before, done


def test_a_desk_without_a_configuration_can_try_a_template():
    """No file is named and none lies where it is looked for; --set holds all the same."""
    with Desk() as desk:
        env = {name: value for name, value in (os.environ | ENVIRONMENT).items() if name != "KIPTHOI_CONF"}
        command = [BIN / "kipthoi", "letters", "preview", TEMPLATES[0], "--out", desk.pdf, "--set", "deployment.clock=2025-08-05T14:30:00+07:00"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env, cwd=desk.dir)
        assert done.returncode == 0, done
        bare = desk.pdf.read_bytes()
        assert desk.make(TEMPLATES[0]).read_bytes() == bare
        done = subprocess.run([*command[:2], "list"], capture_output=True, text=True, timeout=60, check=False, env=env, cwd=desk.dir)
        assert done.returncode == 2 and "no configuration" in done.stderr, done


def test_mistakes_in_values_are_named():
    template = TEMPLATES[0]
    with Desk() as desk:
        desk.refused(template, VALUES | {"adressee": "x"}, 2, 'values.json: no field is called "adressee"; there are: ', " addressee ")
        desk.refused(template, VALUES | {"reason": 5}, 2, 'values.json: "reason" must be a text or null')
        desk.refused(template, {"letters": {}}, 2, 'values.json: "letters" must be an array of objects')
        desk.refused(template, {"letters": [5]}, 2, 'values.json: "letters" must be an array of objects')
        desk.refused(template, [], 1, "the book holds no letters")
        desk.refused(template, VALUES | {"place": "x" * 81}, 1, "dossier H29.12-250715-0042: place (Địa danh) has 81 characters")
        desk.refused(template, VALUES | {"reason": "漢"}, 1, "no font of the template has the character 漢 (U+6F22)")
        # The second of two: the first one leaves no half PDF.
        desk.refused(template, [VALUES, VALUES | {"dossier": "D-2", "signer": None}], 1, "dossier D-2: signer (Họ tên người ký) is not given")


if __name__ == "__main__":
    for needed in ("pdftotext", "pdffonts", "pdfinfo", "pdftohtml"):
        if shutil.which(needed) is None:
            skip(f"{needed} is not installed")
    run_tests(globals())
