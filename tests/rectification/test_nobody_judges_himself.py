"""Nobody accepts their own work by any path: roles, stand-ins, appointments, units moved meanwhile, drawn at random.

Who did what is written down here, by the test, as it happens; the program's own account of it is not asked.
"""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from bihuan.approvals import actions as approvals
from bihuan.approvals.models import Step
from bihuan.journal.action import Refused
from bihuan.ledger.models import Problem
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import actor_in, seats_of
from bihuan.organizations.models import Person, Post, Role, Unit
from bihuan.rectification import actions as do
from bihuan.rectification.models import Measure
from tests.rectification.conftest import PASSED

pytestmark = pytest.mark.django_db

DOERS = ("handler", "liaison", "principal", "subordinate", "coordinator", "reviewer", "sector_handler")
JUDGES = ("acceptor", "source_authority", "decider", "outsider", *DOERS)


class History:
    """One problem from its plan to everybody's attempt to accept it."""

    def __init__(self, story, seed: int) -> None:
        self.story, self.cast, self.clock = story, story.cast, story.clock
        self.dice = random.Random(seed)
        self.hands: set = set()
        """Persons with a part in the work, and whom they stood in for."""
        self.doing: set = set()
        """Units with a part in the work."""
        (self.problem,) = story.assigned(grade="major")
        do.acknowledge([self.problem], actor=self.cast.liaison.actor)
        self.doing.add(self.cast.water.pk)

    @property
    def fresh(self) -> Problem:
        return Problem.objects.get(pk=self.problem.pk)

    # ---- who acts as whom

    def shuffle_seats(self) -> None:
        """Somebody is entrusted with another's post, or given a role, or a vacant post."""
        for _turn in range(3):
            post = getattr(self.cast, self.dice.choice(JUDGES)).post
            person = getattr(self.cast, self.dice.choice(JUDGES)).person
            today = self.clock.today
            try:
                organizations.appoint_stand_in(
                    post,
                    person=person,
                    since=today,
                    last_day=today,
                    reason="出差",
                    actor=self.cast.system,
                )
            except Refused:
                continue

    def grant_roles(self) -> None:
        for name in self.dice.sample(JUDGES, 4):
            try:
                organizations.grant_role(
                    Post.objects.get(pk=getattr(self.cast, name).post.pk),
                    role=Role.ACCEPTOR,
                    actor=self.cast.system,
                )
            except Refused:
                continue

    def move_units(self) -> None:
        moved, under = self.dice.sample(
            [self.cast.water, self.cast.station, self.cast.audit, self.cast.ecology, self.cast.office], 2
        )
        try:
            organizations.move_unit(
                Unit.objects.get(pk=moved.pk),
                parent=Unit.objects.get(pk=under.pk),
                reason="机构改革",
                actor=self.cast.system,
            )
        except Refused:
            return

    def seats(self, person: Person) -> list:
        return [actor_in(person, seat) for seat in seats_of(person, self.clock.today)]

    def somebody_as(self, post: Post):
        """Whoever may sit on that post today: its holder, or a stand-in."""
        chairs = [
            (person, seat)
            for person in Person.objects.filter(left_on=None)
            for seat in seats_of(person, self.clock.today)
            if seat.post.pk == post.pk
        ]
        person, seat = self.dice.choice(chairs)
        return SimpleNamespace(actor=actor_in(person, seat))

    def did(self, actor) -> None:
        self.hands |= {actor.person, actor.on_behalf_of} - {None}

    # ---- the work

    def work(self) -> None:
        handler = self.somebody_as(self.cast.handler.post)
        approval = self.story.plan(self.problem, by=handler).approval
        self.did(handler.actor)
        self.shuffle_seats()
        self.decide(approval)
        if self.dice.random() < 0.6:
            self.hand_down()
        self.move_units()
        for measure in self.story.measures(self.problem):
            if measure.children.exists():
                continue
            worker = self.somebody_as(measure.post or self.cast.handler.post)
            self.story.report(self.fresh, by=worker, measure=measure)
            self.did(worker.actor)
        prover = self.somebody_as(self.cast.handler.post)
        self.story.prove(self.fresh, by=prover)
        self.did(prover.actor)
        liaison = self.somebody_as(self.cast.liaison.post)
        do.apply_acceptance(
            self.fresh,
            self_check="已自验，达到目标。",
            deliberation=self.story.deliberated(self.fresh, "closure"),
            actor=liaison.actor,
        )
        self.did(liaison.actor)

    def decide(self, approval) -> None:
        while step := Step.objects.filter(approval=approval, state="pending").order_by("pk").first():
            decider = self.somebody_as(step.post)
            try:
                approvals.decide(step.approval, opinion="同意", actor=decider.actor)
            except Refused:
                # Whoever asked does not approve, as a stand-in either; somebody else sits there then.
                continue
            self.did(decider.actor)

    def hand_down(self) -> None:
        measure = self.story.measures(self.problem)[0]
        giver = self.somebody_as(self.cast.handler.post)
        do.hand_down(
            Measure.objects.get(pk=measure.pk),
            unit=self.cast.station,
            post=self.cast.subordinate.post,
            text="分给供水站",
            deadline=measure.deadline,
            deliverable=measure.deliverable,
            actor=giver.actor,
        )
        self.did(giver.actor)
        self.doing.add(self.cast.station.pk)

    # ---- everybody tries

    def attempts(self) -> list:
        """Everybody in every seat open to them, in any order."""
        found = [actor for person in Person.objects.filter(left_on=None) for actor in self.seats(person)]
        self.dice.shuffle(found)
        return found

    def stands_under_the_work(self, unit) -> bool:
        """By walking up the tree as it is, not by paths."""
        while unit is not None:
            if unit.pk in self.doing:
                return True
            unit = unit.parent
        return False

    def is_own(self, actor) -> bool:
        mine = {actor.person, actor.on_behalf_of} - {None}
        return bool(mine & self.hands) or self.stands_under_the_work(Unit.objects.get(pk=actor.unit))

    def judge(self, actor) -> bool:
        """Whether the program let them accept, or return, the work."""
        try:
            if self.dice.random() < 0.5:
                do.accept(self.fresh, opinion="到位", gates=PASSED, on_site=True, actor=actor)
            else:
                do.return_acceptance(
                    self.fresh, gates={"tasks": "failed"}, what_is_missing="缺竣工图", actor=actor
                )
        except Refused:
            return False
        return True


@pytest.mark.parametrize("seed", range(5))
def test_nobody_accepts_their_own_work_by_any_path(story, seed):
    history = History(story, seed)
    history.shuffle_seats()
    history.work()
    history.move_units()
    history.grant_roles()
    history.clock.go_on(history.dice.choice([0, 1]))
    history.shuffle_seats()
    own = [actor for actor in history.attempts() if history.is_own(actor)]
    for actor in own:
        assert not history.judge(actor), f"{actor.name} 验收了自己的整改"
    assert len(own) > 4
    # The others are not refused for the same reason: it is not that nobody gets through.
    if not history.is_own(history.cast.acceptor.actor):
        assert any(history.judge(actor) for actor in history.attempts())
