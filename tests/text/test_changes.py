"""Word changes lose no word of either side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.changes import Fate, after_of, before_of, word_changes

texts = st.text(alphabet="改漏损率到百分之十以下，。 abc129%-\n", max_size=40)


@given(texts, texts)
def test_both_sides_can_be_read_out_again(before, after):
    pieces = word_changes(before, after)
    assert "".join(piece.words for piece in before_of(pieces)) == before
    assert "".join(piece.words for piece in after_of(pieces)) == after
    assert all(piece.words for piece in pieces)


@given(texts)
def test_a_text_has_not_changed_against_itself(text):
    assert {piece.fate for piece in word_changes(text, text)} <= {Fate.SAME}


def test_a_date_or_a_share_changes_as_a_whole():
    found = [
        (piece.fate.value, piece.words) for piece in word_changes("6.5%前于2026-05-01", "6.8%前于2026-06-01")
    ]
    assert found == [
        ("gone", "6.5%"),
        ("new", "6.8%"),
        ("same", "前于"),
        ("gone", "2026-05-01"),
        ("new", "2026-06-01"),
    ]


def test_a_single_word_between_two_changes_is_no_island():
    found = [(piece.fate.value, piece.words) for piece in word_changes("甲乙的丙丁", "子丑的寅卯")]
    assert found == [("gone", "甲乙的丙丁"), ("new", "子丑的寅卯")]
