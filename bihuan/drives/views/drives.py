"""The list, and the office's page of one drive: made, sent out, watched, concluded."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.drives import actions, forms, matrix, pages
from bihuan.drives.calling import Call
from bihuan.drives.offers import CONSEQUENCES, consequence_of_withdrawal
from bihuan.drives.verbs import LABELS, Verb
from bihuan.drives.views.finding import find_drive, read_what_led_here, serve
from bihuan.drives.views.lines import form_view
from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    import uuid

    from bihuan.drives.models import Drive
    from bihuan.organizations.acting import Request
    from bihuan.organizations.models import Unit


@require_safe
def drive_list(request: Request) -> HttpResponse:
    """What my unit has to answer; for the office, every drive it runs."""
    if sight_of(request.actor).nothing:
        raise Http404
    context = pages.page_of_list(request.actor, concluded=request.GET.get("show") == "concluded")
    return render(request, "drives/list.html", context)


@require_safe
def drive(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One drive and its coverage."""
    found = find_drive(request, pk)
    read_what_led_here(request)
    return render(request, "drives/drive.html", pages.page_of_drive(request.actor, found, _shown(request)))


@require_safe
def matrix_sheet(request: Request, pk: uuid.UUID) -> FileResponse:
    """The coverage as it stands on the page, in Excel; who took it is in the access log."""
    found = find_drive(request, pk)
    show = _shown(request)
    covered = [one for one in pages.covered_by(found, request.actor) if matrix.shows(one, show)]
    heads = matrix.heads_of(found)
    rows = matrix.rows_of(found, covered, heads, explains=False)
    access.record(request.actor, "export:drives.coverage", subjects=[found], rows=len(rows), show=show.value)
    name = _("%(title)s-覆盖情况-%(day)s.xlsx") % {"title": found.batch.title, "day": today().isoformat()}
    return FileResponse(BytesIO(matrix.workbook(found, rows, heads, show)), as_attachment=True, filename=name)


@form_view
def new(request: Request) -> HttpResponse:
    """Make a call in one's own jurisdiction."""
    place = own_place(request)

    def call(cleaned: dict[str, Any], meta: Meta) -> Drive:
        given = {name: value for name, value in cleaned.items() if name != "seen"}
        prepare = actions.prepare_drive.call(key=meta["key"])
        return prepare(jurisdiction=place, call=Call(**given), actor=request.actor)

    page = ActionPage(
        title=LABELS[Verb.PREPARE],
        done=lambda made: reverse("drives:drive", args=[made.pk]),
        consequence=CONSEQUENCES[Verb.PREPARE],
        submit_label=LABELS[Verb.PREPARE],
        said=_("自查已拟好，请另一位同志下发。"),
        cancel_url=reverse("drives:list"),
        crumbs=pages.crumbs(),
    )
    return act_on_form(request, partial(forms.CallForm, place=place), page, call)


def own_place(request: Request) -> Unit:
    """The jurisdiction whose office one works in; for others the page is not there."""
    place = jurisdiction_of(request.actor)
    if place is None or not sight_of(request.actor).jurisdictions:
        raise Http404
    return place


@form_view
def issue(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send the call out."""
    found = find_drive(request, pk)
    return serve(request, Verb.ISSUE, actions.issue_drive, found, back=_page_of(found))


@form_view
def withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Put a draft aside, or call back what was sent out."""
    found = find_drive(request, pk)
    return serve(
        request,
        Verb.WITHDRAW,
        actions.withdraw_drive,
        found,
        form=forms.ReasonForm,
        back=_page_of(found),
        consequence=consequence_of_withdrawal(found),
    )


@form_view
def remind(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Press those who have not answered."""
    found = find_drive(request, pk)
    return serve(request, Verb.REMIND, actions.remind_units, found, back=_page_of(found))


@form_view
def conclude(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Everything is accounted for."""
    found = find_drive(request, pk)
    return serve(request, Verb.CONCLUDE, actions.conclude_drive, found, back=_page_of(found))


def _shown(request: Request) -> matrix.Show:
    asked = request.GET.get("show", "")
    return matrix.Show(asked) if asked in set(matrix.Show) else matrix.Show.ALL


def _page_of(found: Drive) -> str:
    return reverse("drives:drive", args=[found.pk])
