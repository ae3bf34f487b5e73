"""The pages of this room: raising a light, and applying a version of a rule to running cases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.policy import sees_approval
from bihuan.deadlines import actions, reapplications
from bihuan.deadlines import reapplication_pages as pages
from bihuan.deadlines.forms import JudgmentForm, RaiseForm, ReapplicationForm
from bihuan.deadlines.judging import judge_achievability
from bihuan.deadlines.models import Reapplication
from bihuan.deadlines.offers import raisable
from bihuan.deadlines.reapplying import candidates, foresee
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.journal.action import Refused
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form, act_on_record
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_read

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from bihuan.journal.action import Verb as Action
    from bihuan.organizations.acting import Request


def raise_light(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The form, for the office of the problem's place."""
    problem = _found(request, pk)
    consequence = _("灯只能升级；理由留痕，一直亮到这个时限办结。")
    form = partial(RaiseForm, clocks=raisable(problem))
    return _of_office(request, actions.raise_light, problem, form, consequence)


def judge(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Whether the deadline can be kept, as the office judges."""
    problem = _found(request, pk)
    consequence = _("灯按“亮灯”规则随之变化，只会变差，不会变好。")
    return _of_office(request, judge_achievability, problem, JudgmentForm, consequence)


def _found(request: Request, pk: uuid.UUID) -> Problem:
    problem = visible(request.actor, Problem.objects.select_related("jurisdiction")).filter(pk=pk).first()
    if problem is None:
        raise Http404
    return problem


def _of_office(
    request: Request, action: Action[..., Any], problem: Problem, form: Callable[..., Any], consequence: str
) -> HttpResponse:
    """The form of a verb by which the office has its say about the light of one problem."""
    if request.method != "POST":
        action.may(request.actor, [problem], {})
    back, label = reverse("desk:problem", args=[problem.pk]), LABELS[Verb(action.name)]
    page = ActionPage(
        title=label,
        consequence=consequence,
        submit_label=label,
        subjects=[str(problem)],
        cancel_url=back,
        done=lambda _result: back,
    )
    return act_on_record(request, action, problem, page, form_class=form)


def ask_reapplication(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What the version would change, case by case, and the form that asks for it."""
    policy = Policy.objects.select_related("jurisdiction").filter(pk=pk).first()
    if policy is None or not may_read(request.actor, policy.jurisdiction):
        raise Http404
    reapplications.ask_reapplication.may(request.actor, [policy], {})
    cases, more = candidates(policy, request.actor)
    changes = foresee(policy, cases)
    back = reverse("policies:detail", args=[policy.pk])

    def call(cleaned: dict[str, Any], meta: Meta) -> Reapplication:
        given = {name: cleaned[name] for name in ("cases", "reason", "approver")}
        found: Reapplication = reapplications.ask_reapplication.call(**meta)(
            policy, **given, actor=request.actor
        )
        return found

    page = ActionPage(
        title=_("适用于在办事项：%(rule)s") % {"rule": pages.title_of(policy)},
        consequence=_("提请以后由另一人批准；批准前在办事项仍按原版本计时，批准后分批生效。"),
        submit_label=_("提请批准"),
        cancel_url=back,
        crumbs=[{"words": pages.title_of(policy), "url": back}],
        done=lambda row: reverse("deadlines:reapplication", args=[row.pk]),
        template="deadlines/ask_reapplication.html",
        context={
            "rows": pages.preview_rows(changes),
            "summary": pages.summary([change.as_fact() for change in changes]),
            "more": more,
            "checked": request.POST.getlist("cases") or [str(case.pk) for case in cases],
        },
    )
    refusal = _why_not(policy, cases)
    if refusal is not None:
        context = {"title": page.title, "crumbs": page.crumbs, "refusal": refusal, "back": back}
        return render(request, "deadlines/nothing_to_reapply.html", context)
    form = partial(
        ReapplicationForm, cases=cases, deciders=reapplications.deciding_posts(policy.jurisdiction)
    )
    return act_on_form(request, form, page, call, subjects=[policy])


def _why_not(policy: Policy, cases: list[Problem]) -> Refused | None:
    """What stands against asking at all, so that nobody fills in a form for nothing."""
    try:
        reapplications.refuse_unfit(policy)
    except Refused as refused:
        return refused
    if not cases:
        return Refused(
            _("没有在办事项会因为这个版本而改变。"),
            accepted=_("现行规则是这个版本、时限还在走、又没有按它计时的事项，会列在这里。"),
        )
    return None


def reapplication(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What was asked, what became of it, and how far it is."""
    row = Reapplication.objects.select_related("policy__jurisdiction").filter(pk=pk).first()
    if row is None or not (
        reapplications.sees(request.actor, pk)
        or (row.approval_id is not None and sees_approval(request.actor, row.approval_id))
    ):
        raise Http404
    back = reverse("policies:detail", args=[row.policy_id])
    cases, note = pages.cases_table(request.actor, row)
    context = {
        "title": _("适用于在办事项"),
        "crumbs": [{"words": pages.title_of(row.policy), "url": back}],
        "facts": pages.facts_of(row),
        "table": cases,
        "note": note,
        "running": row.state == Reapplication.State.GRANTED,
        "done": row.applied,
        "of": len(row.cases),
        "approval_url": reverse("approvals:detail", args=[row.approval_id]) if row.approval_id else "",
    }
    return render(request, "deadlines/reapplication.html", context)
