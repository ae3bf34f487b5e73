"""Laying a problem beside others, and deciding what was found."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.journal import access
from bihuan.journal.errors import NotVisible, Refused
from bihuan.ledger import actions, forms
from bihuan.ledger.comparing import undecided
from bihuan.ledger.models import Comparison, Problem, Waiting
from bihuan.ledger.offers import CONSEQUENCES
from bihuan.ledger.pages.comparisons import beside_others
from bihuan.ledger.sight import can_see
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.ledger.views.problems import seen_problem
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of

SHOWN = 50
FORM = ["GET", "HEAD", "POST"]


@require_safe
def alike_problems(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What the problem may repeat, and what was decided."""
    problem = seen_problem(request, pk)
    if problem.channel_id is not None:
        access.record(request.actor, "restricted:ledger.alike", subjects=[problem])
    context = {"problem": problem, "title": _("疑似重复"), **beside_others(request.actor, problem)}
    context["crumbs"] = [
        {"words": _("台账"), "url": reverse("desk:ledger")},
        {"words": problem.problem_no, "url": reverse("desk:problem", args=[problem.pk])},
        {"words": _("疑似重复"), "url": ""},
    ]
    return render(request, "ledger/alike.html", context)


@require_safe
def undecided_pairs(request: Request) -> HttpResponse:
    """What comparing many new problems found and nobody has decided."""
    if jurisdiction_of(request.actor) is None:
        raise Http404
    hints = list(undecided(request.actor).select_related("problem", "like")[: SHOWN + 1])
    context = {
        "title": _("疑似重复"),
        "hints": hints[:SHOWN],
        "more": len(hints) > SHOWN,
        "waiting": Waiting.objects.filter(problem__jurisdiction=jurisdiction_of(request.actor)).count(),
        "crumbs": [{"words": _("台账"), "url": reverse("desk:ledger")}, {"words": _("疑似重复"), "url": ""}],
    }
    return render(request, "ledger/undecided.html", context)


@require_http_methods(FORM)
def keep_apart(request: Request, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Two problems are not the same."""
    return _decide(request, pk, other, actions.keep_apart, LedgerVerb.KEEP_APART)


@require_http_methods(FORM)
def link_recurrence(request: Request, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """The same matter is back."""
    return _decide(request, pk, other, actions.link_recurrence, LedgerVerb.LINK_RECURRENCE)


def _decide(request: Request, pk: uuid.UUID, other: uuid.UUID, verb: Any, name: LedgerVerb) -> HttpResponse:
    pair = [seen_problem(request, pk), seen_problem(request, other)]
    if request.method != "POST":
        verb.may(request.actor, pair, {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Comparison:
        made: Comparison = verb.call(**meta)(pair, actor=request.actor, **cleaned)
        return made

    back = reverse("desk:problem", args=[pk])
    page = ActionPage(
        title=LABELS[name],
        consequence=CONSEQUENCES[name],
        submit_label=LABELS[name],
        said=_("已办理：%(title)s") % {"title": LABELS[name]},
        subjects=[str(problem) for problem in pair],
        cancel_url=back,
        done=lambda _result: back,
        labels={field.attname: field.verbose_name for field in Problem._meta.concrete_fields},
    )
    return act_on_form(request, forms.ComparisonForm, page, call, subjects=pair)


@require_POST
def take_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Nothing is decided any more."""
    pair = Comparison.objects.select_related("one", "other").filter(pk=pk).first()
    if pair is None or not (can_see(request.actor, pair.one) and can_see(request.actor, pair.other)):
        raise Http404
    try:
        actions.take_back_comparison(pair, actor=request.actor)
    except NotVisible:
        raise
    except Refused as refused:
        if refused.status != 422:  # noqa: PLR2004  (who may not is answered as everywhere)
            raise
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已撤回，这一对会再提示。"))
    return redirect("ledger:alike", pair.one_id)
