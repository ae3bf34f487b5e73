"""The one form of this room: raising a light."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines import actions
from bihuan.deadlines.forms import RaiseForm
from bihuan.deadlines.offers import raisable
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request


def raise_light(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The form, for the office of the problem's place."""
    problem = visible(request.actor, Problem.objects.select_related("jurisdiction")).filter(pk=pk).first()
    if problem is None:
        raise Http404
    if request.method != "POST":
        actions.raise_light.may(request.actor, [problem], {})

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        given = {name: cleaned[name] for name in ("kind", "to", "reason")}
        actions.raise_light.call(**meta)(problem, **given, actor=request.actor)

    back = reverse("desk:problem", args=[problem.pk])
    page = ActionPage(
        title=LABELS[Verb.RAISE_LIGHT],
        consequence=_("灯只能升级；理由留痕，一直亮到这个时限办结。"),
        submit_label=LABELS[Verb.RAISE_LIGHT],
        subjects=[str(problem)],
        cancel_url=back,
        done=lambda _result: back,
    )
    return act_on_form(request, partial(RaiseForm, clocks=raisable(problem)), page, call, subjects=[problem])
