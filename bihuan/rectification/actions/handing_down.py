"""Handing down: a measure becomes a subordinate unit's task, and where there is no plan the whole problem does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, NotAllowed, Refused, action, current
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.steps import involve, refuse_empty
from bihuan.organizations.authority import in_unit
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit, UnitLine
from bihuan.organizations.spans import in_force
from bihuan.rectification.actions.plans import next_version
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.measures import (
    chain_of,
    implemented,
    measures_of,
    plan_in_force,
    require_own_measure,
    roll_up,
)
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.rules import (
    GiveBack,
    GiveBackFault,
    HandDown,
    HandDownFault,
    carried_down,
    fault_of_giving_back,
    fault_of_hand_down,
)
from bihuan.rectification.verbs import Verb

HAND_DOWN_WORDS: Final = {
    HandDownFault.DONE: (
        gettext_lazy("这条措施已经完成，不再交下去。"),
        gettext_lazy("请选择进行中的措施。"),
    ),
    HandDownFault.CLOSED_UNIT: (gettext_lazy("承接单位已经撤销。"), gettext_lazy("请选择现有单位。")),
    HandDownFault.CIRCULAR: (
        gettext_lazy("承接单位就在这条措施的交办链上，不能交回去。"),
        gettext_lazy("请选择链上以外的下级单位；交给本单位的人，要写还没有承担这条措施的岗位。"),
    ),
    HandDownFault.NOT_SUBORDINATE: (
        gettext_lazy("承接单位不是本单位的下级。"),
        gettext_lazy("请选择本单位的下属单位、内设机构或业务指导的单位。"),
    ),
    HandDownFault.LATER_THAN_PARENT: (
        gettext_lazy("交下去的期限晚于这条措施自己的期限。"),
        gettext_lazy("期限不晚于这条措施的期限 %(latest)s。"),
    ),
    HandDownFault.BEFORE_TODAY: (
        gettext_lazy("期限已经过去。"),
        gettext_lazy("期限不早于今天 %(today)s，不晚于 %(latest)s。"),
    ),
    HandDownFault.TOO_DEEP: (gettext_lazy("层层交办的层级太多。"), gettext_lazy("请由本级自己办。")),
}
HAND_DOWN_FIELDS: Final = {
    HandDownFault.DONE: "measure",
    HandDownFault.LATER_THAN_PARENT: "deadline",
    HandDownFault.BEFORE_TODAY: "deadline",
}
"""Where the fault was typed; the others are of the unit."""


@action(Verb.HAND_DOWN, may=may(Verb.HAND_DOWN))
def hand_down(
    measure: Measure,
    *,
    unit: Unit,
    text: str,
    deadline: date,
    deliverable: str,
    post: Post | None = None,
    actor: Actor,
) -> Measure:
    """A measure becomes a subordinate unit's task. The duty for the whole stays where it was."""
    current().lock([measure.plan.problem])
    return _hand_down(measure, Task(unit, text, deadline, deliverable, post), actor)


@action(Verb.HAND_DOWN_WHOLE, may=may(Verb.HAND_DOWN))
def hand_down_whole(
    problem: Problem,
    *,
    unit: Unit,
    text: str,
    deadline: date,
    deliverable: str,
    post: Post | None = None,
    actor: Actor,
) -> Measure:
    """Where policy asks for no plan, the problem itself is what is handed down: the work is divided without an approval."""
    refuse_undividable(problem)
    plan: Plan = Plan.objects.create(
        problem=problem,
        round=problem.round,
        version=next_version(problem),
        goal=problem.title,
        state=Plan.State.DIVIDED,
        planned_by=person_of(actor),
        planned_principal=actor.on_behalf_of,
    )
    whole: Measure = Measure.objects.create(
        plan=plan,
        number="1",
        text=problem.title,
        unit=problem.lead_unit,
        deadline=problem.external_deadline,
        deliverable=refuse_empty(deliverable, _("成果形式")),
        progress=problem.progress,
        begun_on=current().today,
    )
    return _hand_down(whole, Task(unit, text, deadline, deliverable, post), actor)


def refuse_undividable(problem: Problem) -> None:
    """Raise what stands against handing down the problem as a whole; writes nothing."""
    if problem.plan_owed:
        raise Refused(_("这个问题要先有经批准的方案。"), accepted=_("请先报送方案，批准后把措施交给下级。"))
    if plan_in_force(problem) is not None:
        raise Refused(
            _("这个问题的任务已经分解。"), accepted=_("请选择其中一条措施交下去。"), field="measure"
        )
    if problem.lead_unit is None:
        raise Refused(_("这个问题没有牵头单位。"), accepted=_("请整改办补登牵头单位。"))


@dataclass(frozen=True)
class Task:
    """What a subordinate unit is to do."""

    unit: Unit
    text: str
    deadline: date
    deliverable: str
    post: Post | None


