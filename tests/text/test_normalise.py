from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text import normalise, radicals, traditional
from bihuan.text.normalise import fold, joined, tidy
from bihuan.text.radicals import mend_radicals
from bihuan.text.traditional import to_simplified


def test_kangxi_and_supplement_radicals_become_characters():
    assert mend_radicals("饮⽔⼯程⻓期⻔⻋") == "饮水工程长期门车"


@given(st.text(alphabet=st.characters(min_codepoint=0x2E80, max_codepoint=0x2FD5)))
def test_no_assigned_radical_is_left(text):
    mended = mend_radicals(text)
    # Two supplement radicals stand for no character, so there is nothing to put in their place.
    left = {character for character in mended if "RADICAL" in unicodedata.name(character, "")}
    assert left <= {"⺀", "⺂", "⺇"}


@given(st.text())
def test_mending_twice_changes_nothing_more(text):
    assert mend_radicals(mend_radicals(text)) == mend_radicals(text)


def test_full_width_digits_and_letters_become_narrow_and_punctuation_stays():
    assert tidy("２０２６年（ＺＧ），①") == "2026年（ZG），①"


def test_invisible_characters_are_removed():
    assert tidy("整\u200b改\ufeff") == "整改"


def test_spaces_between_chinese_and_numbers_are_printers_spaces():
    assert joined(" 共 28 省市  Beijing Office ") == "共28省市Beijing Office"


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("整改 不到位。", "整改不到位"),
        ("ＺＧ－２０２６", "zg2026"),
        ("《通知》（试行）", "通知试行"),
        ("問題整改與監督", "问题整改与监督"),
        ("⻓期", "长期"),
    ],
)
def test_what_looks_alike_folds_alike(one, other):
    assert fold(one) == fold(other)


def test_traditional_characters_may_be_kept_apart():
    assert fold("問題", traditional=False) != fold("问题", traditional=False)


@pytest.mark.parametrize("text", ["整改办", "安全生产责任制", "后里面向只有"])
def test_simplified_text_is_left_alone(text):
    assert to_simplified(text) == text


SEEN = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("，（）：；！？％並⽔⼯\u0301\u200b\ufeff１Ａａ①㈠豈a水"),
    )
)


@given(SEEN)
def test_looking_before_translating_changes_nothing(text: str) -> None:
    """What is passed over because it is not there would not have changed a text."""
    mended = text.translate(radicals._MENDED)
    assert mend_radicals(text) == mended
    assert to_simplified(text) == text.translate(traditional._SIMPLIFIED)
    assert tidy(text) == unicodedata.normalize("NFC", text).translate(radicals._MENDED).translate(
        normalise._TABLE
    )
    folded = unicodedata.normalize("NFKC", mended).casefold().translate(traditional._SIMPLIFIED)
    assert fold(text) == normalise._NOT_WORD.sub("", folded.translate(normalise._INVISIBLE))
