"""The list, and the office's page of one call: made, sent out, watched, concluded, and what comes of it."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.sight import sight_of
from bihuan.reviews import actions, forms, pages
from bihuan.reviews.calling import ReviewCall
from bihuan.reviews.circular import draft_circular
from bihuan.reviews.coverage import coverage_of
from bihuan.reviews.lights_table import lights_table
from bihuan.reviews.offers import CONSEQUENCES
from bihuan.reviews.queries import named, numbers_seen, office_of, requests_seen
from bihuan.reviews.verbs import LABELS, Verb
from bihuan.reviews.views.finding import find_review, read_what_led_here, serve
from bihuan.reviews.workbooks import review_workbook

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request
    from bihuan.reviews.models import MonthlyReview

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def review_list(request: Request) -> HttpResponse:
    """What my unit has to report on; for the office, every call it runs."""
    if sight_of(request.actor).nothing:
        raise Http404
    context = pages.page_of_list(request.actor, over=request.GET.get("show") == "over")
    return render(request, "reviews/list.html", context)


@require_safe
def review(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One call."""
    found = find_review(request, pk)
    read_what_led_here(request)
    return render(request, "reviews/review.html", pages.page_of_review(request.actor, found))


@form_view
def new(request: Request) -> HttpResponse:
    """Make a call in one's own jurisdiction."""
    place = office_of(request.actor)
    if place is None:
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> MonthlyReview:
        prepare = actions.prepare_review.call(key=meta["key"])
        return prepare(jurisdiction=place, call=ReviewCall(**cleaned), actor=request.actor)

    page = ActionPage(
        title=LABELS[Verb.PREPARE],
        done=lambda made: reverse("reviews:review", args=[made.pk]),
        consequence=CONSEQUENCES[Verb.PREPARE],
        submit_label=LABELS[Verb.PREPARE],
        said=_("月调度已拟好，请另一位同志下发。"),
        cancel_url=reverse("reviews:list"),
        crumbs=pages.crumbs(),
    )
    return act_on_form(request, partial(forms.CallForm, place=place), page, call)


@form_view
def issue(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send the call out."""
    return _serve(request, pk, Verb.ISSUE, actions.issue_review)


@form_view
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Put a draft aside, or call back what was sent out."""
    return _serve(request, pk, Verb.WITHDRAW, actions.withdraw_review, form=forms.ReasonForm)


@form_view
def remind(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Press those who have not answered."""
    return _serve(request, pk, Verb.REMIND, actions.remind_units)


@form_view
def stop_repeating(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The series ends with this call."""
    return _serve(request, pk, Verb.STOP_REPEATING, actions.stop_repeating)


@form_view
def conclude(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The call is over."""
    return _serve(request, pk, Verb.CONCLUDE, actions.conclude_review)


def _serve(request: Request, pk: uuid.UUID, verb: Verb, action: Any, **more: Any) -> HttpResponse:
    found = find_review(request, pk)
    return serve(request, verb, action, found, back=reverse("reviews:review", args=[pk]), **more)


@require_safe
def workbook(request: Request, pk: uuid.UUID) -> FileResponse:
    """The lights table, the answers and the requests in Excel; who took them is in the access log."""
    found = find_review(request, pk)
    requests = list(requests_seen(request.actor).filter(sheet__review=found))
    content = review_workbook(
        found,
        lights_table(found, request.actor),
        coverage_of(found, request.actor),
        requests,
        numbers_seen(request.actor, requests),
    )
    return _given(request, found, content, "export:reviews.workbook", _("%(title)s-%(day)s.xlsx"))


@form_view
def circular(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Draft the circular as an official paper."""
    found = find_review(request, pk)
    if found.issued_on is None:
        raise Http404
    return serve(
        request,
        Verb.DRAFT_CIRCULAR,
        draft_circular,
        found,
        back=reverse("reviews:review", args=[pk]),
        form=partial(forms.CircularForm, office=found.office),
        done=lambda paper: reverse("papers:paper", args=[paper.pk]),
        said=_("通报草稿已生成，请核对。"),
    )


def _given(request: Request, found: MonthlyReview, content: bytes, what: str, name: str) -> FileResponse:
    access.record(request.actor, what, subjects=[found], bytes=len(content))
    filename = name % {"title": named(found), "day": today().isoformat()}
    return FileResponse(BytesIO(content), as_attachment=True, filename=filename)
