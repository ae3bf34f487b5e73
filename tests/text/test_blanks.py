"""What is taken out of a sentence before its structure serves another case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.blanks import BLANK, Blanker, parts_of


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("由市水务局会同平桥县水利局完成清淤", ("水务局", "平桥县")),
        ("石堰镇河道管护制度修订", ("石堰镇",)),
        ("清理石堰沟淤泥1.8公里，投入320万元", ("石堰沟", "1.8", "320")),
        ("2026年5月1日前完成，报云环〔2026〕12号备案", ("2026", "云环", "12号")),
        ("联系人：王建国，电话13812345678", ("王建国", "13812345678")),
        ("漏损率降到百分之十以下，更换十二公里", ("百分之十", "十二")),
    ],
)
def test_the_facts_of_a_case_go(text, gone):
    found = Blanker().blanked(text)
    assert BLANK in found
    assert not [one for one in gone if one in found]


@pytest.mark.parametrize("text", ["举一反三，开展全面排查", "分区计量", "修订管护制度并组织培训"])
def test_what_names_nothing_stays_as_it_is(text):
    assert Blanker().blanked(text) == text


NAMES = ("金砂石料", "老鹰嘴", "郭守一")
around = st.text(alphabet="由在督促完成整改并报，。", max_size=8)


@given(around, st.sampled_from(NAMES), around, st.sampled_from(NAMES))
def test_no_name_that_is_known_survives(before, name, between, other):
    found = Blanker(NAMES).blanked(f"{before}{name}{between}{other}")
    assert not [one for one in NAMES if one in found]


@given(st.text(max_size=30))
def test_no_digit_survives(text):
    assert not [character for character in Blanker().blanked(text) if "0" <= character <= "9"]


@given(st.lists(st.sampled_from(["排查", BLANK, "整治"]), max_size=8))
def test_the_parts_give_the_text_again(pieces):
    text = "".join(pieces)
    assert "".join(part.words for part in parts_of(text)) == text
