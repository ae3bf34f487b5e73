"""Problems go through their lives at random: whatever people try, in whatever order, the laws hold after each step."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from bihuan.approvals import actions as approvals
from bihuan.approvals.models import Step
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.partition import verify_partition
from bihuan.ledger.lifecycle import EDGES, allowed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import can_see
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.organizations import actions as organizations
from bihuan.organizations.models import Role
from bihuan.rectification import actions as do
from bihuan.rectification.circumstances import circumstances
from bihuan.rectification.independence import Judge, dependences_of
from bihuan.rectification.independence_facts import work_of
from bihuan.rectification.models import Acceptance, Objection, Plan, PublicNotice
from bihuan.rectification.offers import offers_for
from tests.rectification.conftest import PASSED, upload

pytestmark = pytest.mark.django_db

STEPS_OF_A_WALK = 50
# Forward more often than aside, or no walk would come to an end.
FORWARD = {"finish": 4, "report_progress": 2, "apply_acceptance": 8, "accept": 5, "end_notice": 8, "close": 5}
SEVERAL_STEPS = {"order", "finish", "object", "rebound"}


class Nothing(Refused):
    """There is nothing yet that this could be tried on."""


class Walker:
    """Somebody tries something; every move is made with arguments that would be right in the right state."""

    def __init__(self, story, seed):
        self.story, self.cast, self.clock = story, story.cast, story.clock
        self.dice = random.Random(seed)
        self.serial = seed * 1000
        kind = self.dice.choice(["by_date", "continuous"])
        grade = self.dice.choice(["minor", "major"])
        # A second acceptor, for the round after a rebound.
        organizations.grant_role(self.cast.source_authority.post, role=Role.ACCEPTOR, actor=self.cast.system)
        (self.problem,) = story.proposed(grade=grade, rectification_kind=kind)
        self.people = [
            self.cast.coordinator, self.cast.reviewer, self.cast.handler, self.cast.liaison, self.cast.subordinate,
            self.cast.acceptor, self.cast.source_authority, self.cast.decider, self.cast.outsider, self.cast.sector_handler,
        ]  # fmt: skip

    @property
    def moves(self):
        return [name.removeprefix("try_") for name in dir(self) if name.startswith("try_")]

    def reload(self):
        self.problem = Problem.objects.get(pk=self.problem.pk)

    # Each try takes who tries; what it needs it finds or makes up.

    def try_order(self, who):
        order = do.draft_order([self.problem], title="交办单", actor=who.actor)
        do.submit_order(order, actor=who.actor)
        self.story.decide(order.approval)
        do.issue_order(order, document_no="〔2026〕1号", issued_on=self.clock.today, actor=who.actor)

    def try_acknowledge(self, who):
        do.acknowledge([self.problem], actor=who.actor)

    def try_decline(self, who):
        do.decline(self.problem, reason="不归我", proposed_unit=self.cast.ecology, actor=who.actor)

    def try_submit_plan(self, who):
        self.story.plan(self.problem, self.measure(), self.measure(), by=who)

    def try_propose_amendment(self, who):
        do.propose_amendment(
            self.problem,
            reason="情况变化",
            goal="到位",
            measures=[self.measure()],
            five_assurances={},
            actor=who.actor,
        )

    def try_decide(self, who):
        step = Step.objects.filter(state="pending", approval__state="pending").order_by("pk").first()
        if step is None:
            raise Nothing("no decision waits")
        approvals.decide(step.approval, approve=self.dice.random() < 0.8, opinion="见批注", actor=who.actor)

    def try_hand_down(self, who):
        measures = self.story.measures(self.problem)
        if not measures:
            raise Nothing("no measure")
        measure = self.dice.choice(measures)
        do.hand_down(
            measure,
            unit=self.cast.station,
            post=self.cast.subordinate.post,
            text="分给供水站",
            deadline=measure.deadline,
            deliverable="竣工图",
            actor=who.actor,
        )

    def try_report_progress(self, who):
        measures = self.story.measures(self.problem)
        self.story.report(
            self.problem,
            by=who,
            percent=self.dice.choice([50, 100]),
            measure=self.dice.choice(measures or [None]),
        )

    def try_finish(self, who):
        for measure in self.story.measures(self.problem):
            if not measure.children.exists():
                self.story.report(self.problem, by=who, measure=measure)

    def try_add_evidence(self, who):
        self.serial += 1
        self.story.prove(self.problem, by=who, upload=upload(f"材料 {self.serial}"))

    def try_ask_extension(self, who):
        do.ask_extension(
            self.problem,
            new_deadline=self.problem.external_deadline + dt.timedelta(20),
            reason="延误",
            new_plan="赶工",
            actor=who.actor,
        )

    def try_ask_suspension(self, who):
        do.ask_suspension(
            self.problem, reason="诉讼", resume_by=self.clock.today + dt.timedelta(30), actor=who.actor
        )

    def try_resume(self, who):
        do.resume(self.problem, reason="恢复", actor=who.actor)

    def try_apply_acceptance(self, who):
        do.apply_acceptance(
            self.problem,
            self_check="已自验",
            deliberation=self.story.deliberated(self.problem, "closure"),
            actor=who.actor,
        )

    def try_accept(self, who):
        do.accept(self.problem, opinion="到位", gates=PASSED, on_site=True, actor=who.actor)

    def try_return_acceptance(self, who):
        do.return_acceptance(
            self.problem, gates={"effect": "failed"}, what_is_missing="缺图", actor=who.actor
        )

    def try_object(self, who):
        notice = PublicNotice.objects.filter(problem=self.problem).order_by("-id").first()
        if notice is None:
            raise Nothing("no notice")
        heard = do.hear_objection(notice, text="仍漏", received_on=self.clock.today, actor=who.actor)
        verb = self.dice.choice([do.object_to_result, do.dismiss_objection])
        verb(notice, objection=heard.pk, finding="核实", actor=who.actor)

    def try_end_notice(self, who):
        do.end_notice(self.problem, actor=who.actor)

    def try_close(self, who):
        self.story.close(self.problem, by=who)

    def try_to_standing_duty(self, who):
        do.to_standing_duty(
            [self.problem],
            minutes_no="〔2026〕2号",
            decided_on=self.clock.today,
            opinion="转常态",
            actor=who.actor,
        )

    def try_propose_closure(self, who):
        do.propose_closure(self.problem, reason="机制见效", actor=who.actor)

    def try_return_closure(self, who):
        do.return_closure(self.problem, what_is_missing="不够", actor=who.actor)

    def try_file(self, who):
        do.file_closure([self.problem], filing_no="备〔2026〕1号", filed_on=self.clock.today, actor=who.actor)

    def try_rebound(self, who):
        planned = Lookback.objects.filter(problem=self.problem, state="scheduled").first()
        if planned is None:
            raise Nothing("no look-back")
        lookback.assign_lookback([planned], unit=self.cast.audit, actor=self.cast.coordinator.actor)
        planned.refresh_from_db()
        lookback.rebound(planned, opinion="又漏了", on=self.clock.today, actor=self.cast.inspector.actor)

    def measure(self):
        return self.story.draft(deadline=self.clock.today + dt.timedelta(1))

    # ---- the walk itself

    def step(self):
        self.clock.go_on(self.dice.choice([0, 0, 1, 3]))
        self.reload()
        name, who = self.choose()
        before, events = self.problem.state, self.events()
        offered = {offer.verb: offer for offer in offers_for(who.actor, self.problem)}
        refused = self.attempt(name, who)
        self.reload()
        if refused is None:
            assert self.problem.state == before or self.has_edge(before, self.problem.state), (name, before)
        else:
            # A move of several steps may have got through its first; a single one leaves no trace at all.
            if name not in SEVERAL_STEPS:
                assert (self.problem.state, self.events()) == (before, events), (name, str(refused))
            if name not in {"decide", *SEVERAL_STEPS} and not can_see(who.actor, self.problem):
                assert isinstance(refused, NotVisible | Nothing), (name, str(refused))
            self.compare(name, offered, refused)
        self.check()
        return name

    def attempt(self, name, who):
        """The refusal, or None where it was carried out."""
        try:
            getattr(self, f"try_{name}")(who)
        except Refused as refused:
            return refused
        return None

    def choose(self):
        """Mostly something that is offered to somebody, sometimes anything by anybody."""
        if self.dice.random() < 0.8:
            waiting = (
                Step.objects.filter(state="pending", approval__state="pending").select_related("post").first()
            )
            if waiting is not None:
                return "decide", next(one for one in self.people if one.post.pk == waiting.post_id)
            if self.problem.state == "closed" and self.problem.round == 1:
                return "rebound", self.cast.coordinator
            choices = self.offered()
            if choices:
                names = sorted({name for name, _who in choices})
                (name,) = self.dice.choices(names, [FORWARD.get(name, 1) for name in names])
                return name, self.dice.choice([who for other, who in choices if other == name])
        return self.dice.choice(self.moves), self.dice.choice(self.people)

    def offered(self):
        """What some of the people are offered, by the names of our moves."""
        names = {"draft_order": "order", "report_progress": "finish"}
        found = [
            (offer.verb.value.partition(".")[2], who)
            for who in self.dice.sample(self.people, 5)
            for offer in offers_for(who.actor, self.problem)
            if not offer.why_not
        ]
        return [(names.get(name, name), who) for name, who in found if names.get(name, name) in self.moves]

    def compare(self, name, offered, refused):
        """What a button promises by capacity the action does not deny."""
        offer = offered.get(f"rectification.{name}")
        if offer is not None and not offer.why_not and name not in {"report_progress", "hand_down"}:
            assert not isinstance(refused, NotAllowed), (name, str(refused))

    def events(self):
        return JournalEvent.objects.filter(stream=self.problem.pk).count()

    def has_edge(self, before, after):
        pairs = {(edge.source, edge.to) for edge in EDGES}
        direct = (State(before), State(after)) in pairs
        return direct or (before, after) == (State.PROPOSED, State.PLANNING)

    def check(self):
        facts = circumstances(self.problem)
        assert allowed(State(self.problem.state), facts), f"no way out of {self.problem.state}"
        work = work_of(self.problem)
        judged = Acceptance.objects.filter(problem=self.problem, round=self.problem.round).exclude(
            state="applied"
        )
        for one in judged.filter(acceptor__isnull=False):
            judge = Judge(one.acceptor, one.acceptor_principal, one.acceptor_path)
            assert dependences_of(judge, work) == []
        waiting = Plan.objects.filter(
            problem=self.problem, round=self.problem.round, state="submitted", reason=""
        ).exists()
        assert self.problem.plan_waiting == waiting
        assert 0 <= self.problem.progress <= 100
        if self.problem.first_deadline is not None:
            assert self.problem.internal_deadline <= self.problem.external_deadline


@pytest.mark.parametrize("seed", range(3))
def test_the_laws_hold_wherever_a_problem_goes(story, seed):
    walker = Walker(story, seed)
    tried = [walker.step() for _turn in range(STEPS_OF_A_WALK)]
    assert len(set(tried)) > 8
    faults = [found for name in partitions() for found in verify_partition(name).found]
    assert faults == []
    assert not Objection.objects.filter(upheld=None, notice__state="ended").exists()
