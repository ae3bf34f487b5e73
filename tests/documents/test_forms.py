"""Forms a superior drew: filled in row by row, with everything else as it was."""

from __future__ import annotations

import datetime as dt
import string
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation

from bihuan.documents.form_rows import Moved
from bihuan.documents.form_sheets import FormBook, fill_sheet
from bihuan.documents.form_tables import fill_table, word_grids
from bihuan.documents.forms import FormGrid, FormLayout
from tests.documents.opening import faults_in

THIN = Side(style="thin")
THICK = Side(style="thick")
HEAD, FIRST, LAST = (3, 4), 5, 7


def blank_form() -> bytes:
    """Title, unit line, a header of two rows, three sample rows, a sum, two lines to sign."""
    book = Workbook()
    page = book.active
    page.title = "上报表"
    page.merge_cells("A1:F1")
    page["A1"] = "问题整改情况统计表"
    page["A1"].font = Font(name="方正小标宋简体", size=18)
    page["A2"] = "填报单位（盖章）："
    for area, words in (
        ("A3:A4", "序号"),
        ("B3:B4", "具体问题"),
        ("C3:D3", "责任落实"),
        ("E3:E4", "整改时限"),
        ("F3:F4", "涉及金额（万元）"),
    ):
        page.merge_cells(area)
        page[area.split(":")[0]] = words
    page["C4"], page["D4"] = "牵头单位", "是否销号"
    for line in range(3, 9):
        for cell in page[line][:6]:
            bottom = THICK if line == LAST else THIN
            cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=bottom)
            cell.font = Font(name="仿宋_GB2312", size=11)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for line in (5, 6, 7):
        page.cell(line, 5).number_format = 'yyyy"年"m"月"d"日"'
        page.row_dimensions[line].height = 42
    page["A5"], page["B5"] = 1, "（示例）某某问题"
    page["A8"], page["F8"] = "合计", "=SUM(F5:F7)"
    page["A9"] = "填表人：          审核人："
    page.merge_cells("A9:F9")
    page.column_dimensions["B"].width = 47.5
    page.print_area = "A1:F9"
    page.print_title_rows = "3:4"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 8
    rule = DataValidation(type="list", formula1='"是,否"')
    rule.add("D5:D7")
    page.add_data_validation(rule)
    book.create_sheet("填表说明")["A1"] = "另一张表原样不动"
    return written(book)


def written(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def layout_of(grid: FormGrid) -> FormLayout:
    return grid.layout(0, *HEAD)


def problem_rows(count: int) -> list[dict[int, Any]]:
    return [
        {0: n, 1: f"第{n}个问题", 2: "市水务局", 3: "否", 4: dt.date(2026, 9, n % 28 + 1), 5: n}
        for n in range(1, count + 1)
    ]


def like(before: bytes, after: bytes) -> bytes:
    """A superior's document may have its own faults, typefaces and sums among them; filling it in adds none."""
    known = set(faults_in(before))
    added = [one for one in faults_in(after) if one not in known]
    assert [one for one in added if not one.endswith(("typeface", "a formula"))] == []
    return after


def filled(count: int) -> Any:
    content = blank_form()
    return load_workbook(
        BytesIO(
            like(content, fill_sheet(content, layout_of(FormBook(content).grids()[0]), problem_rows(count)))
        )
    )


def test_the_sample_rows_are_found_above_what_sums_and_signs() -> None:
    grid = FormBook(blank_form()).grids()[0]
    assert layout_of(grid) == FormLayout(0, *HEAD, FIRST, LAST)
    assert grid.merged[3] == ("序号", "具体问题", "牵头单位", "是否销号", "整改时限", "涉及金额（万元）")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_rows_stand_where_the_samples_stood_and_all_else_is_as_it_was(count: int) -> None:
    page = filled(count)["上报表"]
    held = max(1, count)
    shift = held - 3
    texts = [page.cell(FIRST + at, 2).value for at in range(held)]
    assert texts == ([f"第{n}个问题" for n in range(1, count + 1)] or [None])
    assert page.cell(8 + shift, 1).value == "合计"
    assert page.cell(8 + shift, 6).value == f"=SUM(F5:F{4 + held})"
    merges = {str(area) for area in page.merged_cells.ranges}
    assert merges == {"A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", f"A{9 + shift}:F{9 + shift}"}
    assert page.print_area == f"'上报表'!$A$1:$F${9 + shift}"
    assert page.print_title_rows == "$3:$4"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 8)
    assert page.column_dimensions["B"].width == 47.5
    assert str(page.data_validations.dataValidation[0].sqref) == ("D5" if held == 1 else f"D5:D{4 + held}")
    assert page["A1"].font.name == "方正小标宋简体"


