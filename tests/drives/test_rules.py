"""The lifecycle table of a line, walked at random, and the blank cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.rules import (
    DRIVE,
    LINE,
    OPEN_LINES,
    SETTLED_WHOLE,
    belongs,
    blank_cells,
    cells_of,
    is_to_be_moved,
    waits_for,
)
from bihuan.drives.verbs import Verb


def test_the_tables_speak_of_states_that_exist_and_reach_all_of_them():
    for table, model in ((LINE, DriveLine), (DRIVE, Drive)):
        known = set(model.State.values)
        reached = {model._meta.get_field("state").default, *table.values()}
        assert reached == known
        assert {state for state, _verb in table} <= known


@given(st.lists(st.sampled_from(sorted(Verb)), max_size=20))
def test_a_nil_return_is_always_prepared_before_it_is_signed(verbs):
    state, way = "asked", []
    for verb in verbs:
        to = LINE.get((state, verb))
        if to is not None:
            state = to
            way.append(verb)
    if state == "nil":
        assert way[-2:] == [Verb.PREPARE_NIL, Verb.SIGN_NIL]
    if state in SETTLED_WHOLE:
        assert state not in OPEN_LINES
        assert not any(start == state for start, _verb in LINE)


CELLS = cells_of("ab", ("x", "y"))


@given(
    st.sampled_from(DriveLine.State.values),
    st.dictionaries(st.sampled_from(CELLS), st.integers(0, 2)),
    st.sets(st.sampled_from([*CELLS, ("a", ""), ("b", "")])),
)
def test_a_cell_is_blank_only_if_nobody_accounts_for_it(state, found, explained):
    blank = blank_cells(state, CELLS, found, explained)
    for cell in CELLS:
        settled = state in SETTLED_WHOLE or found.get(cell, 0) > 0 or explained & {cell, (cell[0], "")}
        assert (cell in blank) is not bool(settled)


def test_without_sources_a_sector_is_one_cell():
    assert cells_of(["a", "b"], ()) == [("a", ""), ("b", "")]


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=4), st.sampled_from("xy"))
def test_a_problem_counts_in_its_sector_and_in_all_above(way, source):
    code = ".".join(way)
    for depth in range(1, len(way) + 1):
        above = ".".join(way[:depth])
        assert belongs((above, ""), code, source)
        assert belongs((above, source), code, source)
        assert not belongs((above, "z"), code, source)
    assert not belongs((f"{code}.c", ""), code, source)
    assert not belongs((f"{code}c", ""), code, source)


@given(st.sampled_from(DriveLine.State.values), st.booleans(), st.booleans())
def test_a_line_waits_only_while_it_is_open_and_a_nil_return_for_another_head(state, signs, prepared):
    waits = waits_for(state, signs=signs, prepared=prepared)
    assert not waits or state in OPEN_LINES
    if state == "nil_prepared":
        assert waits is (signs and not prepared)
    if state in ("asked", "acknowledged"):
        assert waits


@given(st.sampled_from(Drive.State.values), st.booleans(), st.integers(0, 3), st.booleans())
def test_a_drive_waits_for_the_office_only_where_it_can_go_on_or_is_overdue(state, mine, asked, late):
    moves = is_to_be_moved(state, mine=mine, asked=asked, late=late)
    assert moves is {"draft": not mine, "issued": asked == 0 or late}.get(state, False)
