"""Plans that call again: the list, a new one, the page of one, and stopping it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.drives import forms, pages, plan_pages, planning
from bihuan.drives.models import DrivePlan
from bihuan.drives.offers import CONSEQUENCES
from bihuan.drives.policy import sees_plan
from bihuan.drives.verbs import LABELS, Verb
from bihuan.drives.views.drives import own_place
from bihuan.drives.views.finding import serve
from bihuan.drives.views.lines import form_view
from bihuan.journal import access
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """The office's plans."""
    own_place(request)
    return render(request, "drives/plans.html", plan_pages.page_of_plans(request.actor))


@require_safe
def plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One plan."""
    return render(request, "drives/plan.html", plan_pages.page_of_plan(request.actor, _find(request, pk)))


@form_view
def new(request: Request) -> HttpResponse:
    """Make a plan in one's own jurisdiction."""
    place = own_place(request)

    def call(cleaned: dict[str, Any], meta: Meta) -> DrivePlan:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        prepare = planning.prepare_plan.call(key=meta["key"])
        return prepare(jurisdiction=place, schedule=planning.Schedule(**given), actor=request.actor)

    page = ActionPage(
        title=LABELS[Verb.PREPARE_PLAN],
        done=lambda made: reverse("drives:plan", args=[made.pk]),
        consequence=CONSEQUENCES[Verb.PREPARE_PLAN],
        submit_label=LABELS[Verb.PREPARE_PLAN],
        said=_("定期自查已拟好，请另一位同志启用。"),
        cancel_url=reverse("drives:plans"),
        crumbs=pages.crumbs(_("定期自查")),
    )
    return act_on_form(request, partial(forms.PlanForm, place=place), page, call)


@form_view
def start(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Put it in force."""
    return _serve(request, pk, Verb.START_PLAN, planning.start_plan)


@form_view
def suspend(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Stop for a while."""
    return _serve(request, pk, Verb.SUSPEND_PLAN, planning.suspend_plan, form=forms.ReasonForm)


@form_view
def resume(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Go on."""
    return _serve(request, pk, Verb.RESUME_PLAN, planning.resume_plan)


@form_view
def end(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Never again."""
    return _serve(request, pk, Verb.END_PLAN, planning.end_plan, form=forms.ReasonForm)


def _serve(request: Request, pk: uuid.UUID, verb: Verb, action: Any, **more: Any) -> HttpResponse:
    found = _find(request, pk)
    return serve(request, verb, action, found, back=reverse("drives:plan", args=[found.pk]), **more)


def _find(request: Request, pk: uuid.UUID) -> DrivePlan:
    found: DrivePlan | None = DrivePlan.objects.select_related("jurisdiction").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not sees_plan(request.actor, found):
        access.record(request.actor, "refused:drives.plan", outcome="NotVisible", subjects=[found])
        raise Http404
    return found