def test_every_row_is_drawn_as_its_sample_and_the_last_as_the_last() -> None:
    page = filled(5)["上报表"]
    for line in range(FIRST, FIRST + 5):
        assert page.row_dimensions[line].height == 42
        assert page.cell(line, 2).font.name == "仿宋_GB2312"
    bottoms = [page.cell(line, 2).border.bottom.style for line in range(FIRST, FIRST + 5)]
    assert bottoms == ["thin"] * 4 + ["thick"]


def test_a_date_goes_into_a_date_cell_as_a_date_and_a_number_as_a_number() -> None:
    page = filled(2)["上报表"]
    assert page.cell(FIRST, 5).value.date() == dt.date(2026, 9, 2)
    assert page.cell(FIRST, 6).value == 1


def test_other_sheets_stay_byte_for_byte() -> None:
    assert filled(9)["填表说明"]["A1"].value == "另一张表原样不动"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    content = blank_form()
    done = fill_sheet(content, layout_of(FormBook(content).grids()[0]), [{1: text}])
    cell = load_workbook(BytesIO(done))["上报表"].cell(FIRST, 2)
    assert (cell.data_type, cell.value) == ("s", text) or cell.data_type == "inlineStr"


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)


@examples(max_examples=25)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=12))
def test_what_was_filled_in_is_read_back(rows: list[tuple[str, str]]) -> None:
    content = blank_form()
    layout = layout_of(FormBook(content).grids()[0])
    done = fill_sheet(content, layout, [{1: left, 2: right} for left, right in rows])
    grid = FormBook(done).grids()[0]
    read = [(row[1], row[2]) for row in grid.rows[FIRST - 1 : FIRST - 1 + len(rows)]]
    assert read == [
        (left.replace("\ufffe", "").replace("\uffff", ""), right.replace("\ufffe", "").replace("\uffff", ""))
        for left, right in rows
    ]


@given(st.integers(2, 40), st.integers(0, 10), st.integers(1, 60), st.integers(1, 90))
def test_no_row_outside_the_table_meets_another(first: int, more: int, count: int, line: int) -> None:
    moved = Moved(first, first + more, count)
    if line < first:
        assert moved.line(line) == line
    elif line > first + more:
        assert moved.line(line) == first + count + (line - first - more - 1)


@given(st.text(string.ascii_uppercase + "0123456789()+,:!\"'$.", max_size=30))
def test_a_formula_without_cells_below_the_table_stays(text: str) -> None:
    assert Moved(1000, 1001, 9).formula(text) == text or any(number.isdigit() for number in text)


def word_form() -> bytes:
    """A heading, a table with a two-row header and one sample row with letters of its own, a line to sign."""
    document = Document()
    document.add_heading("督察反馈问题整改清单", 1)
    table = document.add_table(rows=4, cols=4)
    table.style = "Table Grid"
    for at, words in enumerate(("序号", "存在问题", "责任", "责任")):
        table.cell(0, at).text = words
    table.cell(0, 2).merge(table.cell(0, 3)).text = "责任"
    for at, words in enumerate(("", "", "责任单位", "完成时限")):
        table.cell(1, at).text = words
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))
    run = table.cell(2, 1).paragraphs[0].add_run("示例")
    run.font.name, run.bold = "仿宋", True
    table.cell(3, 0).merge(table.cell(3, 3)).text = "填报人："
    document.add_paragraph("单位（盖章）")
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_word_table_is_filled_and_its_header_comes_again_on_every_page() -> None:
    content = word_form()
    grid = word_grids(content)[0]
    assert grid.merged[1] == ("序号", "存在问题", "责任单位", "完成时限")
    layout = grid.layout(0, 1, 2)
    assert (layout.first, layout.last) == (3, 3)
    done = Document(
        BytesIO(
            like(
                content,
                fill_table(
                    content, layout, [{0: n, 1: f"问题{n}\n第二行", 2: "市水务局"} for n in range(1, 31)]
                ),
            )
        )
    )
    table = done.tables[0]
    assert len(table.rows) == 33
    assert [row.cells[1].text for row in table.rows][2:4] == ["问题1\n第二行", "问题2\n第二行"]
    assert table.rows[32].cells[0].text == "填报人："
    assert done.paragraphs[-1].text == "单位（盖章）"
    run = table.cell(20, 1).paragraphs[0].runs[0]
    assert (run.font.name, run.bold) == ("仿宋", True)
    repeated = [
        row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows
    ]
    assert repeated == [True, True, *[False] * 31]
