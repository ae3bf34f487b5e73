"""A unit's own page, and what it may do there."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.drives import actions, forms, matrix, pages
from bihuan.drives.answering import blank_sheet
from bihuan.drives.verbs import Verb
from bihuan.drives.views.finding import find_line, read_what_led_here, serve

if TYPE_CHECKING:
    import uuid

    from bihuan.drives.models import DriveLine
    from bihuan.organizations.acting import Request

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def line(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What the unit is asked, what it has answered, what is still blank."""
    found = find_line(request, pk)
    read_what_led_here(request)
    return render(request, "drives/line.html", pages.page_of_line(request.actor, found))


@form_view
def acknowledge(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Received."""
    found = find_line(request, pk)
    return serve(
        request,
        Verb.ACKNOWLEDGE,
        actions.acknowledge_call,
        found,
        back=_page_of(found),
        said=_("已签收，可以报告了。"),
    )


@form_view
def rows(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Fill in problems row by row."""
    found = find_line(request, pk)
    return serve(
        request,
        Verb.ANSWER_ROWS,
        actions.answer_with_rows,
        found,
        form=partial(forms.RowsForm, line=found),
        back=_page_of(found),
        given=lambda sent: {"rows": sent["rows"]},
        template="drives/rows.html",
        said=_("已报告，等整改办审核；还有的可以接着填。"),
    )


@form_view
def nil(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Write the words of a nil return."""
    found = find_line(request, pk)
    form = partial(forms.NilForm, initial={"statement": found.statement} if found.statement else None)
    return serve(
        request, Verb.PREPARE_NIL, actions.prepare_nil_return, found, form=form, back=_page_of(found)
    )


@form_view
def sign(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The head of the unit signs."""
    found = find_line(request, pk)
    return serve(request, Verb.SIGN_NIL, actions.sign_nil_return, found, back=_page_of(found))


@form_view
def explain(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Why a cell is blank."""
    found = find_line(request, pk)
    cell = {"sector": request.GET.get("sector", ""), "source": request.GET.get("source", "")}
    if cell["sector"] not in found.drive.sectors or cell["source"] not in {"", *found.drive.sources}:
        raise Http404
    return serve(
        request,
        Verb.EXPLAIN,
        actions.explain_blank,
        found,
        form=forms.ReasonForm,
        back=_page_of(found) + "#cells",
        given=lambda sent: {**cell, **sent},
        about=matrix.head_of(cell["sector"], cell["source"]),
    )


@form_view
def excuse(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The office lets a unit off."""
    found = find_line(request, pk)
    return serve(
        request, Verb.EXCUSE, actions.excuse_line, found, form=forms.ReasonForm, back=_page_of(found)
    )


@require_safe
def empty_sheet(request: Request, pk: uuid.UUID) -> FileResponse:
    """The sheet a unit may fill in."""
    found = find_line(request, pk)
    name = _("自查表-%(unit)s.xlsx") % {"unit": found.unit.name}
    return FileResponse(BytesIO(blank_sheet(found)), as_attachment=True, filename=name)


def _page_of(found: DriveLine) -> str:
    return reverse("drives:line", args=[found.pk])
