"""Who covers a vacancy: the nearest chair on the way up in which somebody sits who may; pure."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from bihuan.organizations.rules import Chair, covering

IDS = [uuid.UUID(int=number) for number in range(1, 7)]
people = st.frozensets(st.sampled_from(IDS), max_size=3)
lines = st.lists(
    st.builds(Chair, post=st.sampled_from(IDS), people=people), max_size=6, unique_by=lambda c: c.post
)


@given(line=lines, vacant=st.sampled_from(IDS), barred=people)
def test_the_nearest_who_may_covers_and_nobody_is_passed_over(line, vacant, barred):
    found = covering(line, vacant=vacant, barred=barred)
    able = [chair for chair in line if chair.post != vacant and chair.people - barred]
    assert found == (able[0] if able else None)


@given(line=lines, vacant=st.sampled_from(IDS), barred=people)
def test_a_vacancy_never_covers_itself_nor_does_who_is_kept_out(line, vacant, barred):
    found = covering(line, vacant=vacant, barred=barred)
    assert found is None or (found.post != vacant and not found.people <= barred)


@given(line=lines, more=st.builds(Chair, post=st.just(uuid.UUID(int=99)), people=people))
def test_whoever_comes_in_further_up_takes_nothing_from_who_is_nearer(line, more):
    found = covering(line)
    if found is not None:
        assert covering([*line, more]) == found
