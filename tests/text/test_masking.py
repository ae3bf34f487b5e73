from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.masking import Masker, mask

PERSONAL = st.sampled_from(
    [
        "联系人：李四喜",
        "13812345678",
        "身份证610102199003071234",
        "陕A12345",
        "王某某",
        "029-88881234",
        "⟦1⟧",
        "⟦2⟧",
        "欧阳修文先生",
    ]
)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("村民张三反映，路面破损", ["张三"]),
        ("联系人：李四喜，电话13812345678", ["李四喜", "13812345678"]),
        ("投诉人陈小明来电，请回访陈小明", ["陈小明"]),
        ("法人代表欧阳修文", ["欧阳修文"]),
        ("张伟（电话 138-1234-5678）", ["张伟", "138-1234-5678"]),
        ("王某某称其被打", ["王某某"]),
        ("车牌陕A12345，固话029-88881234", ["陕A12345", "029-88881234"]),
        ("账号6222021234567890123", ["6222021234567890123"]),
    ],
)
def test_what_points_at_a_person_is_taken_out(text, hidden):
    masked = mask(text)
    assert not [piece for piece in hidden if piece in masked.text]
    assert masked.restored(masked.text) == text


@pytest.mark.parametrize(
    "text",
    [
        "市水务局对青石县供水管网巡检不到位",
        "业主和物业公司因为停车位发生纠纷",
        "和平区居民反映马路不平",
        "市民因孩子上学的问题多次投诉",
        "2026年9月30日前完成整改，涉及金额 1234.50 万元",
    ],
)
def test_other_words_stay(text):
    assert mask(text).text == text


def test_a_given_name_goes_wherever_it_stands():
    masked = mask("巡查员上官青禾签字，青禾超市", names=["上官青禾", "禾"])
    assert masked.text == "巡查员⟦1⟧签字，青禾超市"


def test_the_same_piece_is_the_same_mark():
    masked = mask("联系人：李四喜。回访李四喜")
    assert masked.text.count("⟦1⟧") == len(["twice", "twice"])


def test_a_mark_nobody_gave_out_is_left_as_it_is():
    assert mask("联系人：李四喜").restored("⟦1⟧和⟦9⟧") == "李四喜和⟦9⟧"


@given(
    st.lists(st.one_of(PERSONAL, st.text(max_size=12)), max_size=6), st.lists(st.text(max_size=4), max_size=2)
)
def test_everything_can_be_put_back(parts, names):
    text = "，".join(parts)
    masked = mask(text, names=names)
    assert masked.restored(masked.text) == text


def test_what_is_learnt_from_has_a_gap_in_its_place():
    assert Masker().without_personal("联系人：李四喜，电话13812345678。") == "联系人： ，电话 。"
