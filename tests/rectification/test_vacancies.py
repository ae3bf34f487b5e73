"""岗位空缺: a duty addressed to nobody falls to the principal above, raises an alarm, and comes back when somebody sits."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.approvals import actions as approvals
from bihuan.approvals.queries import waiting_for
from bihuan.journal.action import NotAllowed, NotVisible
from bihuan.journal.models import JournalEvent
from bihuan.messages.models import Message
from bihuan.organizations import actions as organizations
from bihuan.organizations.jobs import keep_alarms
from bihuan.organizations.models import Vacancy
from bihuan.rectification import actions as do
from bihuan.rectification import queries
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def leave(*players):
    for player in players:
        organizations.end_tenure(player.post, actor=THE_SYSTEM)


def told(player, kind):
    return Message.objects.filter(to_person=player.person.pk, kind=kind).exists()


def planned(story):
    """A plan that waits for the countersignature of the lead unit's principal."""
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    approval = story.plan(problem).approval
    approvals.add_signer(
        approval, post=story.cast.principal.post, name="会签", actor=story.cast.handler.actor
    )
    return problem, approval


def test_a_post_vacated_while_a_case_waits_for_it_is_covered_from_above(story):
    problem, approval = planned(story)
    leave(story.cast.principal)
    assert keep_alarms() == 1
    row = Vacancy.objects.get()
    assert (row.post, row.falls_to) == (story.cast.principal.post, story.cast.mayor.post)
    assert told(story.cast.mayor, "organizations.covered")
    assert [step.approval for step in waiting_for(story.cast.mayor.actor)] == [approval]
    with pytest.raises(NotAllowed, match="现在轮到"):
        approvals.decide(approval, actor=story.cast.decider.actor)
    approvals.decide(approval, actor=story.cast.mayor.actor)
    step = approval.steps.get(post=story.cast.principal.post)
    assert (step.decided_by, step.decided_by_name) == (
        story.cast.mayor.person.pk,
        "陈启明（市长，代空缺岗位）",
    )
    assert fresh([problem])[0].state in {"planning", "rectifying"}


def test_when_the_post_is_filled_the_alarm_ends_by_itself_and_the_cover_decides_no_more(story, clock):
    _problem, approval = planned(story)
    leave(story.cast.principal)
    keep_alarms()
    clock.go_on(1)
    new = organizations.create_person(name="齐新", actor=THE_SYSTEM)
    organizations.appoint(story.cast.principal.post, person=new, actor=THE_SYSTEM)
    with pytest.raises(NotAllowed, match="现在轮到"):
        approvals.decide(approval, actor=story.cast.mayor.actor)
    assert keep_alarms() == 1
    assert Vacancy.objects.get().until == clock.today
    assert not waiting_for(story.cast.mayor.actor).exists()
    assert JournalEvent.objects.filter(kind="vacancy").count() == 2


def test_a_new_step_at_a_vacant_post_tells_who_covers_it(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    approval = story.plan(problem).approval
    approvals.add_signer(
        approval, post=story.cast.principal.post, name="会签", after=True, actor=story.cast.handler.actor
    )
    leave(story.cast.principal)
    assert not told(story.cast.mayor, "approvals.waiting")
    approvals.decide(approval, actor=story.cast.reviewer.actor)
    assert told(story.cast.mayor, "approvals.waiting")


def test_nothing_waits_and_nothing_is_raised(cast):
    leave(cast.principal, cast.deputy)
    assert keep_alarms() == 0
    assert not Vacancy.objects.exists()


def test_a_second_look_raises_nothing_twice(story):
    planned(story)
    leave(story.cast.principal)
    assert [keep_alarms(), keep_alarms()] == [1, 0]


def test_with_the_whole_chain_vacant_the_alarm_says_so(story, client_as):
    _problem, approval = planned(story)
    leave(story.cast.principal, story.cast.mayor)
    keep_alarms()
    row = Vacancy.objects.get(post=story.cast.principal.post)
    assert row.falls_to is None
    page = client_as(story.cast.coordinator).get(reverse("desk:home")).content.decode()
    assert "直到最上级都空缺" in page
    assert "“市水务局局长”无人任职" in page
    for player in (story.cast.deputy, story.cast.decider):
        with pytest.raises(NotAllowed):
            approvals.decide(approval, actor=player.actor)


def test_a_unit_in_which_nobody_answers_falls_to_the_one_above(story, client_as):
    problem = story.register()
    story.propose(problem, lead_unit=story.cast.station, handling="由市供水管理站牵头。")
    leave(story.cast.station_principal, story.cast.subordinate)
    story.issue(fresh([problem]))
    keep_alarms()
    row = Vacancy.objects.get(post=None)
    assert (row.unit, row.falls_to) == (story.cast.station, story.cast.principal.post)
    do.press(fresh([problem]), actor=story.cast.coordinator.actor)
    assert told(story.cast.principal, "rectification.pressed")
    assert list(queries.to_acknowledge(story.cast.principal.actor)) == fresh([problem])
    assert "签收" in client_as(story.cast.principal).get(reverse("desk:home")).content.decode()
    with pytest.raises(NotAllowed):
        do.acknowledge(fresh([problem]), actor=story.cast.handler.actor)
    with pytest.raises(NotVisible):
        do.acknowledge(fresh([problem]), actor=story.cast.outsider.actor)
    do.acknowledge(fresh([problem]), actor=story.cast.principal.actor)
    assert fresh([problem])[0].state == "planning"


def test_who_asked_does_not_cover_and_the_next_above_does(story):
    """The unit's principal sits in the chain of a vacant deputy; having asked, he is passed over for the mayor."""
    from bihuan.organizations.vacancies import cover_of

    leave(story.cast.deputy)
    post, asker = story.cast.deputy.post, story.cast.principal.person.pk
    assert cover_of(post).post == story.cast.principal.post.pk
    assert cover_of(post, [asker]).post == story.cast.mayor.post.pk
    assert cover_of(story.cast.handler.post) is None


def test_a_unit_closed_meanwhile_raises_the_alarm_and_says_who_took_over(story, client_as):
    problem = story.register()
    story.propose(problem, lead_unit=story.cast.station, handling="由市供水管理站牵头。")
    story.issue(fresh([problem]))
    leave(story.cast.station_principal, story.cast.subordinate)
    for player in (story.cast.station_principal, story.cast.subordinate):
        organizations.close_post(player.post, actor=THE_SYSTEM)
    organizations.close_unit(story.cast.station, successor=story.cast.ecology, actor=THE_SYSTEM)
    keep_alarms()
    row = Vacancy.objects.get()
    assert (row.unit, row.post, row.falls_to) == (story.cast.station, None, story.cast.principal.post)
    page = client_as(story.cast.coordinator).get(reverse("desk:home")).content.decode()
    assert "单位已撤销，由市生态环境局承接" in page


def test_others_see_no_alarm(story, client_as):
    planned(story)
    leave(story.cast.principal)
    keep_alarms()
    for player in (story.cast.handler, story.cast.outsider, story.cast.log_auditor):
        assert "queue-vacancies" not in client_as(player).get(reverse("desk:home")).content.decode()
    assert "queue-vacancies" in client_as(story.cast.mayor).get(reverse("desk:home")).content.decode()


def test_the_alarm_is_the_programs_alone(cast):
    with pytest.raises(NotAllowed):
        organizations.keep_vacancies(actor=cast.system_administrator.actor)
