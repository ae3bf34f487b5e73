"""What was first approved stands beside what holds now wherever the plan is told of after an amendment."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bihuan.papers.facts import values_for
from bihuan.papers.kinds import KINDS
from bihuan.rectification.first_promises import first_days_of, promises, promises_of
from bihuan.rectification.models import Plan
from tests.rectification.conftest import fresh
from tests.rectification.test_plan_versions import amend
from tests.static_files import plain_static

__all__ = ["plain_static"]
pytestmark = pytest.mark.django_db


def amended(story, days=10):
    """The goal, one measure's day and its deliverable changed, one measure added; decided by the leading group's post."""
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    later = measure.deadline + dt.timedelta(days)
    plan = amend(
        story,
        problem,
        story.draft(continues=measure.pk, deadline=later, deliverable="竣工图"),
        story.draft(text="分区计量", deadline=later),
    )
    story.decide(plan.approval)
    return fresh([problem])[0], measure


def test_every_changed_promise_is_named_with_who_approved_it(story):
    problem, measure = amended(story)
    found = promises(problem)
    later = measure.deadline + dt.timedelta(10)
    assert {(one.label, one.first, one.now) for one in found.changed} == {
        ("整改目标", "漏损率降到百分之十以下", "漏损率降到百分之九"),
        ("措施 1 期限", measure.deadline.isoformat(), later.isoformat()),
        ("措施 1 成果形式", "竣工验收资料", "竣工图"),
        ("措施 2", "", f"分区计量（市水务局，{later.isoformat()}）"),
    }
    (approval,) = found.approvals
    assert story.cast.decider.person.name in approval
    assert approval.startswith("第 2 版")


def test_the_first_promise_stays_the_first_after_a_second_amendment(story):
    problem, measure = amended(story)
    one = next(row for row in story.measures(problem) if row.number == "1")
    story.clock.go_on(1)
    last = amend(story, problem, story.draft(continues=one.pk, deadline=one.deadline + dt.timedelta(5)))
    story.decide(last.approval)
    (problem,) = fresh([problem])
    (now,) = story.measures(problem)
    assert first_days_of(problem, [now]) == {now.pk: measure.deadline}
    changed = {one.label: (one.first, one.now) for one in promises(problem).changed}
    assert changed["措施 1 期限"][0] == measure.deadline.isoformat()
    assert "措施 1 成果形式" not in changed
    assert len(promises(problem).approvals) == 2


def test_what_was_refused_changed_nothing(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    plan = amend(story, problem, story.draft(continues=measure.pk, text="改用新工艺"))
    story.decide(plan.approval, approve=False, opinion="不同意")
    assert promises(fresh([problem])[0]).said == ""


def test_many_are_asked_for_at_the_cost_of_one(story, django_assert_num_queries):
    first, _measure = amended(story)
    second, _measure = amended(story)
    with django_assert_num_queries(4):
        assert set(promises_of([first, second])) == {first.pk, second.pk}
    with django_assert_num_queries(4):
        promises_of([first])


def test_every_later_report_tells_it(story, client_as):
    problem, measure = amended(story)
    first, later = measure.deadline.isoformat(), (measure.deadline + dt.timedelta(10)).isoformat()
    client = client_as(story.cast.coordinator)
    page = client.get(reverse("desk:problem", args=[problem.pk])).content.decode()
    assert "方案调整：首次批准与现行" in page
    assert f'<td role="cell" data-label="首次批准">{first}</td>' in page
    sheet = b"".join(client.get(reverse("desk:export")).streaming_content)
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    (row,) = [row for row in rows if problem.problem_no in row]
    told = row[head.index("方案调整（首次与现行）")]
    assert f"措施 1 期限：首次“{first}”，现行“{later}”" in str(told)
    values = values_for(KINDS["acceptance_form"], [problem])
    assert f"首次“{first}”，现行“{later}”" in values["方案调整"]
    unchanged = story.rectifying(story.draft())
    assert values_for(KINDS["closure_form"], [unchanged])["方案调整"] == "整改方案未作调整。"


def test_whoever_judges_reads_it_on_the_form(story, client_as):
    problem, measure = amended(story)
    for one in story.measures(problem):
        story.report(*fresh([problem]), measure=one)
    story.prove(problem)
    story.apply(*fresh([problem]))
    form = client_as(story.cast.acceptor).get(reverse("rectification:accept", args=[problem.pk]))
    assert form.status_code == 200
    assert "漏损率降到百分之十以下" in form.content.decode()
    assert measure.deadline.isoformat() in form.content.decode()
    assert Plan.objects.get(problem=problem, version=1).state == "replaced"
