"""The page of a doubt, and the forms of this room's verbs. Who may not know of a doubt gets 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.authenticity import actions, pages
from bihuan.authenticity.forms import WeighForm
from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.offers import CONSEQUENCES
from bihuan.authenticity.queries import flag_seen, others_seen
from bihuan.authenticity.verbs import LABELS, Verb
from bihuan.authenticity.wording import sentence_of
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, act_on_record

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request


@require_safe
def detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One doubt with the files it is about."""
    flag = _seen(request, pk)
    return render(request, "authenticity/detail.html", pages.page_of_one(request.actor, flag))


def weigh(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Say of one doubt whether it is true."""
    flag = _seen(request, pk)
    if request.method != "POST":
        actions.weigh_flag.may(request.actor, [flag], {})
    back = reverse("desk:problem", args=[flag.problem_id])
    page = ActionPage(
        title=flag.get_kind_display(),
        consequence=CONSEQUENCES[Verb.WEIGH_FLAG],
        submit_label=LABELS[Verb.WEIGH_FLAG],
        subjects=[sentence_of(flag, others_seen(request.actor, [flag]))],
        cancel_url=back,
        done=lambda _result: f"{back}#doubts",
        said=_("已记下判断。"),
        labels={field.attname: field.verbose_name for field in AuthenticityFlag._meta.concrete_fields},
    )

    def given(cleaned: dict[str, str]) -> dict[str, str]:
        return {name: cleaned[name] for name in ("weight", "reason")}

    return act_on_record(request, actions.weigh_flag, flag, page, form_class=WeighForm, given=given)


def examine(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Look once more at what proves a problem."""
    problem = (
        visible(request.actor, Problem.objects.select_related("jurisdiction", "lead_unit"))
        .filter(pk=pk)
        .first()
    )
    if problem is None:
        raise Http404
    if request.method != "POST":
        actions.examine.may(request.actor, [problem], {})
    back = reverse("desk:problem", args=[problem.pk])
    page = ActionPage(
        title=LABELS[Verb.EXAMINE],
        consequence=CONSEQUENCES[Verb.EXAMINE],
        submit_label=LABELS[Verb.EXAMINE],
        subjects=[str(problem)],
        cancel_url=back,
        done=lambda _result: f"{back}#doubts",
        said=_("已检查；有疑点的列在“真实性疑点”。"),
        labels={field.attname: field.verbose_name for field in Problem._meta.concrete_fields},
    )
    return act_on_record(request, actions.examine, problem, page, given=lambda _cleaned: {})


def _seen(request: Request, pk: uuid.UUID) -> AuthenticityFlag:
    found = flag_seen(request.actor, pk)
    if found is None:
        raise Http404
    return found
