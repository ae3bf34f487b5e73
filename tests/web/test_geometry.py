from __future__ import annotations

from datetime import date, timedelta
from math import atan2, degrees, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.web.geometry import LABELS, STAGES, rail, segment

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))
SPANS = st.integers(min_value=0, max_value=2000)


def points(path: str) -> list[tuple[float, float]]:
    """Start, end of the outer arc, start and end of the inner one."""
    numbers = path.replace("M", "").replace("Z", "")
    outer, inner = numbers.split("L")
    first, arc = outer.split("A")
    third, back = inner.split("A")
    ends = [first.split(), arc.split()[-2:], third.split(), back.split()[-2:]]
    return [(float(x), float(y)) for x, y in ends]


def angle(point: tuple[float, float]) -> float:
    return degrees(atan2(point[0], -point[1])) % 360


@pytest.mark.parametrize("stage", range(1, STAGES + 1))
def test_a_segment_lies_between_its_two_circles(stage):
    radii = [round(hypot(*point)) for point in points(segment(stage, 104, 84))]
    assert radii == [104, 104, 84, 84]


@pytest.mark.parametrize("stage", range(1, STAGES))
def test_the_next_segment_begins_after_this_one_ends(stage):
    end = angle(points(segment(stage, 104, 84))[1])
    start = angle(points(segment(stage + 1, 104, 84))[0])
    assert 0 < start - end < 3


def test_the_first_segment_is_centred_at_the_top():
    first, last = points(segment(1, 104, 84))[:2]
    assert first[0] == -last[0]
    assert first[1] == last[1] < 0


def test_no_label_leaves_the_drawing():
    assert all(-162 < x < 162 and -152 < y < 152 for x, y in LABELS)


@given(start=DAYS, to_due=SPANS, to_today=SPANS, to_first=st.none() | SPANS)
def test_everything_on_the_rail_stays_on_it(start, to_due, to_today, to_first):
    due, today = start + timedelta(to_due), start + timedelta(to_today)
    first = None if to_first is None else start + timedelta(to_first)
    drawn = rail(start, today, due, first)
    for place in (drawn.today, drawn.due, drawn.first or 0):
        assert 0 <= place <= 99


@given(start=DAYS, to_due=SPANS, to_today=SPANS)
def test_what_is_later_stands_further_right(start, to_due, to_today):
    drawn = rail(start, start + timedelta(to_today), start + timedelta(to_due), None)
    assert (drawn.today > drawn.due) == (to_today > to_due) or abs(to_today - to_due) <= 1


@given(start=DAYS, to_due=SPANS, to_today=SPANS)
def test_it_is_overdue_only_after_the_due_day(start, to_due, to_today):
    drawn = rail(start, start + timedelta(to_today), start + timedelta(to_due), None)
    assert drawn.overdue == (to_today > to_due)


def test_a_deadline_that_did_not_move_has_no_first_pin():
    due = date(2026, 12, 15)
    assert rail(date(2026, 4, 2), date(2026, 11, 23), due, due).first is None


def test_a_date_before_the_start_is_drawn_at_the_start():
    drawn = rail(date(2026, 4, 2), date(2026, 3, 1), date(2026, 12, 15), None)
    assert drawn.today == rail(date(2026, 4, 2), date(2026, 4, 2), date(2026, 12, 15), None).today
