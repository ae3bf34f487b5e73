from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.tokens import document_frequencies, index_tokens, query_tokens, rarest, token_counts

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1)


def test_a_number_stays_whole_and_is_found_by_its_parts():
    assert {"zg-2026-0147", "zg", "2026", "0147"} <= index_tokens("编号ZG-2026-0147的问题")


def test_a_query_for_a_number_asks_for_the_whole():
    assert query_tokens("ZG-2026-0147") == ["zg-2026-0147"]


def test_full_width_and_traditional_writing_are_found():
    assert query_tokens("問題ＺＧ") == query_tokens("问题zg")


def test_a_single_character_can_be_asked_for():
    assert query_tokens("水") == ["水"]


@given(HAN, HAN, HAN)
def test_what_a_text_contains_its_index_answers(before, asked, after):
    assert set(query_tokens(asked)) <= index_tokens(before + asked + after)


@given(HAN)
def test_a_run_of_n_characters_has_n_minus_one_pairs(run):
    assert sum(token_counts(run).values()) == max(1, len(run) - 1)


def test_punctuation_parts_runs():
    assert set(token_counts("整改，问题")) == {"整改", "问题"}


def test_the_rarest_tokens_come_first_and_unknown_is_rare():
    assert rarest(["常见", "少见", "没见", "少见"], {"常见": 100, "少见": 3}, 2) == ["没见", "少见"]


def test_frequencies_count_texts_and_not_occurrences():
    assert document_frequencies(["整改整改", "整改", "问题"])["整改"] == 2
