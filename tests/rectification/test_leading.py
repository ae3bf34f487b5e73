"""现场督导、领导批示: whose acts they are, who may write them down, and what they may not say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.messages.models import Message
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.leading import entered_as, leading_posts, leads, may_enter_something
from bihuan.rectification.models import LeaderInstruction, Visit, VisitFile
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def visit(story, problem, *, by=None, post=None, **more):
    facts = {"on": story.clock.today, "place": "老城区供水站", "found": "管网仍在渗漏，当场定下更换日期。"}
    return do.record_visit(
        problem,
        post=post or story.cast.principal.post,
        **(facts | more),
        actor=(by or story.cast.principal).actor,
    )


def instruct(story, problem, *, by=None, post=None, **more):
    facts = {"on": story.clock.today, "words": "请水务局一周内拿出办法。"}
    return do.record_instruction(
        problem,
        post=post or story.cast.mayor.post,
        **(facts | more),
        actor=(by or story.cast.coordinator).actor,
    )


def test_a_visit_is_whose_post_it_was_and_says_who_wrote_it_down_and_how_late(story, clock):
    problem = story.rectifying()
    clock.go_on(5)
    day = clock.today - dt.timedelta(days=2)
    made = visit(story, problem, by=story.cast.liaison, on=day, files=[upload("照片说明", "现场.txt")])
    row = Visit.objects.get()
    assert (row.leader, row.leader_name) == (story.cast.principal.person.pk, "高建国")
    assert (row.entered_by_name, row.entered_as, row.days_late) == ("唐敏", "liaison", 2)
    assert VisitFile.objects.get().visit == made
    event = JournalEvent.objects.get(verb="rectification.record_visit", stream=problem.pk)
    assert made.row_key in event.body["changes"]
    assert "渗漏" not in str(event.body)


@pytest.mark.parametrize(
    ("who", "how"),
    [
        ("principal", "themselves"),
        ("liaison", "liaison"),
        ("coordinator", "office"),
        ("reviewer", "office"),
        ("handler", None),
        ("deputy", None),
        ("mayor", None),
    ],
)
def test_who_writes_for_a_principal(story, who, how):
    problem = story.rectifying()
    player = getattr(story.cast, who)
    assert entered_as(player.actor, story.cast.principal.post, problem) == how
    if how:
        visit(story, problem, by=player)
        assert Visit.objects.get().entered_as == how
    else:
        with pytest.raises(NotAllowed, match="不能代这位领导登记"):
            visit(story, problem, by=player)


def test_a_secretary_writes_for_the_leader_they_serve_and_for_nobody_else(story):
    problem = story.rectifying()
    post = organizations.create_post(
        unit=story.cast.city,
        kind="secretary",
        name="市长秘书",
        serves=story.cast.mayor.post,
        actor=THE_SYSTEM,
    )
    person = organizations.create_person(name="文秘", actor=THE_SYSTEM)
    organizations.appoint(post, person=person, actor=THE_SYSTEM)
    from bihuan.organizations.acting import actor_for

    actor = actor_for(person)
    do.record_instruction(
        problem, post=story.cast.mayor.post, on=story.clock.today, words="抓紧。", actor=actor
    )
    assert LeaderInstruction.objects.get().entered_as == "secretary"
    with pytest.raises(NotAllowed):
        do.record_instruction(
            problem, post=story.cast.decider.post, on=story.clock.today, words="抓紧。", actor=actor
        )


def test_a_stand_in_is_seen_to_have_written_it(story, clock):
    problem = story.rectifying()
    organizations.appoint_stand_in(
        story.cast.principal.post,
        person=story.cast.deputy.person,
        since=clock.today,
        last_day=clock.today + dt.timedelta(days=5),
        reason="出差",
        actor=THE_SYSTEM,
    )
    from bihuan.organizations.acting import actor_for

    actor = actor_for(story.cast.deputy.person, story.cast.principal.post)
    do.record_visit(
        problem, post=story.cast.principal.post, on=clock.today, place="水厂", found="在施工。", actor=actor
    )
    row = Visit.objects.get()
    assert (row.leader_name, row.entered_by_name, row.entered_as) == ("高建国", "罗岚", "stand_in")


def test_an_outsider_learns_nothing_and_a_handler_may_not(story, client_as):
    problem = story.rectifying()
    with pytest.raises(NotVisible):
        visit(story, problem, by=story.cast.outsider)
    for name in ("record_visit", "record_instruction", "answer_instruction"):
        address = reverse(f"rectification:{name}", args=[problem.pk])
        assert client_as(story.cast.outsider).get(address).status_code == 404
    address = reverse("rectification:record_visit", args=[problem.pk])
    assert client_as(story.cast.handler).get(address).status_code == 403
    assert client_as(story.cast.principal).get(address).status_code == 200
    nothing = reverse("rectification:answer_instruction", args=[problem.pk])
    assert client_as(story.cast.liaison).get(nothing).status_code == 404


def test_dated_facts_only(story, clock):
    problem = story.rectifying()
    tomorrow = clock.today + dt.timedelta(days=1)
    with pytest.raises(Refused, match="将来"):
        visit(story, problem, on=tomorrow)
    with pytest.raises(Refused, match="还没有发现这个问题"):
        visit(story, problem, on=problem.registered_on - dt.timedelta(days=1))
    with pytest.raises(Refused, match="早于批示日期"):
        instruct(story, problem, answer_by=clock.today - dt.timedelta(days=1))
    with pytest.raises(Refused, match="发现的情况"):
        visit(story, problem, found="  ")
    assert not Visit.objects.exists()
    assert not LeaderInstruction.objects.exists()


def test_only_a_leader_of_the_problem_and_only_who_was_in_office(story, clock):
    problem = story.rectifying()
    with pytest.raises(Refused, match="不是这个问题的领导岗位"):
        visit(story, problem, by=story.cast.coordinator, post=story.cast.station_principal.post)
    with pytest.raises(Refused, match="不是这个问题的领导岗位"):
        visit(story, problem, by=story.cast.coordinator, post=story.cast.handler.post)
    clock.go_on(3)
    organizations.end_tenure(story.cast.principal.post, actor=THE_SYSTEM)
    clock.go_on(1)
    with pytest.raises(Refused, match="没有人担任"):
        visit(story, problem, by=story.cast.coordinator)
    new = organizations.create_person(name="齐新", actor=THE_SYSTEM)
    organizations.appoint(story.cast.principal.post, person=new, actor=THE_SYSTEM)
    from bihuan.organizations.acting import actor_for

    before = clock.today - dt.timedelta(days=3)
    with pytest.raises(Refused, match="是高建国在任"):
        do.record_visit(
            problem,
            post=story.cast.principal.post,
            on=before,
            place="水厂",
            found="在施工。",
            actor=actor_for(new),
        )
    visit(story, problem, by=story.cast.coordinator, on=before)
    assert Visit.objects.get().leader_name == "高建国"


def test_the_posts_a_form_offers_are_those_the_rule_lets_through(story):
    problem = story.rectifying()
    offered = set(leading_posts(problem).values_list("pk", flat=True))
    for player in story.cast.players.values():
        assert leads(player.post, problem) == (player.post.pk in offered), player.post
    assert {story.cast.mayor.post.pk, story.cast.principal.post.pk, story.cast.deputy.post.pk} <= offered


def test_the_lead_unit_is_told_of_an_instruction_and_answers_it_once(story, clock, client_as):
    problem = story.rectifying()
    made = instruct(
        story, problem, document_no="云府批〔2026〕5号", answer_by=clock.today + dt.timedelta(days=7)
    )
    kinds = Message.objects.filter(kind="rectification.instructed").values_list("to_person", flat=True)
    assert {story.cast.principal.person.pk, story.cast.liaison.person.pk} <= set(kinds)
    with pytest.raises(NotAllowed):
        do.answer_instruction(
            problem, instruction=made.pk, answer="已办。", actor=story.cast.coordinator.actor
        )
    address = reverse("rectification:answer_instruction", args=[problem.pk])
    clock.go_on(2)
    sent = client_as(story.cast.liaison).post(
        address, {"instruction": str(made.pk), "answer": "已换管二公里。", "seen": "", "idempotency_key": "a"}
    )
    assert sent.status_code == 302
    made.refresh_from_db()
    assert (made.answer, made.answered_on) == ("已换管二公里。", clock.today)
    with pytest.raises(Refused, match="没有这件等待报告的批示"):
        do.answer_instruction(
            fresh([problem])[0], instruction=made.pk, answer="再办。", actor=story.cast.liaison.actor
        )


def test_the_form_writes_a_visit_with_its_files(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.principal)
    address = reverse("rectification:record_visit", args=[problem.pk])
    page = client.get(address).content.decode()
    assert f'<option value="{story.cast.principal.post.pk}" selected>' in page
    assert "市长" not in page
    sent = client.post(
        address,
        {
            "post": str(story.cast.principal.post.pk),
            "on": story.clock.today.isoformat(),
            "place": "水厂",
            "found": "在施工。",
            "files": [upload("一", "一.txt"), upload("二", "二.txt")],
        },
    )
    assert sent.status_code == 302
    assert VisitFile.objects.count() == 2


def test_who_may_for_nobody_is_not_offered_it(story):
    problem = story.rectifying()
    may = {name for name, player in story.cast.players.items() if may_enter_something(player.actor, problem)}
    assert may == {"mayor", "decider", "coordinator", "reviewer", "principal", "deputy", "liaison"}


def test_what_was_merged_goes_on_elsewhere(story):
    problem = story.rectifying()
    problem.state = "merged"
    from bihuan.rectification.leading import refuse_merged

    with pytest.raises(Refused, match="并案"):
        refuse_merged(problem)
