"""The plan: submitted, decided on its route, amended the same way, and handed down measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, NotAllowed, Refused, action, current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.steps import involve, refuse_empty
from bihuan.organizations.authority import in_unit
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit, UnitLine
from bihuan.organizations.spans import in_force
from bihuan.rectification.asking import Route, ask
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.measures import chain_of, implemented, measures_of, plan_in_force, roll_up
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_trees import MeasureDraft, check_plan, write_measures
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.rules import HandDown, HandDownFault, fault_of_hand_down
from bihuan.rectification.verbs import Verb


@action(Verb.SUBMIT_PLAN, may=may(Verb.SUBMIT_PLAN))
def submit_plan(
    problem: Problem,
    *,
    goal: str,
    measures: Sequence[MeasureDraft],
    five_assurances: Mapping[str, str],
    route: Route = (),
    actor: Actor,
) -> Plan:
    """Send the plan of this round to whoever approves it; work begins when it is approved."""
    take(problem, Verb.SUBMIT_PLAN)
    plan = _write_plan(problem, goal, measures, five_assurances, actor)
    with for_the_record():
        title = _("整改方案")
    plan.approval = ask(Verb.SUBMIT_PLAN, problem, plan, title=title, route=route)
    plan.save()
    problem.plan_waiting = True
    problem.save()
    return plan


@action(Verb.PROPOSE_AMENDMENT, may=may(Verb.PROPOSE_AMENDMENT))
def propose_amendment(
    problem: Problem,
    *,
    reason: str,
    goal: str,
    measures: Sequence[MeasureDraft],
    five_assurances: Mapping[str, str],
    route: Route = (),
    actor: Actor,
) -> Plan:
    """Ask to change goal, measures or dates. Whoever approved the first plan decides, or somebody above."""
    refuse_unless_open(problem, Verb.AMEND_PLAN)
    if Plan.objects.filter(problem=problem, round=problem.round, state=Plan.State.SUBMITTED).exists():
        raise Refused(_("已有一份方案调整在审批中。"), accepted=_("请等待审批结果，或先撤回。"))
    standing = plan_in_force(problem)
    plan = _write_plan(problem, goal, measures, five_assurances, actor)
    plan.reason = refuse_empty(reason, _("调整理由"))
    plan.replaces = standing
    first = route or _first_route(standing, actor)
    with for_the_record():
        title = _("调整整改方案")
    plan.approval = ask(Verb.PROPOSE_AMENDMENT, problem, plan, title=title, route=first)
    plan.save()
    current().fact(problem, amendment=str(plan.pk))
    return plan


def _first_route(standing: Plan | None, actor: Actor) -> list[tuple[str, Post]]:
    """The posts that approved the plan in force, as far as they still exist and are not the asker's own."""
    if standing is None or standing.approval is None:
        return []
    steps = standing.approval.steps.select_related("post").order_by("number")
    posts = [(step.name, step.post) for step in steps if step.post.closed_on is None]
    last = posts[-1:] if posts else []
    return [one for one in last if one[1].pk != actor.post]


def _write_plan(
    problem: Problem,
    goal: str,
    measures: Sequence[MeasureDraft],
    five_assurances: Mapping[str, str],
    actor: Actor,
) -> Plan:
    """The plan and its measures as rows, checked as a whole."""
    rows = check_plan(problem, goal, measures, five_assurances)
    last = Plan.objects.filter(problem=problem, round=problem.round).aggregate(last=Max("version"))["last"]
    plan = Plan(
        problem=problem,
        round=problem.round,
        version=(last or 0) + 1,
        goal=goal.strip(),
        state=Plan.State.SUBMITTED,
        five_assurances={name: text.strip() for name, text in five_assurances.items() if text.strip()},
        planned_by=person_of(actor),
        planned_principal=actor.on_behalf_of,
    )
    plan.save()
    write_measures(plan, rows)
    return plan


