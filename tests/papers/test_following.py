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
from tests.deadlines.climbing import determined, overdue, proposed, steps, sweep, taken
from tests.papers.conftest import entered, opened, text_of
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


def climbed(story, problem, *rungs):
    """Up the ladder, one rung after the other, each when its day has come."""
    taken(story, proposed(story, problem))
    determined(story, problem)
    for rung, day in zip(rungs, (20, 40, 70, 100), strict=False):
        overdue(story, problem, day)
        sweep()
        (step,) = steps(problem, rung=rung)
        taken(story, step)


def test_a_circular_is_one_for_all_units_and_tells_what_went_before(story):
    here = story.rectifying()
    climbed(story, here, "circular")
    do_jobs()
    paper = Paper.objects.get(kind="circular")
    assert paper.document_kind == "circular"
    assert [one["name"] for one in paper.addressed_to] == ["各整改责任单位"]
    assert "认定市水务局拒不整改，依据为《政府督查工作条例》第二十五条。" in paper.text
    assert "督办函。" in paper.text
    assert "通报。" not in paper.named_values["督办经过"].replace("日通报。", ""), "only what was decided"
    assert "逾期未整改。" in paper.text
    assert paper.text.endswith("特此通报。")


def test_a_restricted_problem_is_in_no_circular_of_others(story):
    """A circular goes to everybody: what few may know of goes to its unit alone."""
    one, other = story.rectifying(), story.rectifying()
    other.channel_id = UUID(int=7)
    fitting = []
    letter = following.LETTERS["circular"]

    def note(group, wish, *, sender):
        fitting.append(([each.pk for each in group], [unit.name for unit in wish.recipients], wish.others))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "draft", note)
        following._drafted([one, other], letter, "逾期。")
    assert fitting == [([one.pk], [], ("各整改责任单位",)), ([other.pk], ["市水务局"], ())]


def test_a_proposal_of_accountability_stays_with_the_office(story):
    problem = story.rectifying()
    climbed(story, problem, "circular", "admonitory_talk", "public_listing", "accountability")
    do_jobs()
    paper = Paper.objects.get(kind="accountability_letter")
    assert [one["name"] for one in paper.addressed_to] == ["有管理权限的党组织"]
    assert all(word in paper.text for word in ("督办函。", "通报。", "约谈。", "挂牌督办。", "拒不整改"))
    assert "问责建议。" not in paper.named_values["督办经过"]
    entered(story, paper)
    assert papers_seen(story.cast.coordinator.actor).filter(pk=paper.pk).exists()
    for who in (story.cast.principal, story.cast.handler, story.cast.sector_handler):
        assert not papers_seen(who.actor).filter(pk=paper.pk).exists(), who
    assert papers_seen(story.cast.principal.actor).filter(kind="circular").count() == 0, "not sent yet"
    entered(story, Paper.objects.get(kind="circular"), document_no="云整改〔2026〕8号")
    assert papers_seen(story.cast.principal.actor).filter(kind="circular").exists()


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


def test_a_sitting_has_its_minutes_a_notice_a_unit_and_the_form_for_the_superior(story):
    from bihuan.rectification.actions.sittings import CaseMark
    from tests.rectification.test_sittings import decide, marked, prepared, reviewed

    closed, back = reviewed(story, 2)
    sitting = prepared(story, closed, back, other_members=["市纪委监委 李某"])
    marked(story, sitting, CaseMark(closed.pk, "approve"), CaseMark(back.pk, "return", "西城没有查。"))
    decide(story, sitting)
    assert do_jobs() == [3]
    papers = {paper.kind: paper for paper in Paper.objects.all()}
    assert papers.keys() == {"closure_minutes", "closure_notice", "filing_form"}
    minutes = papers["closure_minutes"]
    assert minutes.document_kind == "minutes"
    assert "共审定2件：同意销号1件，退回整改1件。" in minutes.text
    assert f"{back.problem_no}（市水务局）退回整改：西城没有查。" in minutes.text
    assert "审定结果" in text_of(opened(minutes))
    notice = papers["closure_notice"]
    assert [one["name"] for one in notice.addressed_to] == ["市水务局"]
    assert "〔2026〕5号纪要" in notice.text
    assert back.problem_no not in text_of(opened(notice))
    do_jobs()
    assert Paper.objects.count() == 3, "once"
