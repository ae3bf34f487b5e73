from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter

from bihuan.documents import read_document
from bihuan.intake.extraction.columns import field_of, header_of
from bihuan.intake.extraction.spreadsheet import LedgerSheet, RowError, read_ledger
from tests.documents import making

HEADER = ["序号", "问题描述", "责任单位", "整改时限", "涉及金额（万元）"]
BASE = dt.date(2026, 3, 10)


def read(rows: list[list[object]], *, merged: tuple[str, ...] = (), **options: object) -> LedgerSheet:
    blocks = read_document(making.sheet(rows, merged=merged), name="台账.xlsx").blocks
    sheet = read_ledger(blocks, base_date=BASE, **options)
    assert sheet is not None
    return sheet


def errors(sheet: LedgerSheet) -> list[tuple[str, str]]:
    return [(error.place, error.reason) for error in sheet.errors]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("序号", "source_no"),
        ("问题编号", "source_no"),
        ("存在的问题", "text"),
        ("具体问题描述", "text"),
        ("整改责任单位", "lead_unit"),
        ("牵头单位", "lead_unit"),
        ("配合单位", "supporting_units"),
        ("整改时限", "deadline"),
        ("要求完成时间", "deadline"),
        ("涉及金额（万元）", "amount"),
        ("整改措施", "measures"),
        ("整改进展情况", "progress"),
        ("销号时间", "closed_on"),
        ("备注", "remark"),
        ("问题来源", "source"),
    ],
)
def test_headers_are_understood_by_their_usual_names(header, field):
    found = field_of(header)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "header", ["", "天气", "1", "这一列写了一句很长很长的话来说明怎样填写整个表格的内容"]
)
def test_other_words_are_no_header(header):
    assert field_of(header) is None


@pytest.mark.parametrize("line", [1, 7, 15])
def test_the_header_is_found_within_the_first_fifteen_rows(line):
    rows = [["填报说明"]] * (line - 1) + [HEADER, [1, "台账缺失", "市水务局", "2026-08-31", 12.5]]
    assert read(rows).header_line == line


def test_a_header_further_down_is_not_looked_for():
    rows = [["说明", str(number)] for number in range(15)] + [HEADER, [1, "台账缺失", "", "", ""]]
    blocks = read_document(making.sheet(rows), name="a.xlsx").blocks
    assert read_ledger(blocks) is None


def test_a_merged_title_is_no_header():
    sheet = read([["问题整改台账"], HEADER, [1, "台账缺失"]], merged=("A1:E1",))
    assert sheet.header_line == 2


def test_a_header_of_two_rows_names_its_columns_by_the_lower_one():
    rows = [
        ["序号", "问题描述", "责任", None],
        [None, None, "牵头单位", "配合单位"],
        [1, "台账缺失", "市水务局", "市财政局"],
    ]
    row = read(rows, merged=("A1:A2", "B1:B2", "C1:D1")).rows[0]
    assert (row.facts["lead_unit"], row.facts["supporting_units"]) == ("市水务局", "市财政局")


def test_what_was_matched_for_a_source_before_is_remembered():
    rows = [["号", "内容", "单位名"], [1, "台账缺失", "市水务局"]]
    remembered = {"号": "source_no", "内容": "text", "单位名": "lead_unit"}
    assert read(rows, remembered=remembered).rows[0].facts["lead_unit"] == "市水务局"


def test_facts_are_normalised():
    row = read([HEADER, [1, "台账缺失", "市水务局", "8月底", "1,234.5"]]).rows[0]
    assert (row.deadline, row.amount) == (dt.date(2026, 8, 31), Decimal(12345000))


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026-09-30", dt.date(2026, 9, 30)),
        (46295, dt.date(2026, 9, 30)),
        ("2026.9", dt.date(2026, 9, 30)),
        (dt.date(2026, 9, 30), dt.date(2026, 9, 30)),
        ("2026年9月底前", dt.date(2026, 9, 30)),
        ("立行立改", None),
        ("长期坚持", None),
        ("30个工作日内", None),
    ],
)
def test_deadlines_in_any_usual_writing(written, date):
    sheet = read([HEADER, [1, "台账缺失", "市水务局", written, None]])
    assert (sheet.errors, sheet.rows[0].deadline) == ((), date)


def test_one_number_over_two_merged_rows_is_two_problems():
    sheet = read(
        [HEADER, [1, "甲问题", "市水务局", "8月底", None], [None, "乙问题", None, None, None]],
        merged=("A2:A3", "C2:C3", "D2:D3"),
    )
    assert [
        (row.facts["source_no"], row.text, row.facts["lead_unit"], row.continues) for row in sheet.rows
    ] == [
        ("1", "甲问题", "市水务局", False),
        ("1", "乙问题", "市水务局", True),
    ]


