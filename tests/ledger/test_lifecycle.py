"""The lifecycle table has no dead end, no unreachable state and no ambiguity."""

from __future__ import annotations

import itertools
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger.lifecycle import (
    EDGES,
    ENDED_EARLY,
    IMPORT,
    OPEN,
    VERBS,
    Edge,
    allowed,
    edge_for,
    refusal,
    ring_stage,
)
from bihuan.ledger.lifecycle_diagram import diagram, page
from bihuan.ledger.lifecycle_facts import CONDITION_WORDS, Condition, Facts, Notice
from bihuan.ledger.lifecycle_reasons import REASONS_IN_ENGLISH
from bihuan.ledger.lifecycle_words import (
    NEED_WORDS,
    RING_WORDS,
    STATE_WORDS,
    VERB_WORDS,
    WHO_WORDS,
    Need,
    State,
    Who,
)

BOOLEAN_FACTS = [field.name for field in fields(Facts) if field.type == "bool"]
FACTS = st.builds(
    Facts,
    notice=st.sampled_from(Notice),
    times_declined=st.integers(0, 4),
    declines_allowed=st.integers(1, 4),
    **{name: st.booleans() for name in BOOLEAN_FACTS},
)
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "lifecycle.md"


@cache
def every_facts() -> list[Facts]:
    """All there can be, made when they are first asked for: every worker collects this file."""
    return [
        Facts(**dict(zip(BOOLEAN_FACTS, values, strict=True)), notice=notice, times_declined=declined)
        for values in itertools.product([False, True], repeat=len(BOOLEAN_FACTS))
        for notice in Notice
        for declined in (0, 1, 2, 3)
    ]


def reachable_from(start: State | None, edges: list[Edge]) -> set[State]:
    seen: set[State] = set()
    frontier: list[State | None] = [start]
    while frontier:
        here = frontier.pop()
        found = {edge.to for edge in edges if edge.source is here} - seen
        seen |= found
        frontier += found
    return seen


def test_every_state_is_reached_without_import() -> None:
    walked = [edge for edge in EDGES if edge.verb != IMPORT]
    assert reachable_from(None, walked) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_way_out_whatever_the_facts(state: State) -> None:
    stuck = [facts for facts in every_facts() if not allowed(state, facts)]
    # While nothing is over and nobody objects a notice simply runs on; upholding an objection stays possible.
    assert stuck == []


@pytest.mark.parametrize("state", State)
def test_closure_can_be_reached_from_every_state(state: State) -> None:
    assert State.CLOSED in reachable_from(state, list(EDGES))


@pytest.mark.parametrize("state", [None, *State])
def test_one_verb_leads_to_one_place(state: State | None) -> None:
    for facts in every_facts():
        verbs = [edge.verb for edge in allowed(state, facts) if edge.verb != IMPORT]
        assert len(verbs) == len(set(verbs))


@pytest.mark.parametrize("state", State)
def test_existing_ledger_may_enter_in_any_state(state: State) -> None:
    entries = [edge for edge in EDGES if edge.source is None and edge.verb == IMPORT and edge.to is state]
    assert len(entries) == 1


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.source}-{edge.verb}-{edge.to}-{edge.when}")
def test_every_step_says_why_it_exists(edge: Edge) -> None:
    assert edge.reason == edge.why("zh-hans")
    assert edge.why("en").isascii() or "“" in edge.why("en")


def test_no_reason_in_english_is_left_over() -> None:
    assert {edge.reason for edge in EDGES} == set(REASONS_IN_ENGLISH)


@pytest.mark.parametrize("state", sorted({State.CLOSED, State.STANDING_DUTY, *ENDED_EARLY}))
def test_every_ending_is_looked_back_at(state: State) -> None:
    assert edge_for(state, "lookback.rebound", Facts()) is not None


@pytest.mark.parametrize("state", sorted(ENDED_EARLY))
def test_ending_without_closure_takes_a_second_person_and_the_external_source(state: State) -> None:
    facts = Facts(source_is_external=True)
    endings = [edge for edge in EDGES if edge.to is state and edge.source not in {None, state}]
    assert endings
    assert all({Need.SECOND_PERSON, Need.SOURCE_DOCUMENT} <= set(edge.needed(facts)) for edge in endings)


