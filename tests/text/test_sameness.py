"""The same words or nearly the same are told by digests and signatures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.sameness import KEYS, digest_of, keys_shared, runs_of, share_of, signature_of

LETTER = (
    "市水务局对青石县供水管网巡检不到位，管网漏损率长期超过百分之二十，群众多次反映未得到有效解决。"
    "经查，该县近三年未开展漏损普查，管网图纸缺失，抢修台账与实际不符，整改责任没有落实到人。"
)


def test_width_case_and_punctuation_make_no_difference():
    one, other = "漏损率 20%，ＡＢ 小区！", "漏损率２０%ab小区"
    assert digest_of(one) == digest_of(other)
    assert signature_of(one) == signature_of(other)
    assert digest_of(one) != digest_of("漏损率 21%，AB 小区")


def test_a_word_changed_leaves_most_keys_and_another_text_none():
    changed = LETTER.replace("百分之二十", "百分之三十")
    assert keys_shared(signature_of(LETTER), signature_of(changed)) >= 0.5
    other = "东湖街道老旧小区消防通道被占用，夜间停车混乱，物业公司多次协调没有结果，居民反映强烈。"
    assert keys_shared(signature_of(LETTER), signature_of(other)) == 0


@pytest.mark.parametrize("text", ["", "，。！", " \n"])
def test_a_text_without_words_has_no_signature_and_is_like_nothing(text):
    assert signature_of(text) == []
    assert keys_shared(signature_of(text), signature_of(text)) == 0


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=200))
def test_keys_are_as_many_as_promised_and_fit_an_integer_column(text):
    signature = signature_of(text)
    assert len(signature) in {0, KEYS}
    assert all(-(2**31) <= key < 2**31 for key in signature)
    assert -(2**63) <= digest_of(text) < 2**63


def test_the_share_of_keys_follows_the_share_of_runs():
    """Not for one pair, but on average: a key is equal as often as two runs are common at once."""
    words = [f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}{chr(0x6E00 + number)}。" for number in range(40)]
    for kept in (20, 30, 36, 40):
        found, expected = [], []
        for start in range(60):
            shift = [words[(start + at) % 40] + chr(0x7500 + start) for at in range(40)]
            one, other = "".join(shift), "".join(shift[:kept] + [w[::-1] for w in shift[kept:]])
            found.append(keys_shared(signature_of(one), signature_of(other)))
            expected.append(share_of(runs_of(one), runs_of(other)) ** 2)
        assert sum(found) / 60 == pytest.approx(sum(expected) / 60, abs=0.08)
