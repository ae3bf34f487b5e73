from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import Refused, Verb, system_only
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import Seat, actor_in
from bihuan.organizations.models import Role
from bihuan.rectification import actions as do
from bihuan.rectification.independence import Judge, Part, Work, dependences_of
from bihuan.rectification.models import Acceptance
from tests.rectification.conftest import PASSED, fresh

PERSONS = [uuid.UUID(int=number) for number in range(1, 8)]
PATHS = ["a", "a.b", "a.b.c", "a.d", "e", "ab"]


@st.composite
def works(draw):
    persons = {
        part: frozenset(draw(st.sets(st.sampled_from(PERSONS), max_size=2)))
        for part in draw(st.sets(st.sampled_from(list(Part))))
    }
    return Work(
        persons=persons,
        doing_paths=tuple(sorted(draw(st.sets(st.sampled_from(PATHS), max_size=3)))),
        accepted_last_round=frozenset(draw(st.sets(st.sampled_from(PERSONS), max_size=1))),
    )


judges = st.builds(
    Judge,
    person=st.sampled_from(PERSONS),
    principal=st.none() | st.sampled_from(PERSONS),
    unit_path=st.sampled_from(PATHS),
)


@given(judges, works())
def test_whoever_is_independent_had_no_part_and_stands_under_nobody(judge, work):
    if dependences_of(judge, work):
        return
    everybody = frozenset().union(*work.persons.values(), work.accepted_last_round)
    assert not everybody.intersection(judge.persons)
    assert not any((judge.unit_path + ".").startswith(path + ".") for path in work.doing_paths)


@given(judges, works())
def test_every_reason_against_a_judge_is_named(judge, work):
    named = dependences_of(judge, work)
    had = {part for part, persons in work.persons.items() if persons.intersection(judge.persons)}
    assert {one.part for one in named if one.part} == had
    assert any(one.judged_before for one in named) == bool(
        work.accepted_last_round.intersection(judge.persons)
    )


@given(judges, works())
def test_a_stand_in_is_never_freer_than_both_persons(judge, work):
    alone = Judge(judge.person, None, judge.unit_path)
    assert set(dependences_of(alone, work)) <= set(dependences_of(judge, work))


def test_a_name_that_only_begins_alike_is_no_subordinate():
    assert dependences_of(Judge(PERSONS[0], None, "ab"), Work(doing_paths=("a",))) == []


