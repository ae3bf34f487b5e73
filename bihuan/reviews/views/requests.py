"""Coordination requests: asked from a problem or a sheet, listed, answered, and ended by who asked."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.documents.excel import workbook_bytes
from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.sight import sight_of
from bihuan.reviews import forms, pages, request_pages
from bihuan.reviews import requests as verbs
from bihuan.reviews.offers import CONSEQUENCES
from bihuan.reviews.queries import numbers_seen, requests_seen, sheets_of_own_unit
from bihuan.reviews.verbs import LABELS, Verb
from bihuan.reviews.views.finding import find_request, read_what_led_here, serve
from bihuan.reviews.workbooks import requests_sheet

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request
    from bihuan.reviews.models import CoordinationRequest, ReviewSheet

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def request_list(request: Request) -> HttpResponse:
    """The requests one has to do with."""
    if sight_of(request.actor).nothing:
        raise Http404
    context = request_pages.page_of_requests(request.actor, request.GET.get("show", ""))
    return render(request, "reviews/requests.html", context | {"crumbs": pages.crumbs()})


@require_safe
def request_workbook(request: Request) -> FileResponse:
    """All of them in Excel; who took them is in the access log."""
    if sight_of(request.actor).nothing:
        raise Http404
    rows = list(requests_seen(request.actor))
    access.record(request.actor, "export:reviews.requests", subjects=rows, rows=len(rows))
    content = workbook_bytes([requests_sheet(rows, numbers_seen(request.actor, rows))])
    filename = _("提请协调事项-%(day)s.xlsx") % {"day": today().isoformat()}
    return FileResponse(BytesIO(content), as_attachment=True, filename=filename)


@require_safe
def request_page(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One request."""
    found = find_request(request, pk)
    read_what_led_here(request)
    return render(request, "reviews/request.html", request_pages.page_of_request(request.actor, found))


@form_view
def ask(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask about a problem; from a sheet the call it belongs to is kept with it."""
    seen = visible(request.actor, Problem.objects.select_related("jurisdiction", "lead_unit"))
    problem = seen.filter(pk=pk).first()
    if problem is None:
        raise Http404
    verbs.ask_coordination.may(request.actor, [problem], {})
    sheet = _sheet_of(request, problem)

    def call(cleaned: dict[str, Any], meta: Meta) -> CoordinationRequest:
        return verbs.ask_coordination.call(**meta)(problem, **cleaned, sheet=sheet, actor=request.actor)

    page = ActionPage(
        title=LABELS[Verb.ASK],
        consequence=CONSEQUENCES[Verb.ASK],
        submit_label=LABELS[Verb.ASK],
        subjects=[str(problem)],
        crumbs=pages.crumbs(),
        cancel_url=reverse("desk:problem", args=[problem.pk]),
        done=lambda made: reverse("reviews:request", args=[made.pk]),
        said=_("已提请协调，答复会通知您单位。"),
    )
    return act_on_form(request, partial(forms.AskForm, problem=problem), page, call)


def _sheet_of(request: Request, problem: Problem) -> ReviewSheet | None:
    """The open sheet of the unit on which the problem stands: what is asked belongs to that call."""
    open_sheets = [one for one in sheets_of_own_unit(request.actor) if one.review.state == "issued"]
    return next((one for one in open_sheets if one.rows.filter(problem=problem).exists()), None)


@form_view
def answer(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Say what was done or decided."""
    return _serve(request, pk, Verb.ANSWER_REQUEST, verbs.answer_request, form=forms.AnswerForm)


@form_view
def accept(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The office takes it up."""
    return _serve(request, pk, Verb.ACCEPT_REQUEST, verbs.accept_request)


@form_view
def refuse(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The office does not coordinate this."""
    return _serve(request, pk, Verb.REFUSE_REQUEST, verbs.refuse_request, form=forms.ReasonForm)


@form_view
def pass_up(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The leading group is to decide."""
    return _serve(request, pk, Verb.PASS_UP_REQUEST, verbs.pass_up_request, form=forms.ReasonForm)


@form_view
def settle(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who asked says that it will do."""
    return _serve(request, pk, Verb.SETTLE_REQUEST, verbs.settle_request)


@form_view
def ask_again(request: Request, pk: uuid.UUID) -> HttpResponse:
    """It is asked once more."""
    return _serve(request, pk, Verb.ASK_AGAIN, verbs.ask_again, form=forms.AgainForm)


@form_view
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Not needed any more."""
    return _serve(request, pk, Verb.WITHDRAW_REQUEST, verbs.withdraw_request, form=forms.ReasonForm)


def _serve(request: Request, pk: uuid.UUID, verb: Verb, action: Any, **more: Any) -> HttpResponse:
    found = find_request(request, pk)
    return serve(request, verb, action, found, back=reverse("reviews:request", args=[pk]), **more)