def test_a_row_without_number_goes_on_under_the_number_above():
    sheet = read([HEADER, [1, "甲问题", "市水务局"], [None, "乙问题", "市财政局"]])
    assert [(row.facts["source_no"], row.facts["lead_unit"]) for row in sheet.rows] == [
        ("1", "市水务局"),
        ("1", "市财政局"),
    ]


def test_a_row_with_neither_number_nor_problem_adds_to_the_row_above():
    header = ["序号", "问题描述", "整改措施"]
    sheet = read([header, [1, "甲问题", "措施一"], [None, None, "措施二"]])
    assert [row.facts["measures"] for row in sheet.rows] == ["措施一\n措施二"]


def test_section_titles_totals_and_repeated_headers_are_no_problems():
    rows = [
        HEADER,
        ["一、党建方面"],
        [1, "甲问题", "市水务局"],
        HEADER,
        [2, "乙问题", "市水务局"],
        ["合计", "2个"],
    ]
    sheet = read(rows)
    assert [(row.section, row.text) for row in sheet.rows] == [
        ("一、党建方面", "甲问题"),
        ("一、党建方面", "乙问题"),
    ]
    assert sheet.errors == ()


def test_fifty_blank_columns_change_nothing():
    row = [1, "台账缺失", "市水务局", "8月底", 3]
    assert read([HEADER + [None] * 50, row + [None] * 50]).rows[0].text == "台账缺失"


def test_formulas_count_by_their_stored_value():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, [1, "甲问题", "市水务局", "8月底"])
        page.write_formula(1, 4, "=1+2", None, 3)
    sheet = read_ledger(read_document(target.getvalue(), name="a.xlsx").blocks, base_date=BASE)
    assert sheet.rows[0].amount == Decimal(30000)


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ([1, None, "市水务局", "8月底", 3], "台账!B2", "missing"),
        ([1, "甲问题", "市水务局", "8月32日", 3], "台账!D2", "not_a_date"),
        ([1, "甲问题", "市水务局", "待定", 3], "台账!D2", "not_a_date"),
        ([1, "甲问题", "市水务局", "8月底", "若干"], "台账!E2", "not_an_amount"),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(row, place, reason):
    assert errors(read([HEADER, row])) == [(place, reason)]


def test_a_number_used_twice_is_an_error_that_names_the_first_row():
    sheet = read([HEADER, [1, "甲问题", "市水务局"], [1, "乙问题", "市水务局"]])
    assert [(error.reason, error.accepted) for error in sheet.errors] == [("duplicate_no", ("2",))]
    assert [row.text for row in sheet.rows] == ["甲问题"]


def test_words_of_our_lists_become_codes_and_others_are_refused_with_the_list():
    header = ["序号", "问题描述", "整改类型", "问题等级"]
    sheet = read([header, [1, "甲问题", "立行立改", "重大"], [2, "乙问题", "看情况", "一般"]])
    assert sheet.rows[0].codes == {"kind": "immediate", "grade": "severe"}
    assert sheet.errors[0].accepted == ("立行立改", "限期整改", "分阶段整改", "持续整改")


def test_every_error_of_a_row_is_reported_at_once():
    sheet = read([HEADER, [1, "甲问题", "市水务局", "待定", "若干"]])
    assert {error.reason for error in sheet.errors} == {"not_a_date", "not_an_amount"}
    assert sheet.bad_lines == {2}


def many(bad: set[int], count: int) -> list[list[object]]:
    rows = [
        [n, f"第{n}个问题不到位", "市水务局", "2026年8月底" if n not in bad else "待定", 1.5]
        for n in range(1, count + 1)
    ]
    return [HEADER, *rows]


def test_of_ten_thousand_rows_the_thirty_seven_wrong_ones_are_found():
    bad = set(range(100, 100 + 37 * 250, 250))
    sheet = read(many(bad, 10_000))
    assert (len(sheet.rows), len(sheet.bad_lines)) == (10_000 - 37, 37)
    assert sheet.bad_lines == {number + 1 for number in bad}


def test_the_place_of_a_far_column_is_named_as_spreadsheets_do():
    assert RowError("表", 3, 27, "text", "", "missing").place == "表!AB3"


def test_without_a_problem_column_there_is_no_ledger():
    assert header_of([("序号", "责任单位", "整改时限")]) is None
