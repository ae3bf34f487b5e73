"""Who is proposed and why: over any history nobody closed, nobody twice, and never against what is written."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from bihuan.rectification.handling.rules import Facts, Pick, Terms, Why, lead_of, supporting_of, wants_sponsor

UNITS = [uuid.UUID(int=n) for n in range(1, 7)]
unit = st.sampled_from(UNITS)


@st.composite
def any_facts(draw):
    led = draw(st.dictionaries(unit, st.integers(1, 20), max_size=4))
    cases = sum(led.values())
    helped = draw(st.dictionaries(unit, st.integers(1, max(1, cases)), max_size=4)) if cases else {}
    return Facts(
        written=draw(st.none() | unit),
        steward=draw(st.none() | unit),
        territorial=draw(st.none() | unit),
        cases=cases,
        led=led,
        helped=helped,
        open_units=frozenset(draw(st.sets(unit))),
    )


terms = st.builds(Terms, st.integers(1, 10), st.integers(1, 100))


@given(any_facts(), terms)
def test_only_units_that_exist_are_proposed_and_nobody_twice(facts, terms):
    lead = lead_of(facts, terms)
    helping = supporting_of(facts, terms, lead.value if lead else None)
    named = [pick.value for pick in (*helping, *([lead] if lead else []))]
    assert set(named) <= facts.open_units
    assert len(named) == len(set(named))


@given(any_facts(), terms)
def test_what_is_written_stands(facts, terms):
    if facts.written in facts.open_units:
        assert lead_of(facts, terms) == Pick(facts.written, Why.WRITTEN)


@given(any_facts(), terms)
def test_a_habit_has_cases_enough_and_says_how_many(facts, terms):
    lead = lead_of(facts, terms)
    picks = [*supporting_of(facts, terms, None), *([lead] if lead else [])]
    for pick in picks:
        if pick.why is Why.USUAL:
            assert pick.of == facts.cases >= terms.least_cases
            assert pick.count * 100 >= terms.least_percent * pick.of


@given(any_facts(), terms)
def test_somebody_is_proposed_wherever_anybody_is_known(facts, terms):
    known = {facts.written, facts.steward, facts.territorial} & facts.open_units
    if known:
        assert lead_of(facts, terms) is not None


@given(any_facts(), terms, st.randoms())
def test_the_order_of_what_was_read_changes_nothing(facts, terms, random):
    turned = list(facts.led.items())
    random.shuffle(turned)
    other = Facts(**{name: getattr(facts, name) for name in Facts.__slots__} | {"led": dict(turned)})
    assert lead_of(other, terms) == lead_of(facts, terms)


def test_who_leads_most_goes_before_the_steward_and_the_steward_before_the_place():
    terms = Terms(3, 60)
    one, two, three, four = UNITS[:4]
    facts = Facts(steward=two, territorial=three, cases=4, led={one: 3, four: 1}, open_units=frozenset(UNITS))
    assert lead_of(facts, terms) == Pick(one, Why.USUAL, 3, 4)
    few = Facts(steward=two, territorial=three, cases=2, led={one: 2}, open_units=frozenset(UNITS))
    assert lead_of(few, terms) == Pick(two, Why.STEWARD)
    assert lead_of(Facts(territorial=three, open_units=frozenset(UNITS)), terms) == Pick(three, Why.TERRITORY)
    assert lead_of(Facts(written=one, steward=two, open_units=frozenset({two})), terms) == Pick(
        two, Why.STEWARD
    )
    assert lead_of(Facts(), terms) is None


def test_a_sponsor_from_a_grade_on_or_never():
    asked = {
        (grade, least)
        for grade in ("minor", "major", "severe")
        for least in ("minor", "major", "severe", "never")
        if wants_sponsor(grade, least)
    }
    assert asked == {
        ("minor", "minor"), ("major", "minor"), ("major", "major"),
        ("severe", "minor"), ("severe", "major"), ("severe", "severe"),
    }  # fmt: skip
