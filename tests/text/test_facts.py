from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.deadlines_in_text import DeadlineKind, date_of_cell, deadlines_in, months_after
from bihuan.text.legal_basis import legal_basis, provisions_in
from bihuan.text.money import amount_of_cell, amounts_in, main_amount, unit_of_header
from bihuan.text.places import places_in
from bihuan.text.secrecy import SecrecyLevel, clue_about_person, secrecy_marks, speaks_of_clues

BASE = dt.date(2026, 3, 10)
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("请于2026年9月30日前整改到位", dt.date(2026, 9, 30)),
        ("8月底前完成", dt.date(2026, 8, 31)),
        ("2月底前完成", dt.date(2027, 2, 28)),
        ("3月9日前完成", dt.date(2027, 3, 9)),
        ("2026年底前", dt.date(2026, 12, 31)),
        ("年底前", dt.date(2026, 12, 31)),
        ("明年6月底前", dt.date(2027, 6, 30)),
        ("第三季度末前", dt.date(2026, 9, 30)),
        ("2026年内完成", dt.date(2026, 12, 31)),
        ("6月中旬前", dt.date(2026, 6, 20)),
        ("本月底前", dt.date(2026, 3, 31)),
        ("下月底前", dt.date(2026, 4, 30)),
        ("15日内整改", dt.date(2026, 3, 25)),
        ("三个月内整改", dt.date(2026, 6, 10)),
        ("两年内完成", dt.date(2028, 3, 10)),
        ("半年内完成", dt.date(2026, 9, 10)),
        ("2026-09-30前", dt.date(2026, 9, 30)),
    ],
)
def test_deadlines_become_dates(text, date):
    assert [deadline.date for deadline in deadlines_in(text, BASE)] == [date]


def test_without_a_base_only_full_dates_become_dates():
    assert [deadline.date for deadline in deadlines_in("8月底前；2026年9月底前；30日内")] == [
        None,
        dt.date(2026, 9, 30),
        None,
    ]


def test_working_days_need_a_calendar():
    plain = deadlines_in("30个工作日内", BASE)[0]
    assert (plain.date, plain.working_days) == (None, 30)
    counted = deadlines_in(
        "三十个工作日内", BASE, add_working_days=lambda day, count: day + dt.timedelta(days=2 * count)
    )
    assert counted[0].date == BASE + dt.timedelta(days=60)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("立行立改", DeadlineKind.IMMEDIATE),
        ("立即整改", DeadlineKind.IMMEDIATE),
        ("长期坚持", DeadlineKind.CONTINUOUS),
    ],
)
def test_deadlines_that_are_no_dates(text, kind):
    assert [(deadline.kind, deadline.date) for deadline in deadlines_in(text, BASE)] == [(kind, None)]


@pytest.mark.parametrize(
    "text",
    [
        "应于2015年底前完成的河段",
        "原定于2024年6月底前建成",
        "2024年9月底尚未完成",
        "2月30日前",
        "2022年底前应完成7座，但仅完成2座",
    ],
)
def test_missed_duties_and_impossible_days_are_no_deadlines(text):
    assert deadlines_in(text, BASE) == []


@given(DATES, DATES)
def test_a_day_without_a_year_is_the_next_such_day(base, day):
    text = f"{day.month}月{day.day}日前"
    found = deadlines_in(text, base)
    assert all(deadline.date is not None and base <= deadline.date for deadline in found)


@given(DATES, st.integers(0, 60))
def test_so_many_months_later_is_in_that_month(base, months):
    later = months_after(base, months)
    assert (later.year * 12 + later.month) - (base.year * 12 + base.month) == months
    assert later.day <= base.day


@given(DATES)
def test_cells_with_dates_in_any_usual_writing(day):
    serial = (day - dt.date(1899, 12, 30)).days
    writings = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day.strftime("%Y%m%d"),
        str(serial),
        f"{day.isoformat()} 08:30",
    ]
    assert {date_of_cell(written) for written in writings} == {day}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024.3", dt.date(2024, 3, 31)),
        ("2024年3月", dt.date(2024, 3, 31)),
        ("8月底", dt.date(2026, 8, 31)),
        ("45291", dt.date(2023, 12, 31)),
        ("2024年底", dt.date(2024, 12, 31)),
        ("2026年9月30日前", dt.date(2026, 9, 30)),
    ],
)
def test_cells_with_months_and_serials(text, date):
    assert date_of_cell(text, BASE) == date


@pytest.mark.parametrize("text", ["", "无", "待定", "2024/13/1", "8月32日", "1234", "立行立改"])
def test_cells_without_a_date(text):
    assert date_of_cell(text, BASE) is None


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("涉及金额1,230.5万元", Decimal(12305000)),
        ("少征 726.6 亿元", Decimal(72660000000)),
        ("570余万元", Decimal(5700000)),
        ("三百万元", Decimal(3000000)),
        ("十五万元", Decimal(150000)),
        ("罚款4000元", Decimal(4000)),
        ("1.2万亿元", Decimal(1200000000000)),
        ("挪用专项资金412.\n7万元", Decimal(4127000)),
        ("共1,\n234万元", Decimal(12340000)),
        ("2023\n412.7万元", Decimal(4127000)),
    ],
)
def test_sums_are_exact(text, yuan):
    assert [amount.yuan for amount in amounts_in(text)] == [yuan]


