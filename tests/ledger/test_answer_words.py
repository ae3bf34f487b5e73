"""The words an answer begins with."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger.answer_words import ENDED, Outcome, answer_words
from bihuan.ledger.findings import SETTLED
from bihuan.ledger.lifecycle_words import STATE_WORDS, State

DAY = dt.date(2026, 3, 2)
TITLES = st.text(alphabet="漏损管网台账不清", min_size=1, max_size=12)
OUTCOMES = st.lists(st.tuples(TITLES, st.sampled_from(sorted(State))), min_size=1, max_size=6)


def said_of(title, state):
    return answer_words([Outcome(title=title, state=State(state), day=DAY, into="乙", to="市纪委监委")])


@given(OUTCOMES)
def test_one_line_a_problem_in_the_order_given(outcomes):
    lines = answer_words(
        Outcome(title=title, state=State(state), day=DAY, into="乙", to="市纪委监委")
        for title, state in outcomes
    ).split("\n")
    assert lines == [said_of(title, state) for title, state in outcomes]


@given(TITLES, st.sampled_from(sorted(State)))
def test_what_is_open_is_said_to_be_open(title, state):
    said = said_of(title, state)
    assert said.startswith(f"关于“{title}”：")
    assert ("正在办理" in said) == (state not in SETTLED)
    assert state in SETTLED or STATE_WORDS[State(state)].zh in said


def test_every_ending_has_its_words():
    assert set(ENDED) == set(SETTLED)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.CLOSED, "由市水务局牵头，已完成整改，于2026年3月2日销号（云整改〔2026〕3号）。"),
        (State.MERGED, "于2026年3月2日并入“乙”一并整改（云整改〔2026〕3号）。"),
        (State.REFERRED, "由市水务局牵头，于2026年3月2日移送市纪委监委处理（云整改〔2026〕3号）。"),
        (State.RECTIFYING, "由市水务局牵头，正在办理（整改中）。"),
    ],
)
def test_who_when_and_by_which_document(state, words):
    outcome = Outcome(
        title="漏损",
        state=state,
        unit="市水务局",
        day=DAY,
        into="乙",
        to="市纪委监委",
        document="云整改〔2026〕3号",
    )
    assert answer_words([outcome]) == f"关于“漏损”：{words}"
