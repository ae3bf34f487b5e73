"""验收组: several judge one application, each alone; the chair concludes what they found, when all have signed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from bihuan.authenticity.policy import sees_doubts
from bihuan.journal.action import NotAllowed, NotVisible, Refused, Verb, system_only
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import can_see
from bihuan.lookback.independence import before_of
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import Seat, actor_in
from bihuan.organizations.models import Role
from bihuan.rectification import actions as do
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.actions.closure import refuse_involved
from bihuan.rectification.independence_facts import accepted_in
from bihuan.rectification.models import Acceptance, AcceptancePanel, Panellist
from bihuan.rectification.panel_reading import panels_of, read_panels
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import PASSED, fresh

MET = PASSED
NOT_MET = PASSED | {"effect": "failed"}
EXPERTS = ("acceptor", "inspector", "sector_handler")


@pytest.fixture
def seated(story, open_account, shelf):
    """A problem that waits, and a panel of three from three units: acceptor (chair), auditor, ecologist."""

    def made():
        problem = story.accepting()
        return problem.pk, seat(story, open_account, problem).pk, story.serial

    problem, panel, story.serial = shelf.stage(("panel",), made)
    return Problem.objects.get(pk=problem), AcceptancePanel.objects.get(pk=panel)


def seat(story, open_account, problem, names=EXPERTS, **more):
    for name in names:
        open_account(getattr(story.cast, name))
    posts = [getattr(story.cast, name).post for name in names]
    return do.set_up_panel(
        problem, **({"members": posts, "chair": posts[0]} | more), actor=story.cast.acceptor.actor
    )


def sign(story, panel, name, gates=None, opinion="逐项看过，同意。"):
    return do.sign_panel(panel, gates=gates or MET, opinion=opinion, actor=getattr(story.cast, name).actor)


def all_sign(story, panel, *against, names=EXPERTS):
    for name in names:
        sign(story, panel, name, NOT_MET if name in against else MET)


@pytest.mark.django_db
class TestAPanel:
    def test_all_sign_the_chair_concludes_and_dissent_stays(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "inspector")
        story.accept(problem)
        problem, panel = fresh([problem])[0], AcceptancePanel.objects.get()
        assert (problem.state, panel.state) == ("noticed", "concluded")
        assert panel.acceptance == Acceptance.objects.get(state="accepted")
        (read,) = read_panels(panels_of(problem))
        assert [(one.name, one.met, one.dissents) for one in read.sitting] == [
            ("严峻", True, False),
            ("温故", False, True),
            ("方晴", True, False),
        ]
        assert read.sitting[1].failed == (str(GATES["effect"]),)

    def test_the_chair_waits_for_every_signature(self, story, seated):
        problem, panel = seated
        sign(story, panel, "acceptor")
        sign(story, panel, "inspector")
        with pytest.raises(Refused, match="还有 1 人没有签署：方晴"):
            story.accept(problem)
        with pytest.raises(Refused, match="还有 1 人没有签署"):
            do.return_acceptance(
                problem, gates={"effect": "failed"}, what_is_missing="缺台账", actor=story.cast.acceptor.actor
            )

    def test_a_conclusion_against_the_majority_is_refused_both_ways(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "inspector", "sector_handler")
        with pytest.raises(Refused, match="3 人签署，1 人同意通过"):
            story.accept(problem)
        do.return_acceptance(
            problem, gates={"effect": "failed"}, what_is_missing="效果未达标", actor=story.cast.acceptor.actor
        )
        assert fresh([problem])[0].state == "rectifying"
        assert AcceptancePanel.objects.get().state == "concluded"

    def test_what_was_found_done_is_not_sent_back_by_the_chair(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "inspector")
        with pytest.raises(Refused, match="应验收通过"):
            do.return_acceptance(
                problem, gates={"effect": "failed"}, what_is_missing="缺", actor=story.cast.acceptor.actor
            )

    def test_a_gate_nobody_failed_is_not_named(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "acceptor", "inspector")
        with pytest.raises(Refused, match="没有成员认为这一关未通过"):
            do.return_acceptance(
                problem, gates={"lasting": "failed"}, what_is_missing="缺", actor=story.cast.acceptor.actor
            )

    def test_only_the_chair_concludes(self, story, seated):
        problem, panel = seated
        all_sign(story, panel)
        organizations.grant_role(story.cast.inspector.post, role=Role.ACCEPTOR, actor=THE_SYSTEM)
        with pytest.raises(NotAllowed, match="结论由组长作出"):
            story.accept(problem, by=story.cast.inspector)

    def test_signed_once_and_never_changed(self, story, seated):
        _problem, panel = seated
        sign(story, panel, "inspector")
        with pytest.raises(Refused, match="您已经签署"):
            sign(story, panel, "inspector", NOT_MET)
        row = Panellist.objects.get(state="signed")

        def body(panel, *, actor):
            row.met = False
            row.save()

        rub_out = Verb("tests.rub_out", body, system_only)
        with pytest.raises(IntegrityError, match="what was signed is not changed"):
            rub_out(panel, actor=THE_SYSTEM)

    def test_every_gate_is_answered(self, story, seated):
        _problem, panel = seated
        with pytest.raises(Refused, match="五关没有逐项判断"):
            sign(story, panel, "inspector", {"tasks": "passed"})

    def test_members_see_the_case_and_its_doubts_and_only_they(self, story, open_account):
        problem = story.accepting()
        ecologist = story.cast.sector_handler
        before = can_see(story.cast.source_authority.actor, problem)
        seat(story, open_account, problem, ("acceptor", "sector_handler"))
        problem = fresh([problem])[0]
        assert can_see(ecologist.actor, problem)
        assert sees_doubts(ecologist.actor, problem)
        assert can_see(story.cast.source_authority.actor, problem) == before
        assert not sees_doubts(story.cast.county_handler.actor, problem)

    def test_outsiders_learn_nothing_and_insiders_are_told_no(self, story, seated):
        _problem, panel = seated
        with pytest.raises(NotVisible):
            sign(story, panel, "outsider")
        with pytest.raises(NotAllowed, match="您不是这个验收组的成员"):
            sign(story, panel, "handler")
        with pytest.raises(NotAllowed):
            do.dissolve_panel(panel, reason="不想验了", actor=story.cast.handler.actor)

    def test_nobody_signs_for_a_member(self, story, seated):
        _problem, panel = seated
        inspector, other = story.cast.inspector, story.cast.source_authority
        stand_in = actor_in(other.person, Seat(inspector.post, frozenset(), inspector.person))
        with pytest.raises(NotAllowed, match="不能代签"):
            do.sign_panel(panel, gates=MET, opinion="代签", actor=stand_in)


@pytest.mark.django_db
class TestIndependence:
    @pytest.mark.parametrize("name", ["handler", "liaison", "subordinate"])
    def test_who_worked_or_stands_below_does_not_sit(self, story, open_account, name):
        problem = story.accepting()
        with pytest.raises(Refused, match="不能参加验收组"):
            seat(story, open_account, problem, ("acceptor", name))

    def test_who_approved_the_plan_does_not_sit(self, story, open_account):
        problem = story.accepting()
        with pytest.raises(Refused, match="审批过方案"):
            seat(story, open_account, problem, ("acceptor", "reviewer"))

    def test_the_database_refuses_a_member_who_had_a_part(self, story, seated):
        _problem, panel = seated

        def body(panel, *, actor):
            one = story.cast.handler
            Panellist.objects.create(
                panel=panel,
                ordinal=9,
                post=one.post,
                person=one.person.pk,
                unit=story.cast.audit,
                unit_path=story.cast.audit.path,
            )

        sit_anyway = Verb("tests.sit_anyway", body, system_only)
        with pytest.raises(IntegrityError, match="had a part in the work"):
            sit_anyway(panel, actor=THE_SYSTEM)
        assert Panellist.objects.count() == len(EXPERTS)

    def test_the_database_refuses_a_member_below_the_lead(self, story, seated):
        _problem, panel = seated

        def body(panel, *, actor):
            one = story.cast.station_principal
            Panellist.objects.create(
                panel=panel,
                ordinal=9,
                post=one.post,
                person=one.person.pk,
                unit=one.unit,
                unit_path=one.unit.path,
            )

        sit_below = Verb("tests.sit_below", body, system_only)
        with pytest.raises(IntegrityError, match="stands under the lead unit"):
            sit_below(panel, actor=THE_SYSTEM)

    def test_the_database_refuses_an_acceptance_whose_panel_has_not_signed(self, story, seated):
        _problem, panel = seated
        acceptor = story.cast.acceptor

        def body(acceptance, *, actor):
            acceptance.state, acceptance.acceptor = "accepted", acceptor.person.pk
            acceptance.acceptor_path, acceptance.lead_path = acceptor.unit.path, story.cast.water.path
            acceptance.save()

        accept_anyway = Verb("tests.accept_anyway", body, system_only)
        with pytest.raises(IntegrityError, match="not every member of the panel has signed"):
            accept_anyway(panel.acceptance, actor=THE_SYSTEM)

    def test_a_member_counts_as_having_accepted_whoever_asks(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "inspector")
        story.accept(problem)
        problem = fresh([problem])[0]
        member = story.cast.sector_handler
        assert member.person.pk in before_of(problem).accepted_by
        assert accepted_in([member.person.pk], [problem]) == {problem.pk}
        with pytest.raises(Refused, match="验收了这个问题"):
            refuse_involved(problem, member.actor)

    def test_a_member_does_not_work_in_the_round_they_judged(self, story, seated):
        problem, panel = seated
        all_sign(story, panel, "acceptor", "inspector")
        do.return_acceptance(
            problem, gates={"effect": "failed"}, what_is_missing="效果未达标", actor=story.cast.acceptor.actor
        )
        problem = fresh([problem])[0]
        moved = actor_in(story.cast.sector_handler.person, Seat(story.cast.handler.post, frozenset()))
        with pytest.raises(IntegrityError, match="signed in a panel of this round may not work in it"):
            do.report_progress(
                problem,
                measure=story.measures(problem)[0],
                on=story.clock.today,
                percent=100,
                facts="补报。",
                actor=moved,
            )


@pytest.mark.django_db
class TestSeats:
    def test_replaced_before_signing_with_a_reason_never_after(self, story, seated, open_account):
        problem, panel = seated
        member = Panellist.objects.get(person=story.cast.sector_handler.person.pk)
        other = story.cast.source_authority
        open_account(other)
        with pytest.raises(Refused, match="更换理由"):
            do.replace_panellist(
                panel, member=member.pk, by=other.post, reason=" ", actor=story.cast.acceptor.actor
            )
        do.replace_panellist(
            panel, member=member.pk, by=other.post, reason="出差在外", actor=story.cast.acceptor.actor
        )
        problem = fresh([problem])[0]
        # The ecologist still sees what the sector shows its steward, but has no seat to sign in.
        with pytest.raises(NotAllowed):
            sign(story, panel, "sector_handler")
        signed = sign(story, panel, "source_authority")
        with pytest.raises(Refused, match="已经签署的成员不能更换"):
            do.replace_panellist(
                panel,
                member=signed.pk,
                by=story.cast.sector_handler.post,
                reason="意见不合",
                actor=story.cast.acceptor.actor,
            )
        (read,) = read_panels(panels_of(problem))
        assert [one.replaced_why for one in read.signatures if one.replaced_why] == ["出差在外"]

    def test_dissolved_only_before_anybody_signed(self, story, seated, open_account):
        problem, panel = seated
        do.dissolve_panel(panel, reason="改为单人验收", actor=story.cast.acceptor.actor)
        again = seat(story, open_account, fresh([problem])[0])
        sign(story, again, "inspector")
        with pytest.raises(Refused, match="已经有人签署，不能撤销"):
            do.dissolve_panel(again, reason="意见不合", actor=story.cast.acceptor.actor)

    def test_the_chair_must_accept_by_office(self, story, open_account):
        problem = story.accepting()
        with pytest.raises(Refused, match="组长要由验收岗担任"):
            seat(story, open_account, problem, chair=story.cast.inspector.post)

    def test_another_chair_speaks_for_the_signatures_that_are_there(self, story, seated):
        problem, panel = seated
        all_sign(story, panel)
        member = Panellist.objects.get(person=story.cast.inspector.person.pk)
        with pytest.raises(Refused, match="组长要由验收岗担任"):
            do.change_chair(panel, member=member.pk, reason="原组长调离", actor=story.cast.acceptor.actor)
        organizations.grant_role(story.cast.inspector.post, role=Role.ACCEPTOR, actor=THE_SYSTEM)
        do.change_chair(panel, member=member.pk, reason="原组长调离", actor=story.cast.acceptor.actor)
        with pytest.raises(NotAllowed):
            story.accept(problem)
        story.accept(problem, by=story.cast.inspector)
        assert fresh([problem])[0].state == "noticed"

    def test_without_an_account_nobody_can_sign(self, story):
        problem = story.accepting()
        posts = [story.cast.acceptor.post, story.cast.inspector.post]
        with pytest.raises(Refused, match="还没有账号"):
            do.set_up_panel(problem, members=posts, chair=posts[0], actor=story.cast.acceptor.actor)

    def test_one_person_one_panel(self, story, seated, open_account):
        problem, _panel = seated
        with pytest.raises(Refused, match="已经有验收组"):
            seat(story, open_account, problem)
