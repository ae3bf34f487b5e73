"""One document under review, and what is said about its passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake import actions, page_images, queries
from bihuan.intake.cards import cards_of
from bihuan.intake.forms import ReasonForm, numbers_in
from bihuan.intake.models import Disposition
from bihuan.intake.sealing.sample_page import seal_offer
from bihuan.intake.views.answering import answer
from bihuan.intake.views.finding import find_document
from bihuan.journal.errors import Refused
from bihuan.organizations.action_pages import ActionPage, act_on_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from bihuan.intake.models import IntakeDocument

# What a key stands for: the first five as drawn on every page, the others for what a letter has besides.
KEYS = (
    Disposition.PROBLEM,
    Disposition.CONTEXT,
    Disposition.PRAISE,
    Disposition.DUPLICATE,
    Disposition.CLUE,
    Disposition.REQUIREMENT,
    Disposition.MEASURE_TAKEN,
    Disposition.NOT_A_PROBLEM,
)
FIRST_ROW = 5


@require_safe
def review(request: HttpRequest, document: UUID) -> HttpResponse:
    """The three panes."""
    found = find_document(request, document)
    n, part, number = (_number(request, name) for name in ("n", "part", "page"))
    shown = queries.review_of(found, n=n, part=part)
    meter = queries.meter_of(queries.standing_of(found.batch))
    page = min(max(number or (shown.now.page if shown.now else None) or 1, 1), found.pages or 1)
    as_image = found.kind in page_images.PAGED and request.GET.get("view") != "text"
    context = {
        "document": found,
        "batch": found.batch,
        "review": shown,
        "cards": cards_of(found.batch, shown.candidates),
        "meter": meter,
        "seal": seal_offer(found.batch, meter, request.actor),  # type: ignore[attr-defined]
        "choices": choices(),
        "blank": {"n": 0, "disposition": "", "proposed": ""},
        "as_image": as_image,
        "has_pages": found.kind in page_images.PAGED,
        "page": page,
        "places": queries.places_on(found, page) if as_image and page not in shown.clue_pages else {},
        "editable": found.state == found.State.REVIEWING,
        "others": queries.document_rows(found.batch),
        "crumbs": [
            {"words": _("摸底"), "url": reverse("intake:list")},
            {"words": found.batch.title, "url": reverse("intake:batch", args=[found.batch.pk])},
            {"words": found.name, "url": ""},
        ],
    }
    return render(request, "intake/review.html", context)


def choices() -> list[dict[str, Any]]:
    """The dispositions with their keys."""
    return [
        {"key": key, "value": kind.value, "label": kind.label, "first": key <= FIRST_ROW}
        for key, kind in enumerate(KEYS, start=1)
    ]


@require_safe
def page_image(request: HttpRequest, document: UUID, number: int) -> HttpResponse:
    """A page as it looks. Pages on which a clue was held back are shown to nobody here."""
    found = _find_page(request, document, number)
    picture = page_images.page_picture(found, number)
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def page_places(request: HttpRequest, document: UUID, number: int) -> HttpResponse:
    """Where on the page each passage stands, for the light that follows the current one."""
    found = _find_page(request, document, number)
    places = {str(n): boxes for n, boxes in queries.places_on(found, number).items()}
    return JsonResponse(places, headers={"Cache-Control": "private, max-age=600"})


def _find_page(request: HttpRequest, document: UUID, number: int) -> IntakeDocument:
    """The document, if it has such a page and no clue was held back on it."""
    found = find_document(request, document)
    if found.kind not in page_images.PAGED or not 1 <= number <= (found.pages or 0):
        raise Http404
    if found.passages.filter(clue__isnull=False, page=number).exists() or not found.file.blob.kept:
        raise Http404
    return found


@require_POST
def dispose(request: HttpRequest, document: UUID) -> HttpResponse:
    """Say what passages are."""
    found = find_document(request, document)
    numbers = passages_in(request)
    shown = {str(n): request.POST[f"shown-{n}"] for n in numbers if f"shown-{n}" in request.POST}
    return answer(
        request,
        found,
        lambda: actions.dispose(
            found,
            passages=numbers,
            disposition=request.POST.get("disposition", ""),
            reason=request.POST.get("reason", ""),
            shown=shown,
            actor=request.actor,  # type: ignore[attr-defined]
        ),
    )


@require_POST
def accept(request: HttpRequest, document: UUID) -> HttpResponse:
    """Confirm what was proposed for a passage or a whole section."""
    found = find_document(request, document)
    numbers = passages_in(request)
    return answer(
        request,
        found,
        lambda: actions.accept_proposals(found, passages=numbers, actor=request.actor),  # type: ignore[attr-defined]
    )


@require_POST
def undo(request: HttpRequest, document: UUID) -> HttpResponse:
    """Take back one's own last decision."""
    found = find_document(request, document)
    return answer(request, found, lambda: actions.undo(found, actor=request.actor), said=_("已撤销。"))  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, document: UUID) -> HttpResponse:
    """A file that does not belong here."""
    found = find_document(request, document)
    page = ActionPage(
        title=_("撤回文件"),
        done=lambda _result: reverse("intake:batch", args=[found.batch.pk]),
        consequence=_("撤回后它的片段不再计入本批次；文件和记录仍然保留。"),
        submit_label=_("撤回"),
        said=_("文件已撤回。"),
        cancel_url=reverse("intake:batch", args=[found.batch.pk]),
        subjects=[found.name],
    )

    def call(values: dict[str, Any], meta: dict[str, Any]) -> None:
        actions.withdraw_document.call(**meta)(found, reason=values["reason"], actor=request.actor)  # type: ignore[attr-defined]

    return act_on_form(request, ReasonForm, page, call, subjects=[found])


def passages_in(request: HttpRequest) -> list[int]:
    """The numbers a form names; unreadable ones are refused like unknown ones."""
    try:
        return numbers_in(request.POST.get("passages", ""))
    except forms.ValidationError as error:
        raise Refused(_("没有选中任何片段。"), accepted=error.messages[0], field="passages") from error


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else None