def test_own_source_has_no_document_to_show() -> None:
    edge = edge_for(State.REGISTERED, "ledger.terminate", Facts())
    assert edge is not None
    assert Need.SOURCE_DOCUMENT not in edge.needed(Facts())


@pytest.mark.parametrize("edge", [edge for edge in EDGES if edge.new_round], ids=lambda edge: edge.source)
def test_only_a_rebound_begins_a_round(edge: Edge) -> None:
    assert edge.verb == "lookback.rebound"


@given(FACTS)
def test_nothing_is_closed_except_by_closure_review(facts: Facts) -> None:
    into = {
        edge.source
        for state in State
        for edge in allowed(state, facts)
        if edge.to is State.CLOSED and state is not State.CLOSED
    }
    assert into == {State.CLOSURE_REVIEW}


@given(st.data())
def test_no_walk_reaches_closure_without_acceptance_of_that_round(data: st.DataObject) -> None:
    state: State | None = None
    accepted = False
    for _ in range(30):
        edge = data.draw(st.sampled_from([e for e in allowed(state, data.draw(FACTS)) if e.verb != IMPORT]))
        # A return or an objection undoes the acceptance: the work goes on.
        accepted = edge.verb == "rectification.accept" or (accepted and edge.to is not State.RECTIFYING)
        state = edge.to
        assert accepted or state is not State.CLOSED


@pytest.mark.parametrize(
    ("state", "verb", "facts", "to"),
    [
        (State.ASSIGNED, "rectification.acknowledge", Facts(), State.PLANNING),
        (State.ASSIGNED, "rectification.acknowledge", Facts(short_path=True), State.RECTIFYING),
        (State.ASSIGNED, "rectification.decline", Facts(times_declined=1), State.PROPOSED),
        (State.PLANNING, "rectification.approve_plan", Facts(plan_waiting=True), State.RECTIFYING),
        (State.RECTIFYING, "rectification.report_progress", Facts(), State.RECTIFYING),
        (State.RECTIFYING, "rectification.suspend", Facts(), State.SUSPENDED),
        (State.SUSPENDED, "rectification.resume", Facts(), State.RECTIFYING),
        (State.ACCEPTING, "rectification.accept", Facts(), State.NOTICED),
        (State.ACCEPTING, "rectification.accept", Facts(notice=Notice.NONE), State.CLOSURE_REVIEW),
        (State.ACCEPTING, "rectification.accept", Facts(notice=Notice.AFTER_CLOSURE), State.CLOSURE_REVIEW),
        (State.NOTICED, "rectification.object", Facts(), State.RECTIFYING),
        (State.NOTICED, "rectification.end_notice", Facts(notice_period_over=True), State.CLOSURE_REVIEW),
        (State.CLOSURE_REVIEW, "rectification.close", Facts(), State.CLOSED),
        (State.CLOSURE_REVIEW, "rectification.to_standing_duty", Facts(continuous=True), State.STANDING_DUTY),
        (State.CLOSED, "rectification.file", Facts(), State.CLOSED),
        (State.CLOSED, "lookback.rebound", Facts(), State.RECTIFYING),
        (State.UNFOUNDED, "lookback.rebound", Facts(), State.REGISTERED),
        (None, "ledger.register", Facts(), State.REGISTERED),
        (None, "ledger.register", Facts(already_fixed=True), State.ACCEPTING),
    ],
)
def test_step_leads_where_the_design_says(state: State | None, verb: str, facts: Facts, to: State) -> None:
    edge = edge_for(state, verb, facts)
    assert edge is not None
    assert edge.to is to


@pytest.mark.parametrize(
    ("state", "verb", "facts", "unmet"),
    [
        (State.ASSIGNED, "rectification.decline", Facts(decided_from_above=True), Condition.MAY_BE_DECLINED),
        (
            State.ASSIGNED,
            "rectification.decline",
            Facts(decline_limit_passed=True),
            Condition.MAY_BE_DECLINED,
        ),
        (State.ASSIGNED, "rectification.decline", Facts(times_declined=2), Condition.MAY_BE_DECLINED),
        (State.PLANNING, "rectification.approve_plan", Facts(), Condition.PLAN_WAITING),
        (State.PLANNING, "rectification.submit_plan", Facts(plan_waiting=True), Condition.NO_PLAN_WAITING),
        (State.NOTICED, "rectification.end_notice", Facts(), Condition.PERIOD_OVER),
        (State.CLOSURE_REVIEW, "rectification.to_standing_duty", Facts(), Condition.CONTINUOUS),
        (State.CLOSED, "rectification.file", Facts(filed=True), Condition.NOT_FILED),
    ],
)
def test_unmet_condition_is_named(state: State, verb: str, facts: Facts, unmet: Condition) -> None:
    assert edge_for(state, verb, facts) is None
    assert refusal(state, verb, facts).unmet == (unmet,)


