"""会议研究: without the unit's meeting and its principal's approval no plan and no application, where policy asks for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from bihuan.files.models import FileReference
from bihuan.journal.action import Refused
from bihuan.organizations import actions as organizations
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from bihuan.rectification.models import Acceptance, Deliberation, Plan
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def planning(story, **more):
    (problem,) = story.assigned(**more)
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    return fresh([problem])[0]


def submit(story, problem, deliberation):
    return do.submit_plan(
        problem,
        goal="漏损率降到百分之十以下",
        measures=[story.draft()],
        five_assurances={},
        deliberation=deliberation,
        actor=story.cast.handler.actor,
    )


def test_a_party_inspections_finding_needs_it_and_the_refusal_says_all_that_is_missing(story):
    problem = planning(story)
    with pytest.raises(Refused, match="会议名称、会议日期、会议纪要或文号、主要负责人批准日期、纪要或签批件"):
        submit(story, problem, None)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"body": ""}, "会议名称"),
        ({"body": "tea_party"}, "会议名称"),
        ({"held_on": None}, "会议日期"),
        ({"document_no": "  "}, "会议纪要或文号"),
        ({"approved_on": None}, "主要负责人批准日期"),
        ({"file": None}, "纪要或签批件"),
    ],
)
def test_every_part_of_it_is_needed(story, left_out, words):
    problem = planning(story)
    with pytest.raises(Refused, match=f"还缺：{words}。"):
        submit(story, problem, replace(story.deliberated(problem, "plan"), **left_out))


def test_it_is_kept_with_whose_duty_it_was_on_that_day(story):
    problem = planning(story)
    submit(story, problem, story.deliberated(problem, "plan"))
    row = Deliberation.objects.get()
    assert (row.about, row.principal, row.principal_name) == (
        "plan",
        story.cast.principal.person.pk,
        "高建国",
    )
    assert row.recorded_by == story.cast.handler.person.pk
    assert FileReference.objects.filter(pk=row.file_id, subject=problem.pk).exists()


def test_where_the_post_was_vacant_it_was_the_principals_above(story, clock):
    problem = planning(story)
    organizations.end_tenure(story.cast.principal.post, actor=THE_SYSTEM)
    clock.go_on(1)
    submit(story, problem, story.deliberated(problem, "plan"))
    assert Deliberation.objects.get().principal_name == "陈启明"


def test_no_day_in_the_future(story, clock):
    problem = planning(story)
    draft = story.deliberated(problem, "plan")
    with pytest.raises(Refused, match="不能在将来"):
        submit(story, problem, replace(draft, held_on=clock.today + dt.timedelta(days=1)))


def test_others_need_none_and_by_policy_anybody_may(story):
    plain = planning(story, source="hotline_12345")
    assert submit(story, plain, None).problem == plain
    enact(
        code="deliberation",
        jurisdiction=story.cast.city,
        body={"plan": True, "closure": False},
        source="hotline_12345",
        reason="本市要求热线问题方案上会。",
        actor=story.cast.coordinator.actor,
    )
    with pytest.raises(Refused, match="会议研究"):
        submit(story, planning(story, source="hotline_12345"), None)


def test_acceptance_cannot_be_applied_for_without_its_own_meeting(story):
    problem = story.rectifying()
    for measure in story.measures(problem):
        story.report(problem, measure=measure)
    story.prove(problem)
    with pytest.raises(Refused, match="“销号”要先经会议研究"):
        do.apply_acceptance(fresh([problem])[0], self_check="已自验。", actor=story.cast.liaison.actor)
    assert not Acceptance.objects.exists()
    story.apply(fresh([problem])[0])
    assert set(Deliberation.objects.values_list("about", flat=True)) == {"plan", "closure"}


def test_one_meeting_counts_for_its_round(story):
    problem = story.accepting()
    do.return_acceptance(
        problem,
        gates={"effect": "failed"},
        what_is_missing="缺监测报告。",
        on_site=True,
        actor=story.cast.acceptor.actor,
    )
    problem = fresh([problem])[0]
    assert story.deliberated(problem, "closure") is None
    story.prove(problem)
    do.apply_acceptance(problem, self_check="已补充。", actor=story.cast.liaison.actor)
    assert Deliberation.objects.filter(about="closure").count() == 1


def test_the_forms_ask_for_it_where_policy_does_and_say_what_is_missing(story, client_as):
    problem = planning(story)
    client = client_as(story.cast.handler)
    address = reverse("rectification:submit_plan", args=[problem.pk])
    page = client.get(address).content.decode()
    assert 'name="deliberation_file"' in page
    assert 'enctype="multipart/form-data"' in page
    sent = {
        "goal": "漏损率降到百分之十以下",
        "row0-depth": "1",
        "row0-text": "更换老旧管网",
        "row0-unit": str(story.cast.water.pk),
        "row0-deadline": (story.clock.today + dt.timedelta(days=60)).isoformat(),
        "row0-deliverable": "竣工资料",
        "body": "party_group",
        "held_on": story.clock.today.isoformat(),
        "document_no": "水务党组〔2026〕6号",
    }
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "还缺：主要负责人批准日期、纪要或签批件" in answer.content.decode()
    whole = sent | {
        "approved_on": story.clock.today.isoformat(),
        "deliberation_file": upload("党组会议纪要", "会议纪要.txt"),
    }
    assert client.post(address, whole).status_code == 302
    assert Deliberation.objects.get().body == "party_group"
    plain = planning(story, source="hotline_12345")
    other = client.get(reverse("rectification:submit_plan", args=[plain.pk])).content.decode()
    assert "deliberation_file" not in other
