"""Reading what is applied for, an extension or a suspension: before deciding on it, and afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.approvals.policy import may_see
from bihuan.journal import access
from bihuan.ledger.sight import can_see
from bihuan.rectification.models import Extension, Suspension

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

    from bihuan.journal.action import Actor
    from bihuan.rectification.views.serving import Request

RELATED = ("problem__lead_unit", "problem__jurisdiction", "approval")


@require_safe
def extension(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A later date: the one there is, the first one, the one asked for, why, and how it will be kept."""
    row = _readable(request, Extension.objects.select_related(*RELATED).filter(pk=pk).first())
    first = row.problem.first_deadline or row.old_deadline
    facts = [
        {"label": _("首次期限"), "value": first},
        {"label": _("申请时的期限"), "value": row.old_deadline},
        {"label": _("申请延期至"), "value": row.new_deadline},
        {"label": _("已批准过的延期"), "value": _("%(n)d 次") % {"n": _granted_before(row)}},
        {"label": _("理由"), "value": row.reason},
        {"label": _("新的安排"), "value": row.new_plan},
    ]
    return _page(request, row, _("延期申请"), facts)


@require_safe
def suspension(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A stop of the clock: until when, and why."""
    row = _readable(request, Suspension.objects.select_related(*RELATED).filter(pk=pk).first())
    facts = [
        {"label": _("现在的期限"), "value": row.problem.external_deadline},
        {"label": _("申请中止至"), "value": row.resume_by},
        {"label": _("理由"), "value": row.reason},
    ]
    return _page(request, row, _("中止申请"), facts)


def _granted_before(row: Extension) -> int:
    granted = Extension.objects.filter(problem=row.problem, state=Extension.State.GRANTED, pk__lt=row.pk)
    return int(granted.count())


def _page(
    request: Request, row: Extension | Suspension, title: str, facts: list[dict[str, Any]]
) -> HttpResponse:
    problem = row.problem
    about = {
        "piece": "link",
        "words": f"{problem.problem_no} {problem.title}",
        "url": reverse("desk:problem", args=[problem.pk]),
    }
    seen = can_see(request.actor, problem)
    context = {
        "title": title,
        "facts": [
            {"label": _("问题"), "value": about if seen else about["words"]},
            {"label": _("牵头单位"), "value": str(problem.lead_unit or "")},
            {"label": _("申请日期"), "value": row.asked_on},
            *facts,
            {"label": _("状态"), "value": row.get_state_display()},
        ],
    }
    return render(request, "rectification/application.html", context)


def _readable(request: Request, row: Any) -> Any:
    """The row, for whoever sees the problem and whoever has to decide; of a channel for its own people alone."""
    if row is None or not _may_read(request.actor, row):
        raise Http404
    if row.problem.channel_id is not None:
        access.record(request.actor, f"restricted:{row.Stream.kind}", subjects=[row.problem])
    return row


def _may_read(actor: Actor, row: Extension | Suspension) -> bool:
    if can_see(actor, row.problem):
        return True
    return row.problem.channel_id is None and row.approval is not None and may_see(actor, row.approval)
