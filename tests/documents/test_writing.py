from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import docx
import openpyxl
import pytest
from PIL import Image

from bihuan.documents import errors, excel, pages, read_document, word
from tests.documents import making


def opened(sheets: list[excel.Sheet]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(excel.workbook_bytes(sheets)))


def test_a_sheet_comes_back_as_it_was_written():
    sheet = excel.Sheet(
        "台账",
        ["序号", "问题", "时限", "金额"],
        [[1, "不到位", dt.date(2026, 9, 30), Decimal("12.5")]],
        title="问题台账",
    )
    rows = read_document(excel.workbook_bytes([sheet]), name="a.xlsx").blocks
    assert [row.cells for row in rows[1:]] == [
        ("序号", "问题", "时限", "金额"),
        ("1", "不到位", "2026-09-30", "12.5"),
    ]


def test_text_that_looks_like_a_formula_stays_text():
    cell = opened([excel.Sheet("a", ["x"], [["=HYPERLINK(1)"]])]).active["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_marked_cells_are_red():
    book = opened([excel.Sheet("a", ["x"], [[excel.Marked("8月32日")]])])
    assert book.active["A2"].fill.fgColor.rgb == "FFFBD5D5"


def test_a_marked_number_is_still_a_number():
    cell = opened([excel.Sheet("a", ["x"], [[excel.Marked(3)]])]).active["A2"]
    assert (cell.value, cell.data_type, cell.fill.fgColor.rgb) == (3, "n", "FFFBD5D5")


def test_a_table_of_marks_stands_in_the_middle_from_a_column_on():
    row = [["甲", "空白", 3, excel.Marked("空白")]]
    page = opened([excel.Sheet("a", ["w", "x", "y", "z"], row, centred_from=1)]).active
    assert [page.cell(2, column).alignment.horizontal for column in range(1, 5)] == [None, *["center"] * 3]


def test_the_header_stays_in_sight_and_repeats_in_print():
    page = opened([excel.Sheet("a", ["x", "y"], [["1", "2"]], title="表")]).active
    assert (page.freeze_panes, page.print_title_rows) == ("A3", "$2:$2")


def test_long_numbers_keep_every_digit():
    cell = opened([excel.Sheet("a", ["x"], [[123456789012345678]])]).active["A2"]
    assert cell.value == "123456789012345678"


def test_names_of_sheets_are_made_possible_and_different():
    names = opened(
        [excel.Sheet("甲/乙?", ["x"], []), excel.Sheet("甲 乙", ["x"], []), excel.Sheet("长" * 40, ["x"], [])]
    ).sheetnames
    assert names == ["甲 乙", "甲 乙(2)", "长" * 31]


def test_the_number_of_rows_is_given_back(tmp_path):
    rows = ([number] for number in range(1000))
    assert excel.write_workbook(tmp_path / "a.xlsx", [excel.Sheet("a", ["x"], rows)]) == 1000


def test_a_word_document_comes_back_as_it_was_written():
    content = word.word_bytes(
        "关于交办问题的通知",
        [
            word.Heading("一、事项"),
            word.Text("请按期整改。"),
            word.Table(["序号", "问题"], [["1", "不到位"]]),
        ],
        subtitle="（代拟稿）",
    )
    found = [block.text for block in read_document(content, name="a.docx").blocks]
    assert found[:6] == [
        "关于交办问题的通知",
        "（代拟稿）",
        "一、事项",
        "请按期整改。",
        "序号\t问题",
        "1\t不到位",
    ]


def test_the_layout_is_that_of_official_papers():
    section = docx.Document(io.BytesIO(word.word_bytes("题", []))).sections[0]
    assert [
        round(size.mm)
        for size in (section.page_width, section.page_height, section.top_margin, section.left_margin)
    ] == [210, 297, 37, 28]


def test_a_landscape_document_lies_on_its_side():
    section = docx.Document(io.BytesIO(word.word_bytes("题", [], landscape=True))).sections[0]
    assert section.page_width > section.page_height


def test_a_template_is_filled_and_markup_in_values_stays_text():
    content = word.filled_template(making.word("编号：{{ number }}"), {"number": "ZG<1>&2"})
    assert read_document(content, name="a.docx").text == "编号：ZG<1>&2"


def test_a_pdf_page_becomes_a_picture_of_the_asked_width():
    content = making.pdf([["第一页"], ["第二页"]])
    picture = Image.open(io.BytesIO(pages.page_image(content, 2, width=500)))
    assert (picture.format, abs(picture.width - 500) <= 1) == ("PNG", True)


def test_a_page_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(errors.DocumentError) as caught:
        pages.page_image(making.pdf([["x"]]), 2, name="a.pdf")
    assert caught.value.accepted == ("1-1",)


def test_pages_are_counted():
    assert pages.page_count(making.pdf([["x"]] * 4)) == 4


def test_a_sheet_is_printed_on_paper_on_which_it_can_be_read():
    for widths, paper in (((20, 30), 9), ((60,) * 5, 8)):
        page = opened([excel.Sheet("a", ["x"] * len(widths), [], widths=widths)]).active
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (paper, "landscape")
        assert page.page_setup.fitToHeight == 0


def test_a_day_that_wants_attention_is_still_a_day():
    page = opened([excel.Sheet("a", ["x"], [[excel.Marked(dt.date(2026, 3, 5))]])]).active
    assert page["A2"].is_date
    assert page["A2"].value.date() == dt.date(2026, 3, 5)


def test_a_row_is_as_high_as_its_longest_text():
    rows = [["短", 1], ["长" * 45, 1], ["甲\n乙\n丙", 1], [excel.Marked("长" * 45), 1], ["长" * 30000, 1]]
    page = opened([excel.Sheet("a", ["x", "y"], rows, widths=(31, 8))]).active
    assert [round(page.row_dimensions[line].height) for line in range(2, 7)] == [21, 49, 49, 49, 409]
