"""What tells whether an office program opens a file finds what is broken, and finds nothing in what is whole."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter

from bihuan.documents import blank_word
from bihuan.documents.binding import Pictures, Record, Volume, Words, volume_bytes
from bihuan.documents.excel import Marked, Sheet, workbook_bytes
from bihuan.documents.form_layout import form_bytes
from bihuan.documents.official_layout import Annex
from bihuan.documents.word import Heading, NewPage, Text, word_bytes
from bihuan.documents.word_parts import Table
from tests.documents.opening import faults_in, text_widths
from tests.documents.test_official_layout import LIST, drafted, form

DOCUMENT, SHEET, BOOK = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def changed(content: bytes, part: str, old: str, new: str | None) -> bytes:
    """The file with one of its parts altered, or without it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == part and new is None:
                continue
            if name == part:
                assert old in data.decode(), f"{part} holds no {old}"
                data = data.decode().replace(old, new or "", 1).encode()
            made.writestr(name, data)
    return target.getvalue()


def picture() -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(target, "PNG")
    return target.getvalue()


@pytest.fixture(scope="module")
def letter() -> bytes:
    document = blank_word.blank_document("题")
    paragraph = document.add_paragraph()
    paragraph.alignment = docx.enum.text.WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.left_indent = docx.shared.Twips(300)
    run = paragraph.add_run("plain")
    run.bold = run.italic = True
    table = document.add_table(1, 2)
    table.style = "Table Grid"
    table.cell(0, 0).text = "x"
    for _ in range(2):
        document.add_picture(io.BytesIO(picture()))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