@pytest.mark.django_db
class TestInTheAction:
    def test_a_worker_with_the_acceptors_role_is_refused(self, story):
        problem = story.accepting()
        handler = story.cast.handler
        organizations.grant_role(handler.post, role=Role.ACCEPTOR, actor=story.cast.system)
        with pytest.raises(Refused, match="承办过整改"):
            story.accept(problem, by=handler)

    def test_an_idle_colleague_in_the_lead_unit_is_refused(self, story):
        problem = story.accepting()
        idle = story.cast.principal
        organizations.grant_role(idle.post, role=Role.ACCEPTOR, actor=story.cast.system)
        with pytest.raises(Refused, match="隶属于"):
            story.accept(problem, by=idle)

    def test_who_approved_the_plan_is_refused(self, story):
        problem = story.accepting()
        organizations.grant_role(story.cast.reviewer.post, role=Role.ACCEPTOR, actor=story.cast.system)
        with pytest.raises(Refused, match="审批过方案"):
            story.accept(problem, by=story.cast.reviewer)

    def test_a_stand_in_for_a_worker_is_refused(self, story):
        problem = story.accepting()
        acceptor = story.cast.acceptor
        actor = actor_in(
            acceptor.person, Seat(acceptor.post, frozenset({Role.ACCEPTOR}), story.cast.handler.person)
        )
        with pytest.raises(Refused, match="您或您代理的人"):
            do.accept(problem, opinion="到位", gates=PASSED, on_site=True, actor=actor)

    def test_the_acceptor_may_judge_again_in_the_same_round(self, story):
        problem = story.accepting()
        do.return_acceptance(
            problem, gates={"effect": "failed"}, what_is_missing="缺竣工图", actor=story.cast.acceptor.actor
        )
        story.apply(fresh([problem])[0])
        story.accept(fresh([problem])[0])
        assert [one.state for one in problem.acceptances.order_by("id")] == ["returned", "accepted"]

    def test_whoever_accepted_does_not_judge_the_round_after_a_rebound(self, story):
        cast, clock = story.cast, story.clock
        problem = story.under_review()
        story.close(problem)
        clock.go_on(5)
        planned = Lookback.objects.get(problem=problem)
        lookback.assign_lookback([planned], unit=cast.audit, actor=cast.coordinator.actor)
        planned.refresh_from_db()
        lookback.rebound(planned, opinion="又漏了", on=clock.today, actor=cast.inspector.actor)
        problem = fresh([problem])[0]
        assert (problem.state, problem.round) == ("rectifying", 2)
        story.decide(story.plan(problem).approval)
        for measure in story.measures(problem):
            story.report(problem, measure=measure)
        story.prove(problem)
        story.apply(fresh([problem])[0])
        with pytest.raises(Refused, match="反弹后应换人验收"):
            story.accept(fresh([problem])[0])
        # Another unit was sent to look back, so it sees the problem, and its acceptor had no part in round 1.
        organizations.grant_role(cast.source_authority.post, role=Role.ACCEPTOR, actor=cast.system)
        story.accept(fresh([problem])[0], by=cast.source_authority)
        assert fresh([problem])[0].state == "noticed"

    def test_the_paths_of_the_day_are_kept(self, story):
        problem = story.noticed()
        kept = Acceptance.objects.get(problem=problem)
        assert kept.acceptor_path == story.cast.inspection.path
        assert kept.lead_path == story.cast.water.path
        assert kept.doing_paths == [story.cast.water.path]


def rows_of(problem, story):
    """An accepted acceptance as somebody might write it past the action's own checks."""
    cast = story.cast
    return {
        "problem": problem,
        "round": problem.round,
        "state": "accepted",
        "self_check": "已自验",
        "applied_by": cast.liaison.person.pk,
        "applied_on": story.clock.today,
        "acceptor": cast.acceptor.person.pk,
        "acceptor_unit": cast.inspection,
        "acceptor_path": cast.inspection.path,
        "lead_path": cast.water.path,
        "doing_paths": [cast.water.path],
        "decided_on": story.clock.today,
    }


def _write(*, rows, actor):
    Acceptance.objects.create(**rows)


# Not registered: the program's own list of verbs (and the API made of it) must not learn of it.
write_acceptance = Verb("tests.write_acceptance", _write, system_only)


@pytest.mark.django_db
class TestInTheDatabase:
    def refuses(self, story, problem, **change):
        with pytest.raises(IntegrityError):
            write_acceptance(rows=rows_of(problem, story) | change, actor=story.cast.system)

    def test_an_independent_acceptance_is_taken(self, story):
        write_acceptance(rows=rows_of(story.accepting(), story), actor=story.cast.system)

    def test_the_reporter_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor=story.cast.handler.person.pk)

    def test_the_principal_of_a_stand_in_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor_principal=story.cast.handler.person.pk)

    def test_the_applicant_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor=story.cast.liaison.person.pk)

    def test_the_plans_approver_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor=story.cast.decider.person.pk)

    def test_a_unit_under_the_lead_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor_path=story.cast.station.path)

    def test_a_unit_under_another_doing_unit_is_refused(self, story):
        self.refuses(
            story, story.accepting(), doing_paths=[story.cast.water.path, story.cast.inspection.path]
        )

    def test_the_recorder_is_refused(self, story):
        self.refuses(story, story.accepting(), recorded_by=story.cast.acceptor.person.pk)

    def test_a_verdict_without_a_judge_is_refused(self, story):
        self.refuses(story, story.accepting(), acceptor=None)

    def test_whoever_accepted_the_round_before_is_refused(self, story):
        problem = story.noticed()
        self.refuses(story, problem, round=problem.round + 1)