def test_foreign_sums_have_no_value_in_yuan():
    assert [(amount.text, amount.yuan) for amount in amounts_in("贷款2亿美元")] == [("2亿美元", None)]


def test_the_main_sum_is_that_of_the_first_sentence():
    assert main_amount("挪用 651.8 亿元。其中最大一笔 900 亿元。").text == "651.8 亿元"


def test_prices_per_piece_are_not_the_main_sum():
    assert main_amount("每套4000元，合计3000万元").text == "3000万元"


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("￥1,234", Decimal(1234)),
        ("12.5万元", Decimal(125000)),
        ("12.5万", Decimal(125000)),
        ("若干", None),
    ],
)
def test_sums_in_cells(text, yuan):
    assert amount_of_cell(text) == yuan


def test_a_bare_number_counts_in_the_unit_of_its_header():
    assert amount_of_cell("12.5", unit=unit_of_header("涉及金额（万元）")) == Decimal(125000)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_any_sum_written_in_digits_is_read_back(value):
    assert amounts_in(f"共{value:,.2f}元")[0].yuan == value


def test_a_provision_is_read_with_its_article():
    text = "违反《公平竞争审查制度实施细则》第十三条第（一）项的规定"
    assert legal_basis(text) == ("《公平竞争审查制度实施细则》第十三条第（一）项",)


def test_a_document_without_article_that_is_not_broken_is_no_basis():
    assert legal_basis("印发《关于加强管理的通知》，规定如下") == ()


def test_broken_provisions_come_before_quoted_ones():
    text = "根据《审计法》第五条，该单位违反了《预算法》。"
    assert legal_basis(text) == ("《预算法》",)
    assert [provision.title for provision in provisions_in(text)] == ["审计法", "预算法"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("位于星沙镇的开元路附近", ["星沙镇", "开元路"]),
        # 平桥 alone would be a bridge.
        ("平桥县石堰镇三家砂石加工企业", ["平桥县", "石堰镇"]),
        ("平桥县城关街道胜利社区第三小区道路破损", ["平桥县", "城关街道", "胜利社区", "第三小区"]),
        ("抽查12个乡镇卫生院，有5个县区未整改", []),
        ("锦屏街道等5个街道", ["锦屏街道"]),
        ("该县石堰镇和全县其他乡镇", ["石堰镇"]),
        ("县水利局石堰镇水管站", ["石堰镇"]),
        ("南关街12号院、A区2号楼", ["南关街", "12号院", "A区", "2号楼"]),
        ("个旧市老城区", ["个旧市", "老城区"]),
    ],
)
def test_places_are_found_by_their_form(text: str, places: list[str]):
    assert places_in(text) == places


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("机密★10年\n关于……", SecrecyLevel.SECRET),
        ("绝密★长期", SecrecyLevel.TOP_SECRET),
        ("秘 密 ★ 1年", SecrecyLevel.CONFIDENTIAL),
        ("密级：机密", SecrecyLevel.SECRET),
        ("000001\n秘密\n某市文件", SecrecyLevel.CONFIDENTIAL),
        ("【机密】会议纪要", SecrecyLevel.SECRET),
        ("机密☆5年", SecrecyLevel.SECRET),
        ("内部资料 注意保存", SecrecyLevel.WORK_SECRET),
    ],
)
def test_marks_of_secrecy_are_found(text, level):
    assert level in [mark.level for mark in secrecy_marks(text)]


def test_a_copy_number_is_a_mark_without_level():
    assert [mark.level for mark in secrecy_marks("份号：000123")] == [None]


@pytest.mark.parametrize("name", ["关于案件的报告（机密）.docx", "机密_方案.pdf", "方案-秘密.xlsx"])
def test_marks_in_a_files_name_are_found(name):
    assert secrecy_marks("", name=name)


@pytest.mark.parametrize(
    "text",
    [
        "严格保守国家秘密和商业秘密。",
        "该县对秘密级文件管理不严，3份机密文件未按规定登记。",
        "泄露个人秘密",
        "这是公开的秘密",
    ],
)
def test_words_about_secrecy_are_no_marks(text):
    assert secrecy_marks(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "举报王某某利用职务便利收受贿赂",
        "镇党委书记张某吃拿卡要",
        "局长李某长期收受礼金",
        "村支书优亲厚友",
        "挪用公款的是该校校长",
    ],
)
def test_clues_about_persons_are_recognised(text):
    assert clue_about_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "3家单位违规发放津补贴",
        "92个地区挤占挪用651.8亿元",
        "巡视组收到一些领导干部的问题线索",
        "主要领导推进不力",
    ],
)
def test_problems_of_units_are_no_clues(text):
    assert clue_about_person(text) is None


def test_a_report_about_clues_is_told_from_a_clue():
    assert speaks_of_clues("同时，巡视组还收到反映一些领导干部的问题线索，已转有关方面处理。")
