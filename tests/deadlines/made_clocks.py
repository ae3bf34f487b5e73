"""Clocks, policies and days made up at random, for the rules to be tried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from bihuan.deadlines.rules import Clock, Light, Thresholds
from bihuan.ledger.schedules import PlannedPart

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
START = date(2026, 3, 2)
DUE = date(2026, 6, 10)  # a hundred days later, so that a day is a per cent
DEFAULT = Thresholds()


def a_clock(**changes: object) -> Clock:
    return replace(Clock(start=START, due=DUE, first_due=DUE), **changes)  # type: ignore[arg-type]


@st.composite
def parts(draw: st.DrawFn, start: date, due: date) -> tuple[PlannedPart, ...]:
    """The measures of a plan: within the days of the whole or begun before them, some with milestones, in order."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        ends = start + timedelta(days=draw(st.integers(0, (due - start).days)))
        days = sorted(draw(st.sets(st.integers(0, 200), max_size=3)))
        percents = sorted(draw(st.sets(st.integers(1, 100), min_size=len(days), max_size=len(days))))
        milestones = [
            (ends - timedelta(days=days[-1] - day), percent)
            for day, percent in zip(days, percents, strict=True)
        ]
        begins = ends - timedelta(days=draw(st.integers(0, 220)))
        found.append(PlannedPart(str(number + 1), begins, ends, tuple(milestones)))
    return tuple(found)


@st.composite
def clocks(draw: st.DrawFn, *, counts_hours: bool = False) -> Clock:
    start = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    length = draw(st.integers(0, 200))
    paused = draw(st.integers(0, 20))
    put_off = draw(st.sampled_from([0, 0, 5, 40]))
    due = start + timedelta(days=length + paused + put_off)
    due_at, began_at = None, None
    if counts_hours or draw(st.booleans()):
        due_at = datetime(due.year, due.month, due.day, draw(st.integers(0, 23)), 30, tzinfo=CHINA)
        if counts_hours or draw(st.booleans()):
            began_at = due_at - timedelta(hours=draw(st.integers(1, 24 * (length + 1))))
    return Clock(
        start=start,
        due=due,
        first_due=start + timedelta(days=length),
        due_at=due_at,
        began_at=began_at,
        progress=draw(st.none() | st.integers(0, 100)),
        parts=draw(st.just(()) | parts(start, due)),
        suspended_days=paused,
        raised_to=draw(st.sampled_from([None, None, Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED])),
    )


@st.composite
def policies(draw: st.DrawFn) -> Thresholds:
    blue, yellow, orange = sorted(draw(st.lists(st.integers(0, 30), min_size=3, max_size=3)), reverse=True)
    gaps = sorted(draw(st.lists(st.integers(0, 60), min_size=2, max_size=2)))
    values = {
        "blue_days": blue,
        "yellow_days": yellow,
        "orange_days": orange,
        "gap_yellow": gaps[0],
        "gap_orange": gaps[1],
    }
    for switched_off in draw(st.sets(st.sampled_from(sorted(values)), max_size=2)):
        values[switched_off] = None
    mildest = draw(st.sampled_from([Light.GREEN, Light.BLUE, Light.YELLOW]))
    return Thresholds(**values, extended_at_least=mildest)


@st.composite
def clocks_on_a_day(draw: st.DrawFn, *, counts_hours: bool = False) -> tuple[Clock, date]:
    clock = draw(clocks(counts_hours=counts_hours))
    return clock, clock.start + timedelta(days=draw(st.integers(-40, 300)))
