"""What a row will be found by may be worked out before it has its number: it comes to the same."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.ledger.models import Problem
from bihuan.ledger.search import as_vector, vector_from, vector_of
from bihuan.ledger.wording import digest_of_problem, marks_of, signature_of_problem

WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("水管a-_./〔〕()[]１①ﾊﾞ\u0301\u0345 ")
    ),
    max_size=20,
)


@given(WORDS, WORDS, WORDS, WORDS, WORDS)
@example("ZG-2026-0147", "-1", "〔2026〕3号", "", "")
def test_marks_made_ahead_are_those_of_the_row(
    number: str, title: str, text: str, party: str, site: str
) -> None:
    problem = Problem.newly(problem_no=number, title=title, text=text, concerned_party=party, site=site)
    marks = marks_of(title, text, party, site)
    assert vector_from(number, marks.tokens) == vector_of(problem)
    assert marks.likeness.digest == digest_of_problem(problem)
    assert marks.likeness.signature == signature_of_problem(problem)


@given(st.sets(st.text(st.sampled_from("a'\\中 \U00020000\uffff"), max_size=4), max_size=4))
def test_a_vector_is_quoted_as_its_tokens_one_by_one(tokens: set[str]) -> None:
    quoted = [token.replace("\\", "\\\\").replace("'", "''") for token in sorted(tokens, key=str.encode)]
    assert as_vector(tokens) == " ".join(f"'{token}'" for token in quoted)
