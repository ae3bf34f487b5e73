from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.outline import enumerators, han_number, marker_of
from bihuan.text.sentences import clauses, sentences

PROSE = st.text(alphabet="整改问题一二三是其第，。；：！？“”（）《》…\n 12.①②、", max_size=80)


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("一、存在问题", "section", "一"),
        ("（十二）责任不实", "subsection", "十二"),
        ("1.未建台账", "item", "1"),
        ("23、未建台账", "item", "23"),
        ("1．部分地区", "item", "1"),
        ("（3）未按时", "subitem", "3"),
        ("4）未按时", "subitem", "4"),
        ("①未按时", "point", "①"),
        ("案例3：某市", "case", "3"),
        ("典型案例二 某县", "case", "二"),
        ("第十三条 县级以上", "article", "十三"),
        ("第二部分 问题", "part", "二"),
        ("## 案例一 某区", "case", "一"),
        ("问题5：未公开", "item", "5"),
        ("问题三：未公开", "item", "三"),
        ("二是责任不实", "member", "二"),
    ],
)
def test_numbers_at_the_head_are_recognised(text, kind, number):
    marker = marker_of(text)
    assert marker is not None
    assert (marker.kind, marker.number) == (kind, number)


@pytest.mark.parametrize(
    "text", ["3项转移支付偏低", "2024年底", "1.5亿元未缴", "一些单位", "12:30到场", "第十三条规定的"]
)
def test_what_only_begins_like_a_number_is_none(text):
    assert marker_of(text) is None


def test_depth_grows_inwards():
    depths = [marker_of(text).depth for text in ("第一部分", "一、甲", "（一）甲", "1.甲", "（1）甲", "①甲")]
    assert depths == sorted(set(depths))


def test_members_of_an_enumeration_are_found_in_order():
    text = "主要是：一是甲。二是乙。三是丙。"
    assert [mark for _, mark in enumerators(text)] == ["一是", "二是", "三是"]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("问题：1.甲；2.乙；3.丙。", ["1.", "2.", "3."]),
        ("问题：（1）甲；（2）乙。", ["（1）", "（2）"]),
        ("①甲；②乙", ["①", "②"]),
    ],
)
def test_numbers_inside_a_paragraph_enumerate_too(text, marks):
    assert [mark for _, mark in enumerators(text)] == marks


@pytest.mark.parametrize(
    "text", ["任务之一是清淤，二是疏浚", "一是很好。", "二是甲。三是乙。", "增长1.5；2.3亿元", "见附件（1）"]
)
def test_turns_of_phrase_are_no_enumeration(text):
    assert enumerators(text) == []


def test_two_enumerations_in_one_paragraph_are_two():
    text = "问题：一是甲。二是乙。建议：一是丙。二是丁。"
    assert [mark for _, mark in enumerators(text)] == ["一是", "二是", "一是", "二是"]


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("十二", 12), ("二十六", 26), ("一百零五", 105), ("7", 7), ("甲", 0)]
)
def test_chinese_numbers_are_read(text, number):
    assert han_number(text) == number


def test_quotations_and_brackets_are_not_cut():
    text = "规定“不得迁出。违者退回。”，违反细则（第三条；第四条）。下一句。"
    assert sentences(text) == ["规定“不得迁出。违者退回。”，违反细则（第三条；第四条）。", "下一句。"]


def test_an_unclosed_quotation_does_not_swallow_the_rest():
    assert sentences("他说“好。" + "长。" * 300)[-1] == "长。"


def test_members_of_an_enumeration_are_cut_even_at_commas():
    assert sentences("审计发现，一是甲，二是乙。") == ["审计发现，", "一是甲，", "二是乙。"]


@given(PROSE)
def test_sentences_give_back_their_text(text):
    assert "".join(sentences(text)) == text


@given(PROSE)
def test_clauses_give_back_their_text(text):
    assert "".join(clauses(text)) == text


@given(PROSE)
def test_every_sentence_but_a_lone_one_says_something(text):
    found = sentences(text)
    assert all(any(character.isalnum() for character in piece) for piece in found[1:])
