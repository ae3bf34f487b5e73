"""A version reaches running cases only by an approved re-application that names them, and shows beforehand what it does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.approvals import actions as approvals
from bihuan.deadlines import reapplications
from bihuan.deadlines.jobs import apply_reapplication
from bihuan.deadlines.models import Clock, Reapplication
from bihuan.deadlines.reapplying import candidates, foresee
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem
from bihuan.policies import actions as policies
from bihuan.rectification import actions as do
from tests.deadlines.reading import running
from tests.static_files import plain_static

pytestmark = pytest.mark.django_db
__all__ = ["plain_static"]


@pytest.fixture
def queued(monkeypatch):
    """What would be run after the commit."""
    found = []
    monkeypatch.setattr(apply_reapplication, "defer", lambda **arguments: found.append(arguments))
    return found


def enact(story, code="deadline.acknowledge", **changes):
    from bihuan.policies.catalogue import KINDS

    return policies.enact(
        code=code,
        jurisdiction=story.cast.city,
        body={**KINDS[code].starts[0].body, **changes},
        actor=story.cast.reviewer.actor,
    )


def ask(story, policy, *cases, by=None, approver=None, **more):
    facts = {"reason": "节后集中签收。", "approver": (approver or story.cast.decider).post}
    return reapplications.ask_reapplication(
        policy, cases=cases, **(facts | more), actor=(by or story.cast.coordinator).actor
    )


def run(queued):
    for arguments in queued:
        apply_reapplication.func(**arguments)
    queued.clear()


# ---- what is foreseen is what happens


def test_the_preview_names_cases_dates_and_lights_and_writes_nothing(story):
    first, second = story.assigned(2)
    new = enact(story, count=9)
    cases, more = candidates(new, story.cast.coordinator.actor)
    events = JournalEvent.objects.count()
    changes = foresee(new, cases)
    assert ([one.pk for one in cases], more) == ([first.pk, second.pk], False)
    assert [(one.version, one.moves) for one in changes] == [((1, 2), True)] * 2
    assert all(one.due[0] < one.due[1] for one in changes)
    assert JournalEvent.objects.count() == events
    assert running(first)["acknowledge"].due == changes[0].due[0]


def test_what_was_foreseen_is_what_each_case_gets(story, queued):
    first, second = story.assigned(2)
    new = enact(story, count=9)
    foreseen = {one.problem.pk: one.due[1] for one in foresee(new, [first, second])}
    row = ask(story, new, first, second)
    assert running(first)["acknowledge"].policy.version == 1
    story.decide(row.approval)
    run(queued)
    row.refresh_from_db()
    assert (row.state, row.applied) == (Reapplication.State.APPLIED, 2)
    for case in (first, second):
        assert running(case)["acknowledge"].due == foreseen[case.pk]
        assert running(case)["acknowledge"].policy == new
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_case_not_named_keeps_its_version(story, queued):
    named, unnamed = story.assigned(2)
    new = enact(story, count=9)
    story.decide(ask(story, new, named).approval)
    run(queued)
    assert running(named)["acknowledge"].policy == new
    assert running(unnamed)["acknowledge"].policy.version == 1


def test_each_problem_tells_of_it_with_before_and_after(story, queued):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    row = ask(story, new, problem)
    story.decide(row.approval)
    run(queued)
    (event,) = JournalEvent.objects.filter(stream=problem.pk, verb="deadlines.reapply_policy")
    assert event.body["facts"]["version"] == [1, 2]
    assert event.body["facts"]["due"][0] < event.body["facts"]["due"][1]
    assert event.body["sealed"]["why"]
    assert str(event.batch) == str(row.pk)
    (cause,) = JournalEvent.objects.filter(stream=new.pk, verb="policies.reapply")
    assert cause.body["facts"] == {"cases": [str(problem.pk)], "approval": str(row.approval_id)}


def test_lights_tighten_only_by_approval(story, queued):
    (problem,) = story.assigned()
    new = enact(story, "lights", blue_days=200)
    (change,) = [one for one in foresee(new, [problem]) if one.clock.kind == "rectification"]
    assert change.light == ("green", "blue")
    story.decide(ask(story, new, problem).approval)
    assert running(problem)["rectification"].light == "green"
    run(queued)
    assert running(problem)["rectification"].light == "blue"


def test_a_date_promised_outside_is_not_moved(story):
    (problem,) = story.assigned()
    from bihuan.policies.catalogue import KINDS

    body = KINDS["deadline.rectification"].starts[0].body
    new = enact(story, "deadline.rectification", by_date={**body["by_date"], "count": 24})
    (change,) = foresee(new, [problem])
    assert change.due[0] == change.due[1] == problem.external_deadline


# ---- approval


@pytest.mark.parametrize(("approve", "state"), [(False, "refused"), (None, "withdrawn")])
def test_without_approval_nothing_changes(story, queued, approve, state):
    (problem,) = story.assigned()
    row = ask(story, enact(story, count=9), problem)
    if approve is None:
        approvals.withdraw(row.approval, reason="再研究。", actor=story.cast.coordinator.actor)
    else:
        story.decide(row.approval, approve=approve, opinion="不必。")
    row.refresh_from_db()
    assert (row.state, queued) == (state, [])
    assert running(problem)["acknowledge"].policy.version == 1


def test_who_asks_does_not_approve(story):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    with pytest.raises(Refused):
        ask(story, new, problem, by=story.cast.reviewer, approver=story.cast.reviewer)


@pytest.mark.parametrize("name", ["handler", "coordinator", "mayor"])
def test_only_leading_group_or_reviewer_may_approve(story, name):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    player = getattr(story.cast, name)
    if name == "mayor":
        assert ask(story, new, problem, approver=player).state == "asked"
        return
    with pytest.raises(Refused, match="不能批准"):
        ask(story, new, problem, approver=player)


def test_only_the_office_asks_and_only_for_what_it_sees(story):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    with pytest.raises(NotAllowed):
        ask(story, new, problem, by=story.cast.handler)
    hidden = Problem(pk=new.pk)
    with pytest.raises(NotVisible):
        ask(story, new, hidden)


# ---- refusals


def test_a_rule_that_no_clock_keeps_is_not_reapplied(story):
    (problem,) = story.assigned()
    new = enact(story, "notice", working_days=7)
    with pytest.raises(Refused, match="办理时用的就是现行版本"):
        ask(story, new, problem)


def test_a_version_not_in_force_is_not_reapplied(story):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    policies.withdraw(new, reason="试行结束", actor=story.cast.reviewer.actor)
    with pytest.raises(Refused, match="不在有效期内"):
        ask(story, new, problem)


def test_a_case_on_which_it_has_no_bearing_is_refused_by_number(story):
    assigned, begun = story.assigned(2)
    do.acknowledge([begun], actor=story.cast.liaison.actor)
    new = enact(story, count=9)
    assert [one.pk for one in candidates(new, story.cast.coordinator.actor)[0]] == [assigned.pk]
    with pytest.raises(Refused, match=begun.problem_no):
        ask(story, new, assigned, begun)


def test_one_at_a_time(story):
    first, second = story.assigned(2)
    new = enact(story, count=9)
    ask(story, new, first)
    with pytest.raises(Refused, match="审批或执行中"):
        ask(story, new, second)


@pytest.mark.parametrize(("field", "value", "said"), [("reason", " ", "理由"), ("cases", (), "没有选定")])
def test_what_is_missing_is_said(story, field, value, said):
    cases = story.assigned() if field != "cases" else []
    more = {field: value} if field != "cases" else {}
    with pytest.raises(Refused, match=said):
        ask(story, enact(story, count=9), *cases, **more)


# ---- in blocks


def test_it_is_applied_in_blocks_and_goes_on_where_it_stopped(story, queued, monkeypatch):
    monkeypatch.setattr(reapplications, "BLOCK", 2)
    cases = story.assigned(5)
    row = ask(story, enact(story, count=9), *cases)
    story.decide(row.approval)
    (arguments,) = queued
    true = policies.reapply.call
    done = []

    def dying(**meta):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(meta)
        return true(**meta)

    with monkeypatch.context() as patch:
        patch.setattr(policies.reapply, "call", dying)
        with pytest.raises(KeyboardInterrupt):
            apply_reapplication.func(**arguments)
    row.refresh_from_db()
    assert (row.state, row.applied) == ("granted", 2)
    apply_reapplication.func(**arguments)
    apply_reapplication.func(**arguments)
    row.refresh_from_db()
    assert (row.state, row.applied) == ("applied", 5)
    assert JournalEvent.objects.filter(verb="policies.reapply").count() == 3
    assert set(Clock.objects.filter(kind="acknowledge").values_list("policy__version", flat=True)) == {2}
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_version_withdrawn_meanwhile_is_not_applied(story, queued):
    (problem,) = story.assigned()
    new = enact(story, count=9)
    row = ask(story, new, problem)
    story.decide(row.approval)
    policies.withdraw(new, reason="有误", actor=story.cast.reviewer.actor)
    run(queued)
    row.refresh_from_db()
    assert (row.state, row.applied) == ("stopped", 0)
    assert running(problem)["acknowledge"].policy.version == 1


# ---- pages


def address(policy):
    return reverse("deadlines:ask_reapplication", args=[policy.pk])


def test_from_the_rules_page_to_the_applied_change(story, client_as, queued):
    cast = story.cast
    first, second = story.assigned(2)
    new = enact(story, count=9)
    desk = client_as(cast.coordinator)
    assert address(new) in desk.get(reverse("policies:detail", args=[new.pk])).content.decode()
    form = desk.get(address(new)).content.decode()
    assert first.problem_no in form
    assert second.problem_no in form
    assert "2 个顺延" in form
    answer = desk.post(
        address(new),
        {"cases": [str(first.pk)], "reason": "节后集中签收。", "approver": str(cast.decider.post.pk)},
    )
    row = Reapplication.objects.get()
    assert answer.url == reverse("deadlines:reapplication", args=[row.pk])
    assert "待批" in desk.get(answer.url).content.decode()
    decider = client_as(cast.decider)
    assert decider.get(answer.url).status_code == 200
    story.decide(row.approval)
    assert "0 / 1" in desk.get(answer.url).content.decode()
    run(queued)
    page = desk.get(answer.url).content.decode()
    assert "已适用" in page
    assert first.problem_no in page
    assert answer.url in desk.get(reverse("policies:detail", args=[new.pk])).content.decode()
    past = desk.get(reverse("desk:problem", args=[first.pk]), {"past": "all"}).content.decode()
    assert "签收时限”规则第 2 版经批准适用于在办事项" in past


def test_what_was_typed_survives_a_refusal(story, client_as):
    story.assigned()
    new = enact(story, count=9)
    answer = client_as(story.cast.coordinator).post(address(new), {"reason": "节后集中签收。"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "节后集中签收。" in text
    assert "请逐件选定" in text


def test_nothing_to_apply_is_said_before_anything_is_typed(story, client_as):
    new = enact(story, count=9)
    page = client_as(story.cast.coordinator).get(address(new)).content.decode()
    assert "没有在办事项会因为这个版本而改变" in page
    assert "<form" not in page.split("<main")[-1]


@pytest.mark.parametrize(("name", "status"), [("handler", 403), ("outsider", 403), ("log_auditor", 403)])
def test_who_may_not_ask(story, client_as, name, status):
    new = enact(story, count=9)
    assert client_as(getattr(story.cast, name)).get(address(new)).status_code == status


def test_outsiders_do_not_find_a_reapplication(story, client_as):
    (problem,) = story.assigned()
    row = ask(story, enact(story, count=9), problem)
    url = reverse("deadlines:reapplication", args=[row.pk])
    for name in ("outsider", "handler"):
        assert client_as(getattr(story.cast, name)).get(url).status_code == 404


def test_the_preview_costs_the_same_few_queries_for_any_number(
    story, client_as, django_assert_max_num_queries
):
    story.assigned(6)
    new = enact(story, count=9)
    desk = client_as(story.cast.coordinator)
    with django_assert_max_num_queries(46):
        desk.get(address(new))
