"""Reading the versions of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.approvals.policy import may_see
from bihuan.journal import access
from bihuan.ledger.sight import can_see
from bihuan.rectification import actions
from bihuan.rectification.exemplars import exemplars_for
from bihuan.rectification.models import Plan
from bihuan.rectification.plan_pages import page_of_plan
from bihuan.rectification.views.serving import seen_problem

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

    from bihuan.journal.action import Actor
    from bihuan.rectification.views.serving import Request

RELATED = (
    "problem__lead_unit",
    "problem__jurisdiction",
    "problem__source",
    "approval",
    "taken_from__problem",
)


@require_safe
def plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One version, laid beside another."""
    found = Plan.objects.select_related(*RELATED).filter(pk=pk).exclude(state=Plan.State.DIVIDED).first()
    if found is None or not may_read(request.actor, found):
        raise Http404
    if found.problem.channel_id is not None:
        access.record(request.actor, "restricted:rectification.plan", subjects=[found.problem])
    context = page_of_plan(request.actor, found, request.GET.get("against", ""))
    return render(request, "rectification/plan.html", context)


@require_safe
def exemplars(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Plans of similar closed problems, for whoever may write this one's plan."""
    problem = seen_problem(request, pk)
    actions.submit_plan.may(request.actor, [problem], {})
    context = {
        "problem": problem,
        "exemplars": exemplars_for(problem, request.actor),
        "own_url": reverse("rectification:submit_plan", args=[problem.pk]),
        "empty": {
            "title": _("没有可以参考的方案"),
            "sentence": _("台账里还没有您能看到的、相似的已销号问题；请直接编写。"),
        },
    }
    return render(request, "rectification/exemplars.html", context)


def may_read(actor: Actor, plan: Plan) -> bool:
    """Whoever sees the problem, and whoever has to decide on the plan; what few may know only those few."""
    if can_see(actor, plan.problem):
        return True
    return plan.problem.channel_id is None and plan.approval is not None and may_see(actor, plan.approval)
