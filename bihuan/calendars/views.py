"""The pages of the calendar: a year at a glance, a day to edit, and the steps of a year."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.calendars import actions
from bihuan.calendars.day_words import about_day
from bihuan.calendars.forms import AS_ABOVE, OFF, WORKING, BasisForm, DayForm
from bihuan.calendars.models import CalendarYear
from bihuan.calendars.pages import page_for
from bihuan.calendars.policy import lineage_of, may_edit_calendar
from bihuan.calendars.queries import calendar_for
from bihuan.calendars.verbs import LABELS, Verb
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from collections.abc import Callable

    from bihuan.journal.action import Actor

UNPROCESSABLE = 422
YEARS = range(actions.EARLIEST_YEAR, actions.LATEST_YEAR + 1)


class Request(HttpRequest):
    """A request in which somebody acts; the acting middleware says who."""

    actor: Actor


@require_safe
def this_year(request: Request) -> HttpResponse:
    """Where the navigation leads."""
    return redirect("calendars:year", year=today().year)


@require_safe
def year(request: Request, year: int) -> HttpResponse:
    """Twelve months of one calendar."""
    page = page_for(request.actor, year, request.GET.get("place", "")) if year in YEARS else None
    if page is None:
        raise Http404
    return render(request, "calendars/year.html", page.context())


@require_safe
def about(request: Request) -> HttpResponse:
    """What a chosen day is in the actor's own place, as words for beside a field; of what is no day, nothing."""
    try:
        day = date.fromisoformat(str(next(iter(request.GET.values()), "")))
    except ValueError:
        return HttpResponse()
    days = calendar_for(*(place.id for place in lineage_of(request.actor)))
    return HttpResponse(escape(about_day(day, today(), days)))


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A verb with the form that asks for its arguments."""

    verb: Verb
    form: Callable[..., forms.Form]
    call: Callable[[dict[str, Any], str], Any]
    subject: str
    back: str
    consequence: Any = ""


def day(request: Request, pk: uuid.UUID, day: date) -> HttpResponse:
    """One day of one calendar."""
    row = _row(request, pk)
    listed = row.days.filter(day=day).first()

    def form(sent: Any = None) -> forms.Form:
        known = {"what": AS_ABOVE, "name": ""}
        if listed is not None:
            known = {"what": WORKING if listed.is_working else OFF, "name": listed.name}
        return DayForm(sent, initial=known)

    def call(given: dict[str, Any], key: str) -> None:
        if given["what"] == AS_ABOVE:
            if listed is not None:
                actions.clear_day.call(key=key)(row, day=day, actor=request.actor)
            return
        set_day = actions.set_day.call(key=key)
        set_day(row, day=day, is_working=given["what"] == WORKING, name=given["name"], actor=request.actor)

    deed = Deed(
        verb=Verb.SET_DAY,
        form=form,
        call=call,
        subject=day.isoformat(),
        back=_page_of(row),
        consequence=_("以后计算的工作日期限按此；已经算出的期限不变。"),
    )
    return _serve(request, deed)


def seed(request: Request, year: int) -> HttpResponse:
    """Take a national year from the published arrangement."""
    may_edit_calendar(request.actor, [], {})
    deed = Deed(
        verb=Verb.SEED_YEAR,
        form=forms.Form,
        call=lambda _given, key: actions.seed_year.call(key=key)(year=year, actor=request.actor),
        subject=str(year),
        back=reverse("calendars:year", args=[year]),
    )
    return _serve(request, deed)


def open_year(request: Request, year: int) -> HttpResponse:
    """Begin a jurisdiction's own year."""
    page = page_for(request.actor, year, request.GET.get("place", ""))
    if page is None or page.place is None:
        raise Http404
    place = page.place
    may_edit_calendar(request.actor, [], {"jurisdiction": place.id})
    deed = Deed(
        verb=Verb.OPEN_YEAR,
        form=BasisForm,
        call=lambda given, key: actions.open_year.call(key=key)(
            year=year, jurisdiction=place.id, basis=given["basis"], actor=request.actor
        ),
        subject=f"{place.name} {year}",
        back=page.address(year),
    )
    return _serve(request, deed)


def announce(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Confirm a provisional year."""
    row = _row(request, pk)
    deed = Deed(
        verb=Verb.ANNOUNCE_YEAR,
        form=BasisForm,
        call=lambda given, key: actions.announce_year.call(key=key)(
            row, basis=given["basis"], actor=request.actor
        ),
        subject=str(row.year),
        back=_page_of(row),
    )
    return _serve(request, deed)


def renew(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Replace a provisional national year by what was published since."""
    row = _row(request, pk)
    deed = Deed(
        verb=Verb.RENEW_YEAR,
        form=forms.Form,
        call=lambda _given, key: actions.renew_year.call(key=key)(row, actor=request.actor),
        subject=str(row.year),
        back=_page_of(row),
    )
    return _serve(request, deed)


def _row(request: Request, pk: uuid.UUID) -> CalendarYear:
    row: CalendarYear = get_object_or_404(CalendarYear, pk=pk)
    may_edit_calendar(request.actor, [row], {})
    return row


def _page_of(row: CalendarYear) -> str:
    address = reverse("calendars:year", args=[row.year])
    return f"{address}?place={row.jurisdiction}" if row.jurisdiction else address


def _serve(request: Request, deed: Deed) -> HttpResponse:
    """The form; sent, it acts once however often it is sent, and a refusal comes back over what was typed."""
    if request.method != "POST":
        return _show(request, deed, deed.form(), 200)
    form = deed.form(request.POST)
    if not form.is_valid():
        return _show(request, deed, form, UNPROCESSABLE)
    key = request.POST.get("idempotency_key", "")
    try:
        deed.call(form.cleaned_data, key and f"form:{key}")
    except NotVisible:
        raise
    except Refused as refused:
        note = {
            "title": refused.message,
            "lines": [refused.accepted] if refused.accepted else [],
            "tone": "refusal",
        }
        return _show(request, deed, form, refused.status, note=note)
    messages.success(request, _("已办理：%(title)s") % {"title": LABELS[deed.verb]})
    return redirect(deed.back)


def _show(request: Request, deed: Deed, form: forms.Form, status: int, **more: Any) -> HttpResponse:
    context = {
        "title": LABELS[deed.verb],
        "form": form,
        "consequence": deed.consequence,
        "submit_label": LABELS[deed.verb],
        "cancel_url": deed.back,
        "subjects": [deed.subject],
        "idempotency_key": str(uuid.uuid4()),
        **more,
    }
    return render(request, "web/action_form.html", context, status=status)
