"""What the ladder decided has its letter: drafted after the decision, once, for each unit; what cannot be is left alone."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.deadlines.ladder import taking
from bihuan.deadlines.models import LadderStep
from bihuan.journal.action import NotAllowed
from bihuan.papers import following
from bihuan.papers.models import Paper
from bihuan.papers.queries import papers_seen
from bihuan.rectification import actions as do
from tests.deadlines.climbing import overdue, proposed, sweep, taken
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def letters_planned():
    rows = ProcrastinateJob.objects.filter(task_name="papers.draft_letters").order_by("id")
    return [row.args for row in rows]


def do_jobs():
    return [following.draft_once(args["verb"], UUID(args["subject"])) for args in letters_planned()]


def test_a_granted_supervision_letter_is_drafted_to_the_lead_unit_with_the_reason(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    assert do_jobs() == [1]
    (paper,) = Paper.objects.all()
    assert (paper.kind, paper.addressed_to[0]["name"]) == ("supervision_letter", "市水务局")
    assert "逾期未整改。" in paper.text
    assert paper.drafted_by is None
    assert paper.document_no == ""
    assert (
        papers_seen(story.cast.coordinator.actor).get()
        == papers_seen(story.cast.reviewer.actor).get()
        == paper
    )
    assert not papers_seen(story.cast.principal.actor).exists(), "a draft is not for whom it will press"


def test_a_job_that_runs_again_drafts_nothing_twice(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    do_jobs()
    do_jobs()
    assert Paper.objects.count() == 1


def test_many_cases_of_one_unit_are_one_letter(story):
    problems = story.assigned(3)
    do.acknowledge(problems, actor=story.cast.liaison.actor)
    overdue(story, problems[0], 5)
    sweep()
    chosen = [step for one in problems for step in LadderStep.objects.filter(problem=one, state="proposed")]
    taken(story, *chosen)
    do_jobs()
    (paper,) = Paper.objects.all()
    assert paper.subjects.count() == 3


def test_what_was_not_granted_has_no_letter(story):
    problem = story.rectifying()
    row = taking.take_up_rung([proposed(story, problem)], reason="逾期。", actor=story.cast.coordinator.actor)
    story.decide(row.approval, approve=False, opinion="先约谈联络员。")
    assert letters_planned() == []


def test_what_has_moved_on_meanwhile_is_left_to_the_office(story, monkeypatch):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    kind = following.KINDS["supervision_letter"]
    never = {**following.KINDS, "supervision_letter": replace(kind, states=frozenset())}
    monkeypatch.setattr(following, "KINDS", never)
    assert do_jobs() == [0]
    assert not Paper.objects.exists()
    assert fresh([problem])[0].supervision_level == "priority"


def test_only_the_program_drafts_so(story):
    problem = story.rectifying()
    row = taken(story, proposed(story, problem))
    with pytest.raises(NotAllowed, match="程序自动完成"):
        following.draft_decided(request=row.pk, actor=story.cast.coordinator.actor)
