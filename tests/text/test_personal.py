from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.personal import Covered, cover_personal


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("电话 138-1234-5678", "电话 138****5678"),
        ("证件610102199003071234", "证件610*************34"),
        ("证件61010219900307123X，", "证件610*************3X，"),
        ("账号6222021234567890123", "账号6222********0123"),
        ("写信到 wang.lei@example.gov.cn", "写信到 w***@example.gov.cn"),
    ],
)
def test_numbers_of_persons_are_covered(written, shown):
    covered = cover_personal(written)
    assert (covered.text, covered.count) == (shown, 1)


@pytest.mark.parametrize(
    "text",
    ["涉及金额 12345678901.00 元", "云整改〔2026〕3号", "ZG-2026-0147", "2026-11-25 18:30", "漏损率 18%"],
)
def test_other_numbers_stay(text):
    assert cover_personal(text) == Covered(text, 0)


@given(st.text("0123456789", min_size=15, max_size=15), st.sampled_from("0123456789X"), st.text(max_size=20))
def test_no_identity_number_gets_through(digits, last, around):
    number = f"{digits[:6]}19{digits[6:]}{last}"
    kept = f"{around} {number}，"
    assert number not in cover_personal(kept).text


@given(st.text(alphabet="0123456789X@.a张 -", max_size=60))
def test_what_is_covered_stays_as_it_is(text):
    once = cover_personal(text).text
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", once)
    assert cover_personal(once).text == once
