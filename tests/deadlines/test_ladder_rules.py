"""The ladder's rule over random histories: once, in order, one at a time, and never for what stands still."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.calendars.rules import WorkingCalendar, add_working_days
from bihuan.deadlines.ladder.rules import (
    UPPER,
    Climbed,
    Decision,
    Facts,
    Firing,
    Ladder,
    Reminders,
    Rung,
    RungTerms,
    Trigger,
    Wait,
    decide,
)
from bihuan.deadlines.rules import Light
from bihuan.policies.ladder_shapes import LadderShape, starting_ladder

START = dt.date(2026, 3, 2)
HOLIDAYS = WorkingCalendar(
    {dt.date(2026, 4, 6): False, dt.date(2026, 5, 1): False, dt.date(2026, 5, 9): True}
)
LADDER = Ladder.from_record(starting_ladder((5, 15, 30, 45, 60), 10))
DUE = dt.date(2026, 4, 30)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def facts(**more: Any) -> Facts:
    return Facts(**({"rectification": True, "running": True, "started": START, "due": DUE} | more))


def over(count: int, due: dt.date = DUE) -> dt.date:
    return add_working_days(due, count, HOLIDAYS)


def rungs(decision: Decision) -> list[Rung]:
    return [firing.rung for firing in decision.fires]


def test_the_starting_ladders_are_what_their_shape_accepts():
    body = starting_ladder((3, 8, 15, 25, 40), 5)
    assert LadderShape.model_validate(body).model_dump(mode="json") == body


def test_ten_working_days_before_a_reminder_is_sent_once():
    ten_before = dt.date(2026, 4, 16)
    assert decide(facts(), LADDER, ten_before - dt.timedelta(days=1), HOLIDAYS) == Decision(
        next_look=ten_before, awaited=Rung.SUPERVISION_LETTER
    )
    (firing,) = decide(facts(), LADDER, ten_before, HOLIDAYS).fires
    assert (firing.rung, firing.trigger, firing.number) == (Rung.REMINDER, Trigger.COMING, -10)
    assert decide(facts(reminded=-10), LADDER, ten_before, HOLIDAYS).fires == ()


def test_of_reminders_missed_only_the_latest_is_sent():
    (firing,) = decide(facts(), LADDER, over(2), HOLIDAYS).fires
    assert firing.number == 1


def test_nobody_is_reminded_of_a_day_before_the_clock_began():
    short = facts(started=DUE - dt.timedelta(days=2))
    assert decide(short, LADDER, DUE, HOLIDAYS).fires == ()
    assert [one.number for one in decide(short, LADDER, over(1), HOLIDAYS).fires] == [1]


BEGAN = dt.datetime(2026, 4, 29, 14, 0, tzinfo=dt.UTC)
IN_HOURS = {"started": BEGAN.date(), "began_at": BEGAN, "due_at": BEGAN + dt.timedelta(hours=24)}


@pytest.mark.parametrize(("hours", "numbers"), [(0, []), (19.9, []), (20, [0]), (24, [0])])
def test_four_hours_before_its_instant_a_deadline_in_hours_is_reminded_of(hours, numbers):
    now = BEGAN + dt.timedelta(hours=hours)
    found = decide(facts(**IN_HOURS), LADDER, now.date(), HOLIDAYS, now=now)
    assert [one.number for one in found.fires] == numbers
    if not numbers:
        assert found.next_look == DUE
    else:
        again = decide(facts(**IN_HOURS, reminded=0), LADDER, now.date(), HOLIDAYS, now=now)
        assert again.fires == ()


def test_hours_given_that_are_fewer_than_the_reminders_are_reminded_of_afterwards_only():
    short = {**IN_HOURS, "due_at": BEGAN + dt.timedelta(hours=3)}
    now = BEGAN + dt.timedelta(hours=2)
    assert decide(facts(**short, due=now.date()), LADDER, now.date(), HOLIDAYS, now=now).fires == ()


def test_days_off_are_not_counted():
    # The first of May is one, and the ninth, a Saturday, is worked.
    assert decide(facts(reminded=9), LADDER, dt.date(2026, 5, 7), HOLIDAYS).fires == ()
    (firing,) = decide(facts(reminded=9), LADDER, dt.date(2026, 5, 8), HOLIDAYS).fires
    assert firing.data["working_days"] == 5


def test_two_yellow_lights_call_for_a_letter_and_one_does_not():
    assert rungs(decide(facts(yellows=1), LADDER, day(3), HOLIDAYS)) == []
    (firing,) = decide(facts(yellows=2), LADDER, day(3), HOLIDAYS).fires
    assert (firing.rung, firing.trigger) == (Rung.SUPERVISION_LETTER, Trigger.YELLOWS)


def test_what_concerns_the_case_is_not_told_again_by_its_lesser_clocks():
    assert rungs(decide(facts(yellows=2, rectification=False), LADDER, day(3), HOLIDAYS)) == []


def test_who_accepts_is_reminded_and_not_supervised():
    waits = facts(presses_lead=False, rectification=False, yellows=9, light=Light.RED)
    assert rungs(decide(waits, LADDER, over(30), HOLIDAYS)) == [Rung.REMINDER]


def test_an_unsettled_proposal_holds_the_next_one_up():
    letter = Climbed(rung=Rung.SUPERVISION_LETTER, due=DUE)
    found = decide(facts(climbed=(letter,), conduct=True), LADDER, over(50), HOLIDAYS)
    assert found == Decision(wait=Wait.PROPOSAL, awaited=Rung.CIRCULAR)


def test_above_the_letter_conduct_must_have_been_determined():
    letter = Climbed(rung=Rung.SUPERVISION_LETTER, due=DUE, settled_on=over(6))
    without = decide(facts(climbed=(letter,)), LADDER, over(20), HOLIDAYS)
    assert without == Decision(wait=Wait.CONDUCT, awaited=Rung.CIRCULAR)
    assert rungs(decide(facts(climbed=(letter,), conduct=True), LADDER, over(20), HOLIDAYS)) == [
        Rung.CIRCULAR
    ]


def test_between_two_rungs_time_is_given():
    letter = Climbed(rung=Rung.SUPERVISION_LETTER, due=DUE, settled_on=over(40))
    found = decide(facts(climbed=(letter,), conduct=True), LADDER, over(41), HOLIDAYS)
    assert (found.fires, found.next_look) == ((), over(50))


def test_a_policy_may_begin_higher_for_what_is_critical():
    higher = replace(LADDER, critical_starts_at=Rung.CIRCULAR)
    assert decide(facts(critical=True, yellows=2), higher, day(3), HOLIDAYS).awaited is Rung.CIRCULAR
    assert decide(facts(yellows=2), higher, day(3), HOLIDAYS).awaited is Rung.SUPERVISION_LETTER


def test_a_later_deadline_is_reminded_of_anew():
    letter = Climbed(rung=Rung.SUPERVISION_LETTER, due=DUE, settled_on=over(6))
    later = DUE + dt.timedelta(days=60)
    moved = facts(due=later, climbed=(letter,))
    assert [one.number for one in decide(moved, LADDER, later, HOLIDAYS).fires] == [-3]


@pytest.mark.parametrize("rung", UPPER)
def test_a_stopped_clock_asks_for_nothing(rung):
    assert decide(facts(running=False, light=Light.RED, yellows=9), LADDER, over(99), HOLIDAYS) == Decision()


counts = st.one_of(st.none(), st.integers(1, 12))
terms = st.builds(
    RungTerms,
    rung=st.just(Rung.REMINDER),
    every_clock=st.booleans(),
    after_days=counts,
    at_light=st.sampled_from([None, Light.YELLOW, Light.ORANGE, Light.RED]),
    yellows=st.one_of(st.none(), st.integers(1, 3)),
    returns=st.one_of(st.none(), st.integers(1, 3)),
    gap_days=st.integers(0, 6),
    needs_conduct=st.booleans(),
)
ladders = st.builds(
    lambda reminders, each, start, critical: Ladder(
        reminders=reminders,
        rungs=tuple(replace(one, rung=rung) for one, rung in zip(each, UPPER, strict=True)),
        starts_at=start,
        critical_starts_at=critical,
    ),
    st.builds(
        Reminders,
        every_clock=st.booleans(),
        before=st.lists(st.integers(0, 12), max_size=2, unique=True).map(tuple),
        after=counts,
        every=st.integers(1, 5),
        most=st.integers(1, 4),
    ),
    st.tuples(*[terms] * len(UPPER)),
    st.sampled_from(UPPER),
    st.sampled_from(UPPER),
)
EVENTS = ("extend", "suspend", "resume", "end", "return", "light", "settle", "conduct", "busy", "free")
histories = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 9)), max_size=25)


@dataclass
class Case:
    """One clock lived through day by day, its program looking in every day or only when it is told to."""

    facts: Facts
    ladder: Ladder
    daily: bool
    look: dt.date | None = START
    fired: list[tuple[dt.date, Firing, Facts]] = field(default_factory=list)

    def live(self, history: list[tuple[str, int]]) -> None:
        now = START
        for event, number in history:
            self.happen(event, number, now)
            self.look = now
            for _ in range(number + 1):
                if self.daily or (self.look is not None and self.look <= now):
                    self.sweep(now)
                now += dt.timedelta(days=1)

    def happen(self, event: str, number: int, now: dt.date) -> None:
        known = self.facts
        changes: dict[str, dict[str, Any]] = {
            "suspend": {"running": False},
            "end": {"running": number > 0 and known.running},
            "resume": {"running": True},
            "return": {"returns": known.returns + 1},
            "conduct": {"conduct": True},
            "busy": {"busy": True},
            "free": {"busy": False},
            "settle": {
                "climbed": tuple(replace(one, settled_on=one.settled_on or now) for one in known.climbed)
            },
        }
        if event == "extend":
            self.facts = replace(known, due=known.due + dt.timedelta(days=number + 1), reminded=None)
        elif event == "light":
            light = (Light.GREEN, Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED)[number % 5]
            darker = light.severity >= Light.YELLOW.severity > known.light.severity
            self.facts = replace(known, light=light, yellows=known.yellows + darker)
        else:
            self.facts = replace(known, **changes[event])

    def sweep(self, now: dt.date) -> None:
        found = decide(self.facts, self.ladder, now, HOLIDAYS)
        assert found.next_look is None or found.next_look > now
        for firing in found.fires:
            self.fired.append((now, firing, self.facts))
            if firing.rung is Rung.REMINDER:
                self.facts = replace(self.facts, reminded=firing.number)
            else:
                one = Climbed(rung=firing.rung, due=self.facts.due)
                self.facts = replace(self.facts, climbed=(*self.facts.climbed, one))
        again = decide(self.facts, self.ladder, now, HOLIDAYS)
        assert again.fires == ()
        self.look = again.next_look


cases = st.builds(
    facts,
    rectification=st.booleans(),
    critical=st.booleans(),
    due=st.integers(3, 40).map(day),
)


@settings(deadline=None)
@given(begun=cases, ladder=ladders, history=histories)
def test_each_rung_comes_once_in_order_and_one_at_a_time(begun, ladder, history):
    case = Case(begun, ladder, daily=True)
    case.live(history)
    upper = [firing.rung for _day, firing, _facts in case.fired if firing.rung is not Rung.REMINDER]
    assert upper == sorted(set(upper), key=lambda rung: rung.height)
    for now, firing, known in case.fired:
        assert known.running
        if firing.rung is Rung.REMINDER:
            assert all(one.due != known.due for one in known.climbed)
            continue
        assert not known.busy
        assert all(one.settled_on is not None for one in known.climbed)
        said = next(one for one in ladder.rungs if one.rung is firing.rung)
        assert known.conduct or not said.needs_conduct
        for one in known.climbed:
            assert now >= add_working_days(one.settled_on, said.gap_days, HOLIDAYS)


@settings(deadline=None)
@given(begun=cases, ladder=ladders, history=histories)
def test_no_rung_is_skipped_unless_the_policy_says_so(begun, ladder, history):
    case = Case(begun, ladder, daily=True)
    case.live(history)
    start = ladder.critical_starts_at if begun.critical else ladder.starts_at
    used = [
        one.rung
        for one in ladder.rungs
        if one.is_used and one.rung.height >= start.height and (begun.rectification or one.every_clock)
    ]
    upper = [firing.rung for _day, firing, _facts in case.fired if firing.rung is not Rung.REMINDER]
    assert upper == used[: len(upper)]


@settings(deadline=None)
@given(begun=cases, ladder=ladders, history=histories)
def test_a_step_of_the_reminders_is_sent_once_for_each_deadline(begun, ladder, history):
    case = Case(begun, ladder, daily=True)
    case.live(history)
    sent = [(known.due, firing.number) for _day, firing, known in case.fired if not firing.rung.height]
    assert sent == sorted(set(sent))


@settings(deadline=None)
@given(begun=cases, ladder=ladders, history=histories)
def test_looking_only_on_the_day_told_misses_nothing(begun, ladder, history):
    daily, told = Case(begun, ladder, daily=True), Case(begun, ladder, daily=False)
    daily.live(history)
    told.live(history)
    assert told.fired == daily.fired
