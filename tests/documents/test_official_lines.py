"""Lines, dates, numbers and amounts as GB/T 9704-2012 and custom want them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.documents.official_lines import (
    TITLE_CHARACTERS,
    in_capitals,
    is_document_no,
    is_hourglass,
    right_document_no,
    signature_indents,
    title_lines,
    width_of,
    written_date,
)

TITLES = st.text(alphabet="关于整改城区供水管网漏损率偏高问题的通知市水务局2026年A-（）《》、", max_size=90)


@given(TITLES)
def test_a_title_loses_nothing_and_fits(title):
    lines = title_lines(title)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(0 < width_of(line) <= TITLE_CHARACTERS for line in lines)


@pytest.mark.parametrize(
    "title",
    [
        "关于限期整改城区老旧供水管网漏损率长期居高不下且多年未按计划更新改造等三项问题的通知",
        "关于对青石县人民政府未按期完成中央生态环境保护督察反馈的流域治理任务等问题实行挂牌督办的通知",
        "关于整改2026年上半年农村公路养护资金使用不规范问题的督办函",
    ],
)
def test_long_titles_are_balanced_and_break_between_words(title):
    lines = title_lines(title, keep=["青石县人民政府"])
    widths = [width_of(line) for line in lines]
    assert len(lines) == -int(-width_of(title) // TITLE_CHARACTERS)
    assert not is_hourglass(widths)
    assert max(widths) - min(widths) <= 8
    assert len(lines) < 3 or len(set(widths)) > 1
    for word in ("管网", "青石县人民政府", "挂牌督办", "整改", "2026"):
        assert title.count(word) == sum(line.count(word) for line in lines)
    assert not any(line[0] in "的、》）" or line[-1] in "《（和" for line in lines)


def test_an_hourglass_is_known():
    assert is_hourglass([10, 4, 9])
    assert not is_hourglass([4, 10, 4])
    assert not is_hourglass([4, 8, 10])


@given(st.dates(dt.date(1000, 1, 1)))
def test_dates_have_no_leading_zero(day):
    words = written_date(day)
    year, month, rest = words.replace("年", "-").replace("月", "-").split("-")
    assert (int(year), int(month), int(rest.rstrip("日"))) == (day.year, day.month, day.day)
    assert not any(part.startswith("0") for part in (year, month, rest))


@pytest.mark.parametrize(
    "typed",
    [
        "云整改[2026]3号",
        "云整改（2026）第3号",
        "云整改【2026】03号",
        "云整改 〔2026〕 3 号",
        "云整改〔2026〕3",
    ],
)
def test_a_number_written_wrong_is_understood(typed):
    assert not is_document_no(typed)
    assert right_document_no(typed) == "云整改〔2026〕3号"
    assert is_document_no(right_document_no(typed))


@pytest.mark.parametrize("typed", ["", "3号", "云整改〔26〕3号", "云整改〔2026〕0号", "<b>〔2026〕3号"])
def test_what_is_no_number_stays_none(typed):
    assert not is_document_no(typed)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.07", "人民币柒分"),
        ("0.50", "人民币伍角整"),
        ("10", "人民币壹拾元整"),
        ("10005.30", "人民币壹万零伍元叁角整"),
        ("1200000.05", "人民币壹佰贰拾万元零伍分"),
        ("20000000000", "人民币贰佰亿元整"),
        ("1000100010001", "人民币壹万亿零壹亿零壹万零壹元整"),
    ],
)
def test_amounts_in_capitals(amount, words):
    assert in_capitals(Decimal(amount)) == words


VALUES = {one: value for value, one in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> Decimal:
    """The amount that capital numerals say, read by other rules than they were written by."""
    yuan, _, rest = words.removeprefix("人民币").partition("元") if "元" in words else ("", "", words[3:])
    total = 0
    for scale, part in zip((10**12, 10**8, 10**4, 1), _parts(yuan), strict=True):
        digit = group = 0
        for one in part:
            if one in VALUES:
                digit = VALUES[one]
            else:
                group += digit * PLACES[one]
                digit = 0
        total += (group + digit) * scale
    cents = 0
    for number, one in enumerate(rest):
        if one == "角":
            cents += VALUES[rest[number - 1]] * 10
        elif one == "分":
            cents += VALUES[rest[number - 1]]
    return Decimal(total) + Decimal(cents) / 100


def _parts(yuan: str) -> list[str]:
    top, mark, rest = yuan.partition("万亿")
    rest = rest if mark else yuan
    high, mark, low = rest.partition("亿")
    low = low if mark else rest
    mid, mark2, units = low.partition("万")
    return [
        top if "万亿" in yuan else "",
        high if mark else "",
        mid if mark2 else "",
        units if mark2 else low,
    ]


@given(st.decimals(0, Decimal("9999999999999999.99"), places=2))
def test_capitals_say_the_amount(amount):
    assert read_back(in_capitals(amount)) == amount


@given(st.text(alphabet="市整改办公室领导小组A1", min_size=1, max_size=28), st.dates())
def test_a_signature_stands_within_the_line_and_centred_over_its_date(name, day):
    dated = written_date(day)
    name_in, day_in = signature_indents(name, dated)
    assert name_in >= 0
    assert day_in >= 64
    middle_of_name = name_in + width_of(name) * 8
    middle_of_day = day_in + width_of(dated) * 8
    if name_in > 0:
        assert abs(middle_of_name - middle_of_day) < 0.01
