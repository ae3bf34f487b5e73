"""Official drafts and forms as Word files: opened again with python-docx, and drawn by LibreOffice where it is installed."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from bihuan.documents.converting import as_pdf, converter
from bihuan.documents.form_layout import SIGNED_AT, Field, FormSheet, Note, Row, form_bytes, qr_picture
from bihuan.documents.limits import Limits
from bihuan.documents.official_layout import Annex, OfficialDraft, official_bytes
from bihuan.documents.word_parts import Table

needs_office = pytest.mark.skipif(converter() is None, reason="LibreOffice is not installed")
LIST = Table(["序号", "编号", "问题", "牵头", "配合", "期限"], [[str(n), *"甲乙丙丁戊"] for n in range(60)])
HOSTILE = "<w:p>&\x00\x0b\ud800]]></w:t>"


def drafted(**more) -> bytes:
    facts = {
        "title": "关于整改城区供水管网漏损率偏高问题的通知",
        "body": ["国" * 28 * 60, "一、整改要求", "（一）压实责任。按期完成。"],
        "addressed_to": ["市水务局"],
        "signed_by": "市整改办",
        "dated": dt.date(2026, 3, 5),
    }
    return official_bytes(OfficialDraft(**(facts | more)))


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def pages(content: bytes) -> list[list[str]]:
    """The lines of each page as they are drawn."""
    document = pypdfium2.PdfDocument(as_pdf(content, "draft.docx", Limits(seconds=60)))
    try:
        return [page.get_textpage().get_text_bounded().splitlines() for page in document]
    finally:
        document.close()


def test_the_page_is_that_of_the_standard():
    section = opened(drafted()).sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / Mm(1)) == 225


def test_page_numbers_stand_outside():
    document = opened(drafted())
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = document.sections[0].footer.paragraphs[0], document.sections[0].even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (
        docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT,
        docx.enum.text.WD_ALIGN_PARAGRAPH.LEFT,
    )
    assert odd.text == even.text == "— 1 —"


def test_each_level_has_its_typeface():
    fonts = {}
    for paragraph in opened(drafted()).paragraphs:
        for run in paragraph.runs:
            fonts[run.text[:4]] = run._element.rPr.rFonts.get(qn("w:eastAsia"))
    assert fonts["一、整改"] == "黑体"
    assert fonts["（一）压"] == "楷体_GB2312"
    assert fonts["按期完成"] == "仿宋_GB2312"
    assert fonts["关于整改"] == "方正小标宋简体"


def test_a_head_that_goes_on_in_its_line_is_no_head_alone():
    """Five of them in a row once went over to the next page together, and left the first one white."""
    time, place, alone = opened(
        drafted(body=["一、时间：明天。", "二、地点。在局里。", "三、事由"])
    ).paragraphs[5:8]
    assert [one.paragraph_format.keep_with_next for one in (time, place, alone)] == [False, False, True]
    fonts = [[run._element.rPr.rFonts.get(qn("w:eastAsia")) for run in one.runs] for one in (time, alone)]
    assert fonts == [["黑体", "仿宋_GB2312"], ["黑体"]]
    assert [run.text for run in place.runs] == ["二、地点。", "在局里。"]


def test_the_place_to_sign_a_record_stands_on_no_page_alone():
    record = opened(drafted(body=["三、承诺", "按期完成。", "约谈人签字："], signed_by="", has_date=False))
    assert [one.paragraph_format.keep_with_next for one in record.paragraphs[-2:]] == [True, None]


def test_a_row_stays_whole_unless_it_is_long():
    rows = [["1", "短"], ["2", "长" * 2000]]
    table = opened(drafted(annexes=[Annex("表", Table(["号", "问题"], rows))])).tables[0]
    whole = [
        row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows
    ]
    assert whole == [True, True, False]


def test_nothing_is_invented_where_the_document_office_decides():
    text = "\n".join(one.text for one in opened(drafted(dated=None)).paragraphs)
    assert "2026" not in text
    assert "号" not in text
    assert not opened(drafted()).inline_shapes, "no seal, no head"


def test_the_same_draft_gives_the_same_bytes_and_names_no_author():
    assert drafted() == drafted()
    assert opened(drafted()).core_properties.author == ""


def test_hostile_text_is_text():
    document = opened(drafted(title=HOSTILE, body=[HOSTILE], addressed_to=[HOSTILE], signed_by=HOSTILE))
    assert sum("<w:p>&]]></w:t>" in one.text for one in document.paragraphs) >= 4


def test_a_wide_list_lies_on_its_side_under_a_head_that_repeats():
    document = opened(drafted(annexes=[Annex("问题清单", LIST)]))
    assert round(document.sections[1].page_width.mm) == 297
    head = document.tables[0].rows[0]._tr
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert any(one.text == "附件：问题清单" for one in document.paragraphs)


@needs_office
def test_twenty_two_lines_of_twenty_eight_characters():
    drawn = pages(drafted(annexes=[Annex("问题清单", LIST)], copies_to=["市审计局"]))
    full = [line for line in drawn[1] if set(line) == {"国"}]
    assert len(full) == 22
    assert {len(line) for line in full} == {28}
    heads = [page for page in drawn if any("牵头" in line for line in page)]
    assert len(heads) > 1, "the head of the list stands on each of its pages"
    assert any("抄送" in line for line in drawn[-1])


@needs_office
def test_no_page_bears_a_signature_alone():
    last = pages(drafted(body=["国" * 26] * 16))[-1]
    assert any("市整改办" in line for line in last)
    assert any("国" in line for line in last)


def form(**more) -> FormSheet:
    facts = {
        "title": "整改督办单",
        "pieces": [
            Row([Field("编号", "BD-2026-0001"), Field("期限", "2026年3月5日")]),
            Row([Field("问题", HOSTILE)]),
            Row([Field("意见", "", to_sign=True)]),
            LIST,
            Note("请核对。"),
        ],
        "address": "https://zg.example.gov.cn/ledger/1/",
        "band": "红色督办",
        "shade": "red",
    }
    return FormSheet(**(facts | more))


def test_a_form_holds_its_fields_its_code_and_the_place_to_sign():
    document = opened(form_bytes(form()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"编号", "BD-2026-0001", "红色督办", SIGNED_AT} <= set(cells)
    assert any("<w:p>&" in cell and "]]></w:t>" in cell for cell in cells)
    assert len(document.inline_shapes) == 1
    assert len(opened(form_bytes(form(address=""))).inline_shapes) == 0
    assert form_bytes(form()) == form_bytes(form())


def test_the_code_is_that_of_the_address():
    import segno
    from PIL import Image

    drawn = Image.open(io.BytesIO(qr_picture("https://zg.example.gov.cn/ledger/1/"))).convert("1")
    wanted = segno.make("https://zg.example.gov.cn/ledger/1/", error="q", micro=False)
    size = len(wanted.matrix)
    assert drawn.size == ((size + 4) * 8, (size + 4) * 8)
    for row, line in enumerate(wanted.matrix):
        for column, dark in enumerate(line):
            assert (drawn.getpixel(((column + 2) * 8 + 4, (row + 2) * 8 + 4)) == 0) is bool(dark)


def test_a_long_label_breaks_between_words():
    row = Row([Field("牵头单位意见", "", to_sign=True)])
    label = opened(form_bytes(form(pieces=[row], address="", band=""))).tables[0].rows[0].cells[0]
    assert [one.text for one in label.paragraphs] == ["牵头单位", "意见"]


def test_a_form_counts_its_pages():
    assert opened(form_bytes(form())).sections[0].footer.paragraphs[0].text == "第 1 页　共 1 页"


@pytest.mark.parametrize("count", range(1, 7))
def test_fields_side_by_side_fill_the_line(count):
    row = Row([Field(f"甲{n}", f"乙{n}") for n in range(count)])
    table = opened(form_bytes(form(pieces=[row], address="", band=""))).tables[0]
    spans = [int(cell.grid_span) for cell in table.rows[0]._tr.tc_lst]
    assert sum(spans) == 12
    assert len(spans) == 2 * count
