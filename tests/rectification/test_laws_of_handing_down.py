"""Handing down, giving back, amending and putting off at random, while units move: the laws hold after every step."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.evidence_needs import owing_in
from bihuan.rectification.measures import plan_in_force
from bihuan.rectification.models import Measure
from bihuan.rectification.plan_versions import place_of
from bihuan.rectification.rules import HandDown, HandDownFault, fault_of_hand_down, items_of, rolled_up
from tests.rectification.conftest import fresh

DAY = dt.date(2026, 6, 1)
STEPS = 20
DELIVERABLES = ("竣工图", "照片", "检测报告", "台账")


# ---- the pure rules -------------------------------------------------------------------------------------------------


@st.composite
def trees(draw):
    size = draw(st.integers(1, 25))
    parents = {0: None} | {place: draw(st.none() | st.integers(0, place - 1)) for place in range(1, size)}
    return parents, {one: draw(st.integers(0, 100)) for one in parents}


@given(trees())
def test_every_measure_lies_between_the_least_and_the_most_of_its_parts(tree):
    parents, reported = tree
    found = rolled_up(parents, reported)
    for one in [*parents, None]:
        parts = [found[part] for part, parent in parents.items() if parent == one]
        if parts:
            assert min(parts) <= found[one] <= max(parts)


units = st.integers(0, 5)
steps = st.tuples(units, st.integers(-5, 5), st.none() | st.integers(100, 104), st.booleans())


@given(units, st.lists(steps, max_size=12))
def test_no_way_down_returns_to_a_unit_it_has_left_or_gets_more_time(first, asked):
    """Whatever is asked and wherever units have been moved meanwhile: what the rule lets through keeps the law."""
    way, posts, deadline = [first], [], DAY
    for unit, days, post, subordinate in asked:
        facts = HandDown(
            unit=unit,
            chain=tuple(reversed(way)),
            is_subordinate=subordinate,
            is_open=True,
            deadline=deadline + dt.timedelta(days),
            parent_deadline=deadline,
            parent_done=False,
            post=post,
            posts=frozenset(posts),
        )
        if fault_of_hand_down(facts, DAY - dt.timedelta(60)) is None:
            assert facts.deadline <= deadline
            way.append(unit)
            deadline = facts.deadline
            posts += [post] if post else []
    left = [unit for unit, after in zip(way, [*way[1:], None], strict=True) if unit != after]
    assert len(left) == len(set(left))


def test_a_person_is_not_handed_the_same_task_twice():
    facts = HandDown(
        unit=1, chain=(1, 0), is_subordinate=True, is_open=True, deadline=DAY, parent_deadline=DAY,
        parent_done=False, post=7, posts=frozenset({7}),
    )  # fmt: skip
    assert fault_of_hand_down(facts, DAY) is HandDownFault.CIRCULAR


# ---- the actions themselves -----------------------------------------------------------------------------------------


class Hands:
    """A water bureau with a station and two crews, and everything that can happen to what it hands down."""

    def __init__(self, story, seed):
        self.story, self.cast, self.dice = story, story.cast, random.Random(seed)
        self.problem = story.rectifying(
            story.draft(deliverable="竣工图、照片"), story.draft(text="分区计量", deliverable="台账")
        )
        self.crews = [
            organizations.create_unit(
                name=f"管网{name}班", code=f"CREW-{name}", kind="section", level=3,
                parent=self.cast.station, actor=self.cast.system,
            )
            for name in "甲乙"
        ]  # fmt: skip
        self.units = [self.cast.water, self.cast.station, *self.crews]
        self.hands = [self.cast.handler, self.cast.subordinate]

    def measures(self):
        (self.problem,) = fresh([self.problem])
        return self.story.measures(self.problem)

    def any_measure(self):
        return self.dice.choice(sorted(self.measures(), key=lambda one: place_of(one.number)))

    def try_hand_down(self):
        measure = self.any_measure()
        unit = self.dice.choice(self.units)
        do.hand_down(
            measure,
            unit=type(unit).objects.get(pk=unit.pk),
            text="分给下面办",
            deadline=measure.deadline + dt.timedelta(self.dice.choice([-9, -1, 0, 0, 1])),
            deliverable=self.dice.choice(DELIVERABLES),
            post=self.dice.choice([None, None, self.cast.handler.post]),
            actor=self.dice.choice(self.hands).actor,
        )

    def try_give_back(self):
        tasks = [one for one in self.measures() if one.handed_down_by]
        if tasks:
            do.give_back(self.dice.choice(tasks), reason="办不了", actor=self.dice.choice(self.hands).actor)

    def try_report(self):
        self.story.report(
            *fresh([self.problem]),
            measure=self.any_measure(),
            percent=self.dice.choice([10, 50, 80]),
            by=self.dice.choice(self.hands),
        )

    def try_amend(self):
        drafts = self.drafts(None, self.measures())
        amended = do.propose_amendment(
            self.problem,
            reason="情况变化",
            goal="漏损率降到百分之九",
            measures=drafts,
            five_assurances={},
            actor=self.cast.handler.actor,
        )
        # Work goes on while the amendment waits.
        for _time in range(self.dice.randint(0, 3)):
            self.attempt(self.try_hand_down)
        before = self.measures()
        self.story.decide(amended.approval, approve=self.dice.random() < 0.8)
        self.no_task_is_lost(before)

    def no_task_is_lost(self, before):
        """What was handed down goes on wherever the measure it serves does."""
        after = {one.continues_id or one.pk for one in self.measures()} | {one.pk for one in self.measures()}
        for one in before:
            assert one.handed_down_by is None or one.parent_id not in after or one.pk in after

    def drafts(self, parent, measures):
        """The tree as it is, here and there with another day or other deliverables, now and then with less in it."""
        found = []
        for one in measures:
            if one.parent_id != parent or (one.handed_down_by is None and self.dice.random() < 0.1 and found):
                continue
            found.append(
                self.story.draft(
                    text=one.text,
                    unit=one.unit_id,
                    deadline=one.deadline + dt.timedelta(self.dice.choice([-2, 0, 0, 3])),
                    deliverable=self.dice.choice([one.deliverable, self.dice.choice(DELIVERABLES)]),
                    continues=one.pk,
                    parts=tuple(self.drafts(one.pk, measures)),
                )
            )
        return found

    def try_extend(self):
        extension = do.ask_extension(
            *fresh([self.problem]),
            new_deadline=self.problem.external_deadline + dt.timedelta(15),
            reason="管材未到",
            new_plan="赶工",
            actor=self.cast.handler.actor,
        )
        self.story.decide(extension.approval, approve=self.dice.random() < 0.7)

    def try_move_unit(self):
        unit, parent = self.dice.choice(self.units[1:]), self.dice.choice(self.units)
        fresh_units = [type(one).objects.get(pk=one.pk) for one in (unit, parent)]
        organizations.move_unit(
            fresh_units[0], parent=fresh_units[1], reason="机构调整", actor=self.cast.system
        )

    def attempt(self, move):
        try:
            move()
        except (Refused, NotAllowed):
            return False
        return True

    def step(self):
        self.story.clock.go_on(self.dice.choice([0, 1]))
        moves = [self.try_hand_down] * 5 + [self.try_give_back, self.try_report] * 2 + [self.try_amend] * 4
        done = self.attempt(self.dice.choice([*moves, self.try_extend, self.try_move_unit]))
        self.check()
        return done

    def check(self):
        measures = self.measures()
        by_id = {one.pk: one for one in measures}
        owed = {one.pk: set(items_of(due)) for one, due in owing_in(measures)}
        for one in measures:
            assert one.state != Measure.State.RETURNED
            above = by_id.get(one.parent_id) if one.parent_id else None
            assert one.parent_id is None or above is not None
            assert one.deadline <= (above.deadline if above else self.problem.external_deadline)
            way = self.way_up(one, by_id)
            assert len(way) <= 6
            branch = [other for other in measures if one in self.way_up(other, by_id)]
            still = {item for other in branch for item in owed.get(other.pk, ())}
            assert all(any(item in due for due in still) for item in items_of(one.deliverable)), (
                one.deliverable
            )
            parts = [other.progress for other in measures if other.parent_id == one.pk]
            assert not parts or min(parts) <= one.progress <= max(parts)
        tops = [one.progress for one in measures if one.parent_id is None]
        assert min(tops) <= self.problem.progress <= max(tops)

    def way_up(self, one, by_id):
        way = [one]
        while way[-1].parent_id is not None:
            way.append(by_id[way[-1].parent_id])
            assert len(way) <= len(by_id), "a circle"
        return way


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_nothing_loosens_on_its_way_down_whatever_happens(story, seed):
    hands = Hands(story, seed)
    done = [hands.step() for _turn in range(STEPS)]
    assert sum(done) >= STEPS // 4
    assert plan_in_force(hands.problem) is not None
    assert [found for name in partitions() for found in verify_partition(name).found] == []
