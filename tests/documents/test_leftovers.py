"""What a spreadsheet holds and its reader leaves out must not silently become empty."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bihuan.documents import read_document
from bihuan.documents.errors import TooLarge
from tests.documents.making import with_member


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [block.cells for block in read_document(content, name="台账.xlsx").blocks]


def saved(*rows, sheets=("台账",)) -> bytes:
    """A workbook whose formulas nobody has counted."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_formula_nobody_counted_is_read_as_it_stands():
    assert cells(saved(["编号", '="甲"&"问题"', "=1+1"])) == [("编号", '="甲"&"问题"', "=1+1")]


def test_an_error_is_read_as_it_stands():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, ["编号", "单位"])
        page.write(1, 0, 1)
        page.write_formula(1, 1, "=VLOOKUP(A2,B:C,2)", None, "#N/A")
    assert cells(content.getvalue()) == [("编号", "单位"), ("1", "#N/A")]


def test_a_formula_with_a_result_is_read_by_it():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("台账")
        page.write_formula(0, 0, "=1+2", None, 3)
        page.write_formula(0, 1, '=""', None, "")
        page.write_string(0, 2, "末")
    part = "xl/worksheets/sheet1.xml"
    written = zipfile.ZipFile(content).read(part)
    # Excel says of an empty result that it is a text; the library that writes here does not.
    counted = written.replace(b'<c r="B1"><f>', b'<c r="B1" t="str"><f>')
    assert counted != written
    assert cells(with_member(content.getvalue(), part, counted)) == [("3", "", "末")]


def test_each_sheet_has_its_own():
    assert cells(saved(["=1+1"], sheets=("一", "二"))) == [("=1+1",), ("=1+1",)]


def test_alone_in_the_last_column_and_row_it_is_still_read():
    assert cells(saved(["a"], [None, None, "=A1"])) == [("a",), ("", "", "=A1")]


@given(st.text(alphabet="甲乙丙&<>\"'=a1 ", max_size=12))
def test_whatever_a_formula_says_comes_through(text):
    said = text.replace('"', '""')
    content = saved(["x", f'="{said}"&A1'])
    assert cells(content) == [("x", f'="{said}"&A1')]


def test_a_sheet_of_nothing_else_begins_where_it_is_written():
    book = openpyxl.Workbook()
    book.active["C4"] = "=1+1"
    book.active["B6"] = "=2+2"
    target = io.BytesIO()
    book.save(target)
    blocks = read_document(target.getvalue(), name="a.xlsx").blocks
    assert [(block.place.row, block.cells) for block in blocks] == [(4, ("", "", "=1+1")), (6, ("", "=2+2"))]


def test_a_formula_far_away_is_too_large_and_costs_no_memory():
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["XFD1048576"] = "=1+1"
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(TooLarge) as refused:
        read_document(target.getvalue(), name="a.xlsx")
    assert refused.value.place == "Sheet"
