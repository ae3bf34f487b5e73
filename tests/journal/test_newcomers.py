"""Rows made by the thousand are what Django makes of the same words, and their first event says the same."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal import encoding
from bihuan.journal.identity import new_id
from bihuan.journal.newcomers import note_new
from bihuan.journal.open_action import Actor, OpenAction, _open
from bihuan.journal.records import Row, business_models
from bihuan.ledger.models import Finding, FindingLink, Involvement, Problem
from bihuan.organizations.models import Unit

ID = uuid.UUID(int=7 << 76)
ACTOR = Actor.the_system("tests")
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
FACTS = st.fixed_dictionaries(
    {
        "title": WORDS,
        "text": WORDS,
        "problem_no": WORDS,
        "registered_on": DAYS,
        "state": st.just("rectifying"),
    },
    optional={
        "amount": st.decimals(-1000, 1000, places=3).map(Decimal),
        "progress": st.integers(0, 100),
        "basis": WORDS,
        "closed_on": st.none() | DAYS | DAYS.map(dt.date.isoformat),
        "plan_owed": st.booleans(),
        "lead_unit_id": st.none() | st.uuids() | st.uuids().map(str),
    },
)


def held(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


def drafts(note: Any, row: Row) -> OpenAction:
    act = OpenAction("tests.note", ACTOR, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "default")
    act.born.add(row.stream)
    token = _open.set(act)
    try:
        note(act)
    finally:
        _open.reset(token)
    return act


@pytest.mark.parametrize("model", business_models(), ids=lambda model: model._meta.label_lower)
def test_a_new_row_holds_what_djangos_constructor_gives_it(model: type[Row]) -> None:
    quick, plain = model.newly(id=ID), model(id=ID)
    own = {
        field.attname for field in model._meta.concrete_fields if field.default in {uuid.uuid4, new_id}
    } - {"id"}
    assert [
        name for name, value in held(plain).items() if held(quick)[name] != value and name not in own
    ] == []
    assert held(quick).keys() == held(plain).keys()
    assert (quick._state.adding, quick._state.db) == (plain._state.adding, plain._state.db)


def test_keys_may_be_given_as_rows_or_by_column() -> None:
    problem, unit = Problem(id=ID), Unit(id=ID)
    quick = Involvement.newly(id=ID, problem=problem, unit=unit, body=None, role="lead")
    plain = Involvement(id=ID, problem=problem, unit=unit, body=None, role="lead")
    assert held(quick) == held(plain)
    assert quick._state.fields_cache == plain._state.fields_cache
    assert FindingLink.newly(problem_id=ID).stream == ID


def test_a_column_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="no column 'tittle'"):
        Problem.newly(tittle="错字")


def test_two_rows_share_no_container() -> None:
    assert Finding.newly().heading is not Finding.newly().heading


@given(FACTS)
def test_the_first_event_says_what_saving_one_row_says(facts: dict[str, Any]) -> None:
    quick, plain = Problem.newly(id=ID, **facts), Problem(id=ID, **facts)
    together = drafts(lambda act: note_new(act, [quick]), quick)
    alone = drafts(lambda _act: plain.note_changes(), plain)
    assert together.drafts == alone.drafts
    assert together.touched.keys() == alone.touched.keys()
    assert held(quick) == held(plain)


def test_what_is_remembered_does_not_change_with_the_row() -> None:
    row = Finding.newly(id=ID, heading=["一"])
    row.remember()
    row.heading.append("二")
    row.text = "改过"
    memory = row._loaded
    assert memory is not None
    assert (memory["heading"], memory["text"]) == (["一"], "")
    assert memory.keys() == {field.attname for field in Finding._meta.concrete_fields}


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | DAYS | st.uuids(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(WORDS | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(PARTS)
def test_a_container_copied_quickly_is_what_spelling_its_parts_gives(value: Any) -> None:
    def spelt() -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(encoding, "_copied", lambda _value: None)
            return encoding._plain(value)

    try:
        expected = spelt()
    except TypeError:
        with pytest.raises(TypeError):
            encoding._plain(value)
    else:
        assert encoding._plain(value) == expected
