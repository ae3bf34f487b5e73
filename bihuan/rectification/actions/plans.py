"""The plan: submitted, decided on its route, amended the same way, and handed down measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.deciding import leading_group_posts
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.amending import refuse_dropped_tasks
from bihuan.rectification.asking import Route, ask, ask_again
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.deliberating import DeliberationDraft, deliberate
from bihuan.rectification.exemplars import require_exemplar
from bihuan.rectification.measures import plan_in_force
from bihuan.rectification.models import Deliberation, Plan
from bihuan.rectification.plan_trees import MeasureDraft, check_plan, write_measures
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb


@action(Verb.SUBMIT_PLAN, may=may(Verb.SUBMIT_PLAN))
def submit_plan(
    problem: Problem,
    *,
    goal: str,
    measures: Sequence[MeasureDraft],
    five_assurances: Mapping[str, str],
    similar_cases: str = "",
    taken_from: Plan | None = None,
    deliberation: DeliberationDraft | None = None,
    route: Route = (),
    actor: Actor,
) -> Plan:
    """Send the plan of this round to whoever approves it; work begins when it is approved."""
    take(problem, Verb.SUBMIT_PLAN)
    # Where a minor problem turned out graver, its work is divided already: the plan takes the place of that.
    divided = plan_in_force(problem)
    plan = _write_plan(problem, Written(goal, measures, five_assurances, similar_cases), actor)
    if taken_from is not None:
        require_exemplar(actor, problem, taken_from)
        plan.taken_from = taken_from
    deliberate(problem, Deliberation.About.PLAN, deliberation, actor)
    with for_the_record():
        title = _("整改方案")
    plan.replaces = divided
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
    similar_cases: str = "",
    route: Route = (),
    actor: Actor,
) -> Plan:
    """Ask to change goal, measures or dates. Whoever approved the first plan decides, or somebody above."""
    refuse_unless_open(problem, Verb.AMEND_PLAN)
    if Plan.objects.filter(problem=problem, round=problem.round, state=Plan.State.SUBMITTED).exists():
        raise Refused(_("已有一份方案调整在审批中。"), accepted=_("请等待审批结果，或先撤回。"))
    standing = plan_in_force(problem)
    plan = _write_plan(
        problem, Written(goal, measures, five_assurances, similar_cases), actor, instead_of=standing
    )
    plan.reason = refuse_empty(reason, _("调整理由"))
    plan.replaces = standing
    first = _first_route(standing)
    if route and first:
        _refuse_lower(first[0][1], problem, route)
    usual = [] if first and first[0][1].pk == actor.post else first
    asking = ask_again if first else ask
    with for_the_record():
        title = _("调整整改方案")
    plan.approval = asking(Verb.PROPOSE_AMENDMENT, problem, plan, title=title, route=route or usual)
    plan.save()
    current().fact(problem, amendment=str(plan.pk))
    return plan


def _first_route(standing: Plan | None) -> list[tuple[str, Post]]:
    """The post that had the last word on the plan in force, if it still exists."""
    if standing is None or standing.approval is None:
        return []
    steps = standing.approval.steps.select_related("post__unit").order_by("number")
    return [(step.name, step.post) for step in steps if step.post.closed_on is None][-1:]


def _refuse_lower(first: Post, problem: Problem, route: Route) -> None:
    """An amendment is decided by whoever had the last word on the plan, or by somebody above; not by a handier post."""
    above = {post.pk for post in leading_group_posts(problem.jurisdiction)} | {first.pk}
    if not any(post.pk in above or _is_above(post.unit, first.unit) for _name, post in route):
        raise Refused(
            _("方案由“%(post)s”批准，调整也要由它或以上决定。") % {"post": first.name},
            accepted=_("不写审批路线的，送原审批人。"),
            field="route",
        )


def _is_above(unit: Unit, below: Unit) -> bool:
    return unit.pk != below.pk and is_under(below.path, unit.path)


@dataclass(frozen=True)
class Written:
    """What a version says."""

    goal: str
    measures: Sequence[MeasureDraft]
    five_assurances: Mapping[str, str]
    similar_cases: str


def _write_plan(problem: Problem, written: Written, actor: Actor, *, instead_of: Plan | None = None) -> Plan:
    """The plan and its measures as rows, checked as a whole."""
    rows = check_plan(problem, written.goal, written.measures, written.five_assurances)
    refuse_dropped_tasks(problem, instead_of, rows)
    plan = Plan(
        problem=problem,
        round=problem.round,
        version=next_version(problem),
        goal=written.goal.strip(),
        state=Plan.State.SUBMITTED,
        five_assurances={
            name: text.strip() for name, text in written.five_assurances.items() if text.strip()
        },
        similar_cases=written.similar_cases.strip(),
        planned_by=person_of(actor),
        planned_principal=actor.on_behalf_of,
    )
    plan.save()
    write_measures(plan, rows)
    return plan


def next_version(problem: Problem) -> int:
    last = Plan.objects.filter(problem=problem, round=problem.round).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1
