"""Forms superiors send: kept once, columns matched once, filled for any slice, read when they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.documents.forms import FormLayout
from bihuan.files.queries import content_of
from bihuan.files.taking_in import prepare
from bihuan.intake.forms import ReportingFormForm, ReturnedFormForm
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.policy import visible_batches
from bihuan.intake.reporting import reporting_forms
from bihuan.intake.reporting.form_columns import FACTS, styles_of
from bihuan.intake.reporting.form_filling import filled
from bihuan.intake.views.finding import require_desk
from bihuan.journal import access
from bihuan.journal.errors import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.forms import picked
from bihuan.ledger.listing import Filters, slice_of
from bihuan.ledger.models import SavedView
from bihuan.organizations.authority import jurisdiction_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from bihuan.intake.models import ReportingForm
    from bihuan.intake.reporting.form_columns import FormColumn
    from bihuan.journal.action import Actor

NEWEST_BATCHES: Final = 12
MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_http_methods(["GET", "HEAD", "POST"])
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms of the office, and a place for a new one. What was chosen in the ledger goes along."""
    actor = require_desk(request)
    form = ReportingFormForm(request.POST or None, request.FILES or None)
    note, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = reporting_forms.keep_form(
                    jurisdiction=_place(actor),
                    name=form.cleaned_data["name"],
                    file=prepare(file, name=file.name),
                    actor=actor,
                )
            except Refused as refused:
                note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
            else:
                return redirect("intake:form", kept.pk)
    context = {
        "forms": list(reporting_forms.forms_seen(actor)),
        "form": form,
        "note": note,
        "carried": _carried(request),
        "crumbs": _crumbs(),
    }
    return render(request, "intake/reporting_forms.html", context, status=status)


@require_safe
def form_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form: what each column asks for, for which problems it is filled, and its return."""
    actor = require_desk(request)
    found = find_form(actor, pk)
    return render(request, "intake/reporting_form.html", _context(request, actor, found))


def _context(request: HttpRequest, actor: Actor, found: ReportingForm) -> dict[str, Any]:
    version = reporting_forms.latest(found)
    columns = reporting_forms.columns_of(version)
    return {
        "form": found,
        "version": version,
        "columns": [_column(column) for column in columns],
        "facts": list(FACTS.items()),
        "unmatched": sum(not column.fact for column in columns),
        "slices": _slices(actor, request),
        "picked": picked_in(request),
        "returned": ReturnedFormForm(actor=actor),
        "crumbs": [*_crumbs(), {"words": found.name, "url": ""}],
    }


def _column(column: FormColumn) -> dict[str, Any]:
    return {
        "n": column.index + 1,
        "header": column.header,
        "fact": column.fact,
        "style": column.style,
        "styles": list(styles_of(column.fact).items()),
        "percent": round(column.confidence * 100),
    }


def _slices(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """Ready-made slices: what was chosen in the ledger; else one's saved views and the newest batches."""
    if chosen := picked_in(request):
        return [{"query": "", "label": _("台账里勾选的 %(n)s 件") % {"n": len(chosen)}}]
    slices = []
    if request.GET.get("scope") == "all":
        slices.append({"query": request.GET.get("filter", ""), "label": _("台账里选定的范围")})
    views = SavedView.objects.filter(person=actor.person).exclude(name="").order_by("position", "id")
    slices += [{"query": view.query, "label": view.name} for view in views]
    for batch in visible_batches(actor).order_by("-received_on")[:NEWEST_BATCHES]:
        slices.append({"query": urlencode({"batch": batch.code}), "label": batch.title})
    slices.append({"query": "state=open", "label": _("全部在办")})
    return slices


def picked_in(request: HttpRequest) -> list[str]:
    """The problems ticked in the ledger, unless the whole slice was meant."""
    return [] if request.GET.get("scope") == "all" else list(map(str, picked(request.GET.getlist("pick"))))


def _carried(request: HttpRequest) -> str:
    """What was chosen in the ledger, for the links to the forms."""
    pairs = [("scope", "all"), ("filter", request.GET.get("filter", ""))]
    if chosen := picked_in(request):
        pairs = [("pick", one) for one in chosen]
    elif request.GET.get("scope") != "all":
        pairs = []
    return urlencode(pairs)


@require_POST
def match(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a person says the columns ask for; it holds from now on."""
    actor = require_desk(request)
    found = find_form(actor, pk)
    columns = [
        {"fact": fact, "style": style if style in styles_of(fact) else ""}
        for fact, style in zip(request.POST.getlist("fact"), request.POST.getlist("style"), strict=False)
    ]
    try:
        reporting_forms.match_form(found, columns=columns, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已记住，下次直接填。"))
    return redirect(_page(request, found))


@require_safe
def fill(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form with the problems of a slice, as far as the reader sees them; who took how much is in the access log."""
    actor = require_desk(request)
    found = find_form(actor, pk)
    version = reporting_forms.latest(found)
    filters = Filters.from_query(QueryDict(request.GET.get("filter", "")))
    problems = slice_of(actor, filters).order_by("problem_no")
    if chosen := picked_in(request):
        problems = problems.filter(pk__in=chosen)
    try:
        layout = FormLayout.from_plain(version.layout)
        columns = reporting_forms.columns_of(version)
        content, rows = filled(content_of(version.file), version.kind, layout, columns, problems)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_page(request, found))
    access.record(
        actor,
        "export:reporting_form",
        rows=rows,
        form=str(found.pk),
        version=found.version,
        filters=filters.given(),
    )
    response = HttpResponse(content, content_type=MEDIA[version.kind])
    name = f"{found.name}-{today().isoformat()}.{version.kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def read_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form that came back: laid beside what stands, by the form's own columns."""
    actor = require_desk(request)
    found = find_form(actor, pk)
    form = ReturnedFormForm(request.POST, request.FILES, actor=actor)
    note = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = import_runs.begin(
                file.name, file.read(), form.cleaned_data["batch"], actor=actor, form=found
            )
        except Refused as refused:
            note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        else:
            return redirect("intake:import_run", run.batch_id, run.pk)
    context = _context(request, actor, found) | {"returned": form, "note": note}
    return render(request, "intake/reporting_form.html", context, status=422)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form nobody asks for any more."""
    actor = require_desk(request)
    reporting_forms.withdraw_form(find_form(actor, pk), actor=actor)
    return redirect("intake:forms")


def find_form(actor: Actor, pk: UUID) -> ReportingForm:
    """The form, if the actor's office keeps it."""
    found = reporting_forms.forms_seen(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: ReportingForm) -> str:
    url = reverse("intake:form", args=[found.pk])
    carried = _carried(request)
    return f"{url}?{carried}" if carried else url


def _place(actor: Actor) -> Any:
    place = jurisdiction_of(actor)
    if place is None:
        raise Http404
    return place


def _crumbs() -> list[dict[str, str]]:
    return [
        {"words": _("摸底"), "url": reverse("intake:list")},
        {"words": _("上级表样"), "url": reverse("intake:forms")},
    ]