BROKEN_WORD = {
    "properties of a paragraph in the wrong order": (
        DOCUMENT, '<w:ind w:left="300"/><w:jc w:val="center"/>', '<w:jc w:val="center"/><w:ind w:left="300"/>', "ind",
    ),
    "properties of a run in the wrong order": (DOCUMENT, "<w:b/><w:i/>", "<w:i/><w:b/>", "'b'"),
    "a value the standard has not": (DOCUMENT, '"center"', '"middle"', "middle"),
    "an element of nobody's": (DOCUMENT, "<w:b/>", "<w:bolder/>", "bolder"),
    "a picture that is not there": (DOCUMENT, 'r:embed="', 'r:embed="x', "relationship"),
    "a part that is not there": ("word/media/image1.png", "", None, "image1.png"),
    "a part of no type": ("[Content_Types].xml", 'Extension="png"', 'Extension="gnp"', "no type"),
    "a table without a grid": (DOCUMENT, '<w:gridCol w:w="4320"/><w:gridCol w:w="4320"/>', "", "0"),
    "a row wider than its table": (DOCUMENT, "<w:tcPr>", '<w:tcPr><w:gridSpan w:val="3"/>', "columns of 2"),
    "a cell without a paragraph": (DOCUMENT, "<w:p><w:r><w:t>x</w:t></w:r></w:p>", "", "tc"),
    "a style nobody defined": (DOCUMENT, '"TableGrid"', '"TableNowhere"', "TableNowhere"),
    "an id used twice": (DOCUMENT, '<wp:docPr id="2"', '<wp:docPr id="1"', "drawing 1 twice"),
    "Chinese in no Chinese typeface": (DOCUMENT, "<w:t>plain", "<w:t>中文", "中文"),
    "no end": (DOCUMENT, "</w:body>", "", "parse"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_WORD)
def test_what_word_would_not_open_is_found(letter, name):
    part, old, new, said = BROKEN_WORD[name]
    assert faults_in(letter) == []
    try:
        found = faults_in(changed(letter, part, old, new))
    except SyntaxError as error:
        found = [f"cannot parse: {error}"]
    assert any(said in one for one in found), found


@pytest.fixture(scope="module")
def table() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        look = book.add_format({"bold": True})
        page = book.add_worksheet("甲")
        page.merge_range(0, 0, 0, 3, "题", look)
        page.merge_range(1, 0, 1, 1, "x")
        page.write_string(2, 0, "y", look)
        page.write_comment(2, 0, "z")
        page.data_validation(3, 0, 3, 0, {"validate": "list", "source": ["是", "否"]})
        book.add_worksheet("乙")
    return target.getvalue()


BROKEN_EXCEL = {
    "merged areas over each other": (SHEET, 'ref="A2:B2"', 'ref="A1:B2"', "overlap"),
    "a name of 32 characters": (BOOK, 'name="甲"', f'name="{"甲" * 32}"', "sheet"),
    "a name with a stroke": (BOOK, 'name="甲"', 'name="甲/乙"', "sheet"),
    "a name used twice": (BOOK, 'name="乙"', 'name="甲"', "甲"),
    "a text that is not there": (SHEET, "<v>0</v>", "<v>99</v>", "99"),
    "a look that is not there": (SHEET, 's="1"', 's="99"', "look"),
    "a list too long": (SHEET, '"是,否"', f'"{"是" * 256}"', "256"),
    "a hint too long": (SHEET, "<dataValidation ", f'<dataValidation prompt="{"x" * 256}" ', "prompt"),
    "rows out of order": (SHEET, '<row r="2"', '<row r="9"', "order"),
    "a cell nowhere": (SHEET, 'r="A1"', 'r="1A"', "place"),
    "a formula": (SHEET, "<v>0</v>", "<f>1+1</f><v>0</v>", "formula"),
    "a remark that is not there": (SHEET, 'legacyDrawing r:id="rId1"', 'legacyDrawing r:id="rId7"', "rId7"),
    "a sheet that is not there": ("xl/worksheets/sheet2.xml", "", None, "sheet2"),
}


@pytest.mark.parametrize("name", BROKEN_EXCEL)
def test_what_excel_would_not_open_is_found(table, name):
    part, old, new, said = BROKEN_EXCEL[name]
    assert faults_in(table) == []
    found = faults_in(changed(table, part, old, new))
    assert any(said in one for one in found), found


def volume() -> bytes:
    pieces = [
        Words("小标题", heading=True),
        Words("一\n二"),
        Table(["甲", "乙"], [["1", "2"]]),
        Pictures([(picture(), "图")] * 3),
    ]
    return volume_bytes(
        Volume(
            title="卷宗",
            subtitle="ZG-2026-0001",
            cover=[("编号", "ZG-2026-0001")],
            contents_title="目录",
            contents=Table(["号", "题名"], [["1", "交办"]]),
            contents_note="说明",
            records=[Record(number="1", title="交办", note="某人", pieces=pieces)] * 2,
            closing_title="备考表",
            closing=[Words("完")],
            header="卷宗",
            mark="公开",
            footer="装订",
            page_words=("第", "页，共", "页"),
        )
    )


def paper() -> bytes:
    rows = Table(["甲", "乙"], [["1", "2"]], widths=(1, 3))
    return word_bytes(
        "证明", [Heading("一、"), Heading("（一）", 2), Text("“甲”——乙"), NewPage(), rows], subtitle="第 1 号"
    )


WRITTEN = {
    "an official document": lambda: drafted(annexes=[Annex("问题清单", LIST), Annex("说明", paragraphs=["一、甲"])], copies_to=["市审计局"]),
    "one whose last page lies on its side": lambda: drafted(annexes=[Annex("说明"), Annex("问题清单", LIST)]),
    "a form": lambda: form_bytes(form()),
    "a form on its side": lambda: form_bytes(form(landscape=True)),
    "a volume": volume,
    "a paper": paper,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_word_opens_what_is_written_here(name):
    made = WRITTEN[name]()
    assert faults_in(made) == []
    assert text_widths(made)[:1] or name == "one whose last page lies on its side"
    assert [(width, room) for width, room in text_widths(made) if width > room + 20] == []


def test_excel_opens_what_is_written_here():
    rows = [["=1+1", 3, Marked(4), None], ["+86", 10**20, Marked("@x"), "-1"]]
    sheets = [
        Sheet("甲/乙", ["a", "b", "c", "d"], rows, title="题"),
        Sheet("甲" * 40, ["a"], []),
        Sheet("x", [], []),
    ]
    assert faults_in(workbook_bytes(sheets)) == []


def test_a_document_begins_without_other_peoples_things():
    made = paper()
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert not [one for one in names if "Effects" in one or "thumbnail" in one or "customXml" in one]
    document = docx.Document(io.BytesIO(made))
    assert len(document.styles) < 12
    properties = document.core_properties
    assert (properties.title, properties.author, properties.comments) == ("证明", "", "")
    assert properties.created is None


def test_a_typeface_that_is_not_there_has_one_in_its_stead():
    fonts = zipfile.ZipFile(io.BytesIO(paper())).read("word/fontTable.xml").decode()
    for name, instead in blank_word.INSTEAD.items():
        assert f'<w:font w:name="{name}"><w:altName w:val="{instead}"/>' in fonts


TESTS = Path(__file__).parents[1]
ROOMS = TESTS.parent / "bihuan"
WRITES = re.compile(
    r"xlsxwriter\.Workbook\(|\b(?:official|form|word|volume|workbook|return_sheet|entry_sheet)_bytes\(|write_workbook\("
    r"|fill_sheet\b|fill_table\b|filled_template\("
)
ASKED_IN = {
    "desk/case_file_word.py": "desk/binding.py",
    "desk/duties/export.py": "desk/test_duties.py",
    "desk/export.py": "desk/test_pages.py",
    "desk/focus_export.py": "desk/test_focus.py",
    # Plain tables by `excel.Sheet`, as they are asked about here.
    "drives/answering.py": "documents/test_opening.py",
    "drives/matrix.py": "documents/test_opening.py",
    "reviews/views/requests.py": "documents/test_opening.py",
    "intake/imports/marked.py": "intake/test_importing.py",
    "intake/imports/template_sheet.py": "intake/test_ledger_pages.py",
    "intake/reporting/form_filling.py": "documents/test_forms.py",
    "intake/sealing/certificate_words.py": "intake/test_certificate.py",
    "ledger/views/findings.py": "ledger/test_findings.py",
    "organizations/importing.py": "organizations/test_importing.py",
    "papers/composing.py": "papers/test_opening.py",
    "papers/order_form.py": "papers/test_opening.py",
    "reviews/returned_sheet.py": "reviews/test_pages.py",
    "reviews/workbooks.py": "reviews/test_pages.py",
    "sittings/sheets.py": "sittings/test_pages.py",
}


def test_whoever_writes_for_an_office_is_asked_whether_it_opens():
    """A room that begins to write Word or Excel is named here with the test that asks."""
    formats = {"documents", "demo"}
    writers = {
        str(path.relative_to(ROOMS))
        for path in ROOMS.rglob("*.py")
        if path.relative_to(ROOMS).parts[0] not in formats and WRITES.search(path.read_text())
    }
    assert writers == set(ASKED_IN)
    for test in set(ASKED_IN.values()):
        assert re.search(r"\b(?:sound|faults_in)\(", (TESTS / test).read_text()), test
