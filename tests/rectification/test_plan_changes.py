"""Two versions of a plan side by side: nothing is lost between them, and what differs is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rectification.plan_changes import Became, Content, Line, compared, origins_of

DAY = dt.date(2026, 6, 1)
words = st.sampled_from(["更换管网", "分区计量", "开展排查", "修订制度", ""])
ids = st.integers(0, 9).map(lambda number: UUID(int=number))


@st.composite
def contents(draw):
    origins = draw(st.lists(ids, unique=True, max_size=6))
    lines = [
        Line(
            origin=origin,
            number=str(place),
            text=draw(words),
            unit=draw(st.sampled_from(["水务局", "供水站"])),
            deadline=DAY + dt.timedelta(draw(st.integers(0, 3))),
            deliverable="资料",
            under=draw(st.sampled_from([None, *origins[: place - 1]])),
        )
        for place, origin in enumerate(origins, start=1)
    ]
    assurances = draw(st.dictionaries(st.sampled_from(["funds", "measures"]), words))
    return Content(goal=draw(words), lines=lines, assurances=assurances, similar_cases=draw(words))


@given(contents(), contents())
def test_every_measure_of_both_versions_appears_once_in_its_order(before, after):
    found = compared(before, after).lines
    assert [line.after for line in found if line.after] == list(after.lines)
    assert sorted((line.before for line in found if line.before), key=lambda one: one.number) == list(
        before.lines
    )


@given(contents())
def test_a_version_beside_itself_differs_in_nothing(content):
    assert not compared(content, content).differs


@given(contents(), contents())
def test_what_is_called_unchanged_is_the_same_in_every_field(before, after):
    for line in compared(before, after).lines:
        if line.became is Became.SAME:
            assert (line.before.text, line.before.unit, line.before.deadline) == (
                line.after.text,
                line.after.unit,
                line.after.deadline,
            )
        if line.became is Became.CHANGED:
            assert line.fields


@given(contents(), contents())
def test_the_other_way_round_additions_are_removals(before, after):
    there, back = compared(before, after), compared(after, before)
    assert there.count(Became.ADDED) == back.count(Became.REMOVED)
    assert there.count(Became.REMOVED) == back.count(Became.ADDED)


LINE = Line(origin=UUID(int=1), number="1", text="更换管网", unit="水务局", deadline=DAY, deliverable="资料")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"text": "更换管网十公里"}, ("text",)),
        ({"unit": "供水站", "deadline": DAY + dt.timedelta(1)}, ("unit", "deadline")),
        ({"number": "2"}, ()),
        ({"under": UUID(int=7)}, ("under",)),
    ],
)
def test_the_fields_that_differ_are_named(change, fields):
    before = Content(goal="", lines=[LINE], assurances={})
    after = Content(goal="", lines=[replace(LINE, **change)], assurances={})
    (line,) = compared(before, after).lines
    assert line.fields == fields


def test_the_same_words_are_the_same_measure_where_nothing_says_so():
    before = Content(goal="", lines=[LINE], assurances={})
    after = Content(goal="", lines=[replace(LINE, origin=UUID(int=2), text="更换 管网。")], assurances={})
    (line,) = compared(before, after).lines
    assert (line.became, line.fields) == (Became.CHANGED, ("text",))


@given(st.dictionaries(ids, st.none() | ids))
def test_an_origin_continues_nothing_that_is_known(continues):
    """Even where rows were tampered with into a circle, it ends."""
    found = origins_of(continues)
    assert found.keys() == continues.keys()
    for measure, origin in found.items():
        if continues[measure] is None:
            assert origin == measure