@pytest.mark.parametrize(
    ("declined", "allowed", "who"),
    [(1, 2, Who.APPROVER), (2, 2, Who.LEADING_GROUP), (1, 1, Who.LEADING_GROUP), (2, 3, Who.APPROVER)],
)
def test_leading_group_decides_at_as_many_declines_as_policy_says(
    declined: int, allowed: int, who: Who
) -> None:
    facts = Facts(times_declined=declined, declines_allowed=allowed)
    edge = edge_for(State.PROPOSED, "rectification.issue_order", facts)
    assert edge is not None
    assert edge.who is who


@given(st.sampled_from([None, *State]), st.sampled_from(sorted(VERBS)), FACTS)
def test_verb_is_either_open_or_refused_with_what_would_be_accepted(
    state: State | None, verb: str, facts: Facts
) -> None:
    answer = refusal(state, verb, facts)
    if edge_for(state, verb, facts) is None:
        assert answer.unmet or state not in answer.may_follow
        assert set(answer.accepted_here) == {edge.verb for edge in allowed(state, facts)}
    else:
        assert verb in answer.accepted_here


def test_refusal_reads_as_a_sentence() -> None:
    assert refusal(State.PLANNING, "rectification.close").explain() == (
        "“制定方案”状态下不能“销号”；可以“销号”的状态：销号审定。现在可以：报送方案、并案、移送、认定不属实、终止办理。"
    )


def test_refusal_reads_in_english() -> None:
    assert refusal(State.NOTICED, "rectification.end_notice").explain("en") == (
        "“end the notice” in state “Under public notice” is accepted only if the period of notice is over. "
        "Accepted now: uphold an objection."
    )


@given(st.sampled_from([None, *State]), st.sampled_from(sorted(VERBS)), FACTS)
def test_refusal_can_be_said_in_both_languages(state: State | None, verb: str, facts: Facts) -> None:
    answer = refusal(state, verb, facts)
    assert answer.explain("zh-hans") != answer.explain("en")


def test_verb_that_is_no_step_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError, match="is not a step of the lifecycle"):
        refusal(State.CLOSED, "ledger.reopen")


@pytest.mark.parametrize(
    ("words", "things"),
    [
        (STATE_WORDS, State),
        (WHO_WORDS, Who),
        (NEED_WORDS, Need),
        (VERB_WORDS, VERBS),
        (CONDITION_WORDS, Condition),
        (RING_WORDS, range(1, 9)),
    ],
    ids=["state", "who", "need", "verb", "condition", "ring"],
)
def test_everything_has_a_word_in_both_languages(
    words: dict[object, tuple[str, str]], things: object
) -> None:
    assert set(words) == set(things)  # type: ignore[call-overload]
    assert all(zh and en for zh, en in words.values())


@pytest.mark.parametrize("needed", Need)
def test_every_need_is_asked_for_somewhere(needed: Need) -> None:
    assert any(needed in edge.needs for edge in EDGES)


@pytest.mark.parametrize("state", State)
def test_every_state_stands_on_the_ring(state: State) -> None:
    assert ring_stage(state) in RING_WORDS


def test_ring_is_complete() -> None:
    assert {ring_stage(state) for state in State} == set(RING_WORDS)


def test_standing_duty_belongs_to_the_stock() -> None:
    assert State.STANDING_DUTY in OPEN


@pytest.mark.parametrize("language", ["zh", "en"])
def test_diagram_shows_every_step(language: str) -> None:
    picture = diagram(language)
    for edge in EDGES:
        if edge.verb != IMPORT:
            assert f"    {edge.source or '[*]'} --> {edge.to}: " in picture


def test_documented_lifecycle_is_the_one_in_force() -> None:
    assert DOCUMENTATION.read_text(encoding="utf-8") == page()
