"""The pages of the ladder: the office's piles, one request, one application, one determination, and their forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.approvals.policy import sees_approval
from bihuan.deadlines.ladder import conducting, forms, offers, pages, taking
from bihuan.deadlines.ladder.policy import sees_request
from bihuan.deadlines.ladder.queries import steps_of_office
from bihuan.deadlines.models import Conduct, Delisting, LadderRequest
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.journal.errors import NotAllowed
from bihuan.ledger.forms import picked
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import can_see, visible
from bihuan.ledger.supervision import levels_below
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form, act_on_record
from bihuan.organizations.authority import has_role
from bihuan.organizations.models import Role

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Verb as Action
    from bihuan.organizations.acting import Request


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The office's piles."""
    if not has_role(request.actor, Role.COORDINATOR, Role.REVIEWER):
        raise NotAllowed(_("督办由整改办提请。"), accepted=_("请由整改办的经办岗或审核岗办理。"))
    context = pages.page_of_list(request.actor, request.GET.get("show", ""), request.GET.get("after", ""))
    return render(request, "deadlines/proposals.html", context)


def take_up(request: Request) -> HttpResponse:
    """Ask for all that were ticked in one decision."""
    said = _("已提请；批准以后才实施。")
    return _on_steps(
        request,
        taking.take_up_rung,
        said,
        lambda row: reverse("deadlines:request", args=[row.pk]),
    )


def dismiss(request: Request) -> HttpResponse:
    """Leave all that were ticked without effect."""
    back = reverse("deadlines:proposals")
    return _on_steps(request, taking.dismiss_rung, _("已记录不予督办。"), lambda _row: back)


def _on_steps(request: Request, action: Action[..., Any], said: str, done: Any) -> HttpResponse:
    verb = Verb(action.name)
    ids = picked(request.GET.getlist("pick"))[: taking.MOST]
    steps = list(
        steps_of_office(request.actor)
        .filter(pk__in=ids)
        .select_related("problem__jurisdiction")
        .order_by("proposed_on", "id")
    )
    if not steps:
        raise Http404
    if request.method != "POST":
        action.may(request.actor, steps, {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(steps, reason=cleaned["reason"], actor=request.actor)

    page = ActionPage(
        title=LABELS[verb],
        consequence=offers.CONSEQUENCES[verb],
        submit_label=LABELS[verb],
        subjects=[f"{step.get_rung_display()} · {step.problem}" for step in steps],
        cancel_url=reverse("deadlines:proposals"),
        done=done,
        said=said,
    )
    return act_on_form(request, forms.ReasonForm, page, call, subjects=steps)


@require_safe
def request_page(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One request with its cases, for the office and whoever decides."""
    row = LadderRequest.objects.filter(pk=pk).first()
    if row is None or not (sees_request(request.actor, pk) or _decides(request, row.approval_id)):
        raise Http404
    return render(request, "deadlines/ladder_record.html", pages.page_of_request(request.actor, row))


@require_safe
def delisting(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One application to be supervised less."""
    row = Delisting.objects.select_related("problem__jurisdiction").filter(pk=pk).first()
    if row is None or not (can_see(request.actor, row.problem) or _decides(request, row.approval_id)):
        raise Http404
    return render(request, "deadlines/ladder_record.html", pages.page_of_delisting(row))


@require_safe
def conduct(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One determination."""
    row = Conduct.objects.select_related("problem__jurisdiction", "unit").filter(pk=pk).first()
    if row is None or not (can_see(request.actor, row.problem) or _decides(request, row.approval_id)):
        raise Http404
    found = [one for one in offers.conduct_offers(request.actor, row.problem, row) if not one.why_not]
    acts = {
        "allowed": [
            {"label": one.label, "url": one.url, "consequence": one.consequence, "primary": not at}
            for at, one in enumerate(found)
        ]
    }
    context = pages.page_of_conduct(row, acts if found else None)
    return render(request, "deadlines/ladder_record.html", context)


def _decides(request: Request, approval: uuid.UUID | None) -> bool:
    return approval is not None and sees_approval(request.actor, approval)


def ask_delisting(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask that a problem be supervised less."""
    problem = _problem(request, pk)
    levels = [(one, taking.level_words(one)) for one in levels_below(problem.supervision_level)]
    return _on_record(
        request,
        taking.ask_delisting,
        problem,
        partial(forms.DelistForm, levels=levels),
        reverse("desk:problem", args=[problem.pk]),
    )


def open_conduct(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Say what a unit did."""
    problem = _problem(request, pk)
    back = reverse("desk:problem", args=[problem.pk])
    return _on_record(request, conducting.open_conduct, problem, forms.OpenConductForm, back)


def reply(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The unit's own words."""
    row = _conduct(request, pk)
    return _on_record(request, conducting.reply_to_conduct, row, forms.ReplyForm, _of_conduct(row))


def determine(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask another person to decide."""
    row = _conduct(request, pk)
    form = partial(forms.DetermineForm, initial={"finding": row.kind})
    return _on_record(request, conducting.determine_conduct, row, form, _of_conduct(row))


def _on_record(request: Request, action: Action[..., Any], record: Any, form: Any, back: str) -> HttpResponse:
    verb = Verb(action.name)
    if request.method != "POST":
        action.may(request.actor, [record], {})
    page = ActionPage(
        title=LABELS[verb],
        consequence=offers.CONSEQUENCES[verb],
        submit_label=LABELS[verb],
        subjects=[str(getattr(record, "problem", record))],
        cancel_url=back,
        done=lambda _result: back,
        said=_("已办理：%(title)s") % {"title": LABELS[verb]},
    )
    return act_on_record(request, action, record, page, form_class=form)


def _problem(request: Request, pk: uuid.UUID) -> Problem:
    found = (
        visible(request.actor, Problem.objects.select_related("jurisdiction", "lead_unit"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _conduct(request: Request, pk: uuid.UUID) -> Conduct:
    row: Conduct | None = (
        Conduct.objects.select_related("problem__jurisdiction", "unit").filter(pk=pk).first()
    )
    if row is None or not can_see(request.actor, row.problem):
        raise Http404
    return row


def _of_conduct(row: Conduct) -> str:
    return reverse("deadlines:conduct", args=[row.pk])