def _hand_down(measure: Measure, task: Task, actor: Actor) -> Measure:
    problem = measure.plan.problem
    require_own_measure(measure, problem, actor)
    _refuse_hand_down(measure, task.unit, task.deadline, task.post)
    take(problem, Verb.HAND_DOWN)
    siblings = Measure.objects.filter(parent=measure).count()
    child: Measure = Measure.objects.create(
        plan=measure.plan,
        parent=measure,
        handed_down_by=actor.person,
        number=f"{measure.number}.{siblings + 1}",
        text=refuse_empty(task.text, _("措施")),
        unit=task.unit,
        post=task.post,
        deadline=task.deadline,
        deliverable=_carried(measure, task),
        implemented_by=holders(task.post),
        begun_on=current().today,
    )
    involve(problem, InvolvementRole.HANDED_DOWN, unit=task.unit)
    # Who hands down answers for what comes of it, so they count as having had a hand in it.
    implemented(measure, actor.person, actor.on_behalf_of)
    measure.save()
    current().fact(problem, measure=str(child.pk), unit=str(task.unit.pk))
    roll_up(problem, measures_of(measure.plan))
    problem.save()
    return child


def _carried(measure: Measure, task: Task) -> str:
    """Whatever the measure has to hand over goes down with it; the giver can only add."""
    words = carried_down(measure.deliverable, refuse_empty(task.deliverable, _("成果形式")))
    longest = Measure._meta.get_field("deliverable").max_length or 0
    if len(words) > longest:
        raise Refused(
            _("成果形式连同上级要求的共 %(count)d 字，太长。") % {"count": len(words)},
            accepted=_("上级的“%(above)s”自动带下去，只写另外要的，合计不超过 %(most)d 字。")
            % {"above": measure.deliverable, "most": longest},
            field="deliverable",
        )
    return words


def holders(post: Post | None) -> list[str]:
    """Who sits in the post on the day: the handler a measure is given to has a part in it from then on."""
    if post is None:
        return []
    found = post.tenures.filter(in_force(current().today)).values_list("person_id", flat=True)
    return [str(person) for person in found]


def _refuse_hand_down(measure: Measure, unit: Unit, deadline: date, post: Post | None) -> None:
    by_id = {one.pk: one for one in measures_of(measure.plan)}
    way = chain_of(by_id[measure.pk], by_id)
    chain = [one.unit_id for one in way]
    lead = measure.plan.problem.lead_unit_id
    facts = HandDown(
        unit=unit.pk,
        chain=tuple(chain) if lead is None or lead in chain else (*chain, lead),
        is_subordinate=_is_subordinate(unit, measure.unit),
        is_open=unit.closed_on is None,
        deadline=deadline,
        parent_deadline=measure.deadline,
        parent_done=measure.state == Measure.State.DONE,
        post=post.pk if post else None,
        posts=frozenset(one.post_id for one in way if one.post_id is not None),
    )
    fault = fault_of_hand_down(facts, current().today)
    if fault is not None:
        wrong, right = HAND_DOWN_WORDS[fault]
        latest = measure.deadline.isoformat()
        raise Refused(
            wrong,
            accepted=str(right) % {"latest": latest, "today": current().today.isoformat()},
            field=HAND_DOWN_FIELDS.get(fault, "unit"),
            fault=fault.value,
            latest=latest,
        )
    if post is not None and (post.unit_id != unit.pk or post.closed_on is not None):
        raise Refused(
            _("“%(post)s”不是承接单位的岗位。") % {"post": post.name},
            accepted=_("请选择承接单位现有的岗位，或不写岗位。"),
            field="post",
        )


GIVE_BACK_WORDS: Final = {
    GiveBackFault.NOT_HANDED_DOWN: (
        gettext_lazy("这条措施是方案里定的，不是上级交下来的。"),
        gettext_lazy("方案里的措施要改，请申请调整方案。"),
    ),
    GiveBackFault.NOT_OPEN: (gettext_lazy("这项任务不在进行中。"), gettext_lazy("请选择进行中的任务。")),
    GiveBackFault.STILL_BELOW: (
        gettext_lazy("这项任务已经再交下去，下面还没有退回。"),
        gettext_lazy("请下面的单位先退回。"),
    ),
}


@action(Verb.GIVE_BACK, may=may(Verb.GIVE_BACK))
def give_back(measure: Measure, *, reason: str, actor: Actor) -> None:
    """A unit returns a task upward: its row stays with the reason, the work is its giver's again."""
    act = current()
    problem = measure.plan.problem
    act.lock([problem])
    reason = refuse_empty(reason, _("理由"))
    refuse_unless_open(problem, Verb.REPORT_PROGRESS)
    require_own_measure(measure, problem, actor)
    if not in_unit(actor, measure.unit):
        raise NotAllowed(
            _("这项任务不是交给您所在单位的。"),
            accepted=_("由%(unit)s办理。") % {"unit": measure.unit.name},
        )
    measures = measures_of(measure.plan)
    fault = fault_of_giving_back(
        GiveBack(
            handed_down=measure.parent_id is not None and measure.handed_down_by is not None,
            is_open=measure.state == Measure.State.OPEN,
            has_parts=any(one.parent_id == measure.pk for one in measures),
        )
    )
    if fault is not None:
        wrong, right = GIVE_BACK_WORDS[fault]
        raise Refused(wrong, accepted=right, field="measure", fault=fault.value)
    act.because(reason)
    measure.state = Measure.State.RETURNED
    measure.returned_because, measure.returned_on = reason, act.today
    measure.save()
    act.fact(problem, measure=str(measure.pk), unit=str(measure.unit_id))
    roll_up(problem, [one for one in measures if one.pk != measure.pk])
    problem.save()


def _is_subordinate(unit: Unit, giver: Unit) -> bool:
    """Below in the tree, or guided along a line (条块)."""
    if is_under(unit.path, giver.path):
        return True
    return bool(UnitLine.objects.filter(in_force(current().today), unit=unit, superior=giver).exists())
