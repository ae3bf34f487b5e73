"""Task and measure of an order: the frame of the unit's plan, which may add to it and drop nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import Refused
from bihuan.rectification import actions as do
from bihuan.rectification.models import Measure, OrderItem, Plan
from bihuan.rectification.plan_forms import PlanForm
from bihuan.rectification.rules import dropped, frame_lines
from tests.rectification.conftest import fresh

LINES = st.lists(st.text("改造管网计量三五", min_size=1, max_size=8), max_size=5)


@given(frame=LINES, more=LINES)
def test_a_plan_that_says_all_and_more_drops_nothing(frame, more):
    assert dropped(frame, [f"先行：{line}，{extra}" for line in frame for extra in ("", *more)]) == []


@given(frame=LINES, written=LINES)
def test_exactly_what_stands_nowhere_is_dropped(frame, written):
    assert dropped(frame, written) == [line for line in frame if not any(line in text for text in written)]


def test_numbers_before_lines_and_blanks_do_not_count():
    assert frame_lines("1.更换管网\n\n（二）加装计量\n 3、 建立巡检 \n3.5万元到位") == [
        "更换管网",
        "加装计量",
        "建立巡检",
        "3.5万元到位",
    ]
    assert dropped(["更换 城区管网"], ["更换城区\n管网十二公里"]) == []


def framed(story):
    """A problem assigned with a task and two measures."""
    (problem,) = story.proposed()
    order = do.draft_order([problem], title="督查反馈问题交办单", actor=story.cast.coordinator.actor)
    item = do.ItemDraft(
        problem=problem.pk,
        task="漏损率降到百分之十以下",
        measure="1.更换城区老旧管网\n2.分区加装计量",
        deputy_in_charge=story.cast.deputy.post.pk,
    )
    do.edit_order(order, items=[item], actor=story.cast.coordinator.actor)
    do.submit_order(order, actor=story.cast.coordinator.actor)
    story.decide(order.approval)
    do.issue_order(
        order,
        document_no="云整改〔2026〕9号",
        issued_on=story.clock.today,
        actor=story.cast.coordinator.actor,
    )
    do.acknowledge(fresh([problem]), actor=story.cast.liaison.actor)
    return fresh([problem])[0]


@pytest.mark.django_db
def test_the_order_carries_them_and_the_deputy(story):
    problem = framed(story)
    row = OrderItem.objects.get()
    assert (row.task, row.measure) == ("漏损率降到百分之十以下", "1.更换城区老旧管网\n2.分区加装计量")
    assert problem.deputy_in_charge == story.cast.deputy.post


@pytest.mark.django_db
def test_the_plans_form_begins_with_them(story):
    form = PlanForm(problem=framed(story))
    assert form.initial["goal"] == "漏损率降到百分之十以下"
    assert [row.initial.get("text") for row in form.rows][:3] == ["更换城区老旧管网", "分区加装计量", None]


@pytest.mark.django_db
def test_a_plan_may_add_and_not_drop(story):
    problem = framed(story)
    with pytest.raises(Refused, match="少了交办单写明的措施“分区加装计量”"):
        story.plan(problem, story.draft(text="更换城区老旧管网十二公里"))
    assert not Plan.objects.exists()
    story.plan(
        problem,
        story.draft(text="更换城区老旧管网十二公里"),
        story.draft(text="分区加装计量二百处"),
        story.draft(text="建立巡检制度"),
    )
    assert Measure.objects.count() == 3


@pytest.mark.django_db
def test_a_goal_without_the_task_is_refused(story):
    problem = framed(story)
    with pytest.raises(Refused, match="少了交办单写明的任务“漏损率降到百分之十以下”"):
        do.submit_plan(
            problem,
            goal="管网改造完成",
            measures=[story.draft(text="更换城区老旧管网"), story.draft(text="分区加装计量")],
            five_assurances={},
            actor=story.cast.handler.actor,
        )


@pytest.mark.django_db
def test_an_order_that_says_nothing_frames_nothing(story):
    problem = story.rectifying()
    assert PlanForm(problem=problem).frame.measures == ()


@pytest.mark.django_db
def test_a_deputy_of_another_unit_is_refused_in_its_row(story):
    (problem,) = story.proposed()
    order = do.draft_order([problem], title="交办单", actor=story.cast.coordinator.actor)
    stranger = do.ItemDraft(problem=problem.pk, deputy_in_charge=story.cast.mayor.post.pk)
    with pytest.raises(Refused, match="责任领导不在牵头单位") as refused:
        do.edit_order(order, items=[stranger], actor=story.cast.coordinator.actor)
    assert refused.value.data["problem"] == str(problem.pk)
    assert refused.value.data["cell"] == "deputy_in_charge"
