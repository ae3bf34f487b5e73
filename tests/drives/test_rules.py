"""The lifecycle table of a line, walked at random, and the blank cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.rules import DRIVE, LINE, OPEN_LINES, SETTLED_WHOLE, blank_sectors
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


@given(
    st.sampled_from(DriveLine.State.values),
    st.sets(st.sampled_from("abcd")),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)),
    st.sets(st.sampled_from("abcd")),
)
def test_a_cell_is_blank_only_if_nobody_accounts_for_it(state, sectors, found, explained):
    blank = set(blank_sectors(state, sorted(sectors), found, explained))
    for code in sectors:
        settled = state in SETTLED_WHOLE or found.get(code, 0) > 0 or code in explained
        assert (code in blank) is not settled