HAND_DOWN_WORDS: Final = {
    HandDownFault.DONE: (
        gettext_lazy("这条措施已经完成，不再交下去。"),
        gettext_lazy("请选择进行中的措施。"),
    ),
    HandDownFault.CLOSED_UNIT: (gettext_lazy("承接单位已经撤销。"), gettext_lazy("请选择现有单位。")),
    HandDownFault.CIRCULAR: (
        gettext_lazy("承接单位就在这条措施的交办链上，不能交回去。"),
        gettext_lazy("请选择链上以外的下级单位。"),
    ),
    HandDownFault.NOT_SUBORDINATE: (
        gettext_lazy("承接单位不是本单位的下级。"),
        gettext_lazy("请选择本单位的下属单位、内设机构或业务指导的单位。"),
    ),
    HandDownFault.LATER_THAN_PARENT: (
        gettext_lazy("交下去的期限晚于这条措施自己的期限。"),
        gettext_lazy("期限不晚于这条措施的期限。"),
    ),
    HandDownFault.BEFORE_TODAY: (gettext_lazy("期限已经过去。"), gettext_lazy("期限不早于今天。")),
    HandDownFault.TOO_DEEP: (gettext_lazy("层层交办的层级太多。"), gettext_lazy("请由本级自己办。")),
}


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
    problem = measure.plan.problem
    current().lock([problem])
    require_own_measure(measure, problem, actor)
    _refuse_hand_down(measure, unit, deadline, post)
    take(problem, Verb.HAND_DOWN)
    siblings = Measure.objects.filter(parent=measure).count()
    child: Measure = Measure.objects.create(
        plan=measure.plan,
        parent=measure,
        handed_down_by=actor.person,
        number=f"{measure.number}.{siblings + 1}",
        text=refuse_empty(text, _("措施")),
        unit=unit,
        post=post,
        deadline=deadline,
        deliverable=refuse_empty(deliverable, _("成果形式")),
        implemented_by=holders(post),
    )
    involve(problem, InvolvementRole.HANDED_DOWN, unit=unit)
    # Who hands down answers for what comes of it, so they count as having had a hand in it.
    implemented(measure, actor)
    measure.save()
    current().fact(problem, measure=str(child.pk), unit=str(unit.pk))
    roll_up(problem, measures_of(measure.plan))
    problem.save()
    return child


def holders(post: Post | None) -> list[str]:
    """Who sits in the post on the day: the handler a measure is given to has a part in it from then on."""
    if post is None:
        return []
    found = post.tenures.filter(in_force(current().today)).values_list("person_id", flat=True)
    return [str(person) for person in found]


def require_own_measure(measure: Measure, problem: Problem, actor: Actor) -> None:
    """The measure is of the plan in force, and the actor sits in its unit or in one that handed it down."""
    standing = plan_in_force(problem)
    if standing is None or measure.plan_id != standing.pk:
        raise Refused(_("这条措施不在现行方案里。"), accepted=_("请打开现行方案办理。"))
    chain = chain_of(measure, {one.pk: one for one in measures_of(standing)})
    if not actor.system and not any(in_unit(actor, one.unit) for one in chain) and not _leads(actor, problem):
        raise NotAllowed(
            _("这条措施不由您所在的单位承担。"),
            accepted=_("由%(unit)s办理。") % {"unit": measure.unit.name},
        )


def _leads(actor: Actor, problem: Problem) -> bool:
    return problem.lead_unit is not None and in_unit(actor, problem.lead_unit)


def _refuse_hand_down(measure: Measure, unit: Unit, deadline: date, post: Post | None) -> None:
    by_id = {one.pk: one for one in measures_of(measure.plan)}
    chain = [one.unit_id for one in chain_of(by_id[measure.pk], by_id)]
    lead = measure.plan.problem.lead_unit_id
    facts = HandDown(
        unit=unit.pk,
        chain=tuple(chain) if lead is None or lead in chain else (*chain, lead),
        is_subordinate=_is_subordinate(unit, measure.unit),
        is_open=unit.closed_on is None,
        deadline=deadline,
        parent_deadline=measure.deadline,
        parent_done=measure.state == Measure.State.DONE,
    )
    fault = fault_of_hand_down(facts, current().today)
    if fault is not None:
        wrong, right = HAND_DOWN_WORDS[fault]
        raise Refused(
            wrong, accepted=right, field="unit", fault=fault.value, latest=measure.deadline.isoformat()
        )
    if post is not None and (post.unit_id != unit.pk or post.closed_on is not None):
        raise Refused(
            _("“%(post)s”不是承接单位的岗位。") % {"post": post.name},
            accepted=_("请选择承接单位现有的岗位，或不写岗位。"),
            field="post",
        )


def _is_subordinate(unit: Unit, giver: Unit) -> bool:
    """Below in the tree, or guided along a line (条块)."""
    if is_under(unit.path, giver.path):
        return True
    return bool(UnitLine.objects.filter(in_force(current().today), unit=unit, superior=giver).exists())
