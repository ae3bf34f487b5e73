"""Taking over a running ledger: choose the file, see how it will stand, confirm; a newer version beside the older."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake.forms import ImportForm
from bihuan.intake.imports import columns, confirming_rows
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.imports.asked_tables import facts_chosen, lines_chosen, said_of
from bihuan.intake.imports.marked import marked_copy
from bihuan.intake.imports.pages import Preview, numbers_told, rows_page
from bihuan.intake.imports.template_sheet import template_bytes
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.source_columns import READ_FACTS
from bihuan.intake.views.finding import find_batch, require_desk
from bihuan.journal.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportRun.State


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which file, into which batch."""
    actor = require_desk(request)
    if request.method != "POST":
        return render(request, "intake/import.html", {"form": ImportForm(actor=actor), "crumbs": crumbs()})
    form = ImportForm(request.POST, request.FILES, actor=actor)
    note = None
    if form.is_valid():
        batch, file = form.cleaned_data["batch"], form.cleaned_data["file"]
        try:
            run = import_runs.begin(file.name, file.read(), batch, actor=actor)
        except Refused as refused:
            note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        else:
            return redirect("intake:import_run", batch.pk, run.pk)
    context = {"form": form, "note": note, "crumbs": crumbs()}
    return render(request, "intake/import.html", context, status=422)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in, with explanations and lists to choose from."""
    actor = require_desk(request)
    return _sent(template_bytes(actor), _("台账导入模板.xlsx"))


@require_safe
def run_page(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """Where the import stands: under way, to be confirmed, done, or why not."""
    found = find_run(request, batch, run)
    context: dict[str, Any] = {
        "run": found,
        "batch": found.batch,
        "crumbs": [*crumbs(), {"words": found.name, "url": ""}],
    }
    if found.state == State.UNMATCHED:
        return redirect("intake:import_columns", batch, run)
    if found.state == State.FAILED:
        context["waiting"] = numbers_told(found)
    if found.moving or found.state in (State.CANCELLED, State.FAILED):
        return render(request, "intake/import_progress.html", context)
    group = request.GET.get("group", "")
    after = request.GET.get("after", "")
    context["preview"] = Preview.of(found)
    context["page"] = rows_page(found, group, int(after) if after.isascii() and after.isdigit() else -1)
    return render(request, "intake/import_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def match_columns(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """What each column is: asked where no header was recognised, open to change where one was."""
    found = find_run(request, batch, run)
    actor = require_desk(request)
    given = request.POST if request.method == "POST" else request.GET
    tables = columns.tables_of(found, lines_chosen(given))
    note = None
    if request.method == "POST":
        try:
            said = said_of(tables, facts_chosen(tables, request.POST))
            columns.match(found, said, actor=actor)
        except Refused as refused:
            note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        else:
            return redirect("intake:import_run", batch, run)
    context = {
        "run": found,
        "batch": found.batch,
        "file_name": found.name,
        "tables": tables,
        "facts": list(READ_FACTS.items()),
        "note": note,
        "crumbs": [*crumbs(), {"words": found.name, "url": ""}],
    }
    return render(request, "intake/import_columns.html", context, status=422 if note else 200)


@require_safe
def marked(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """The file as handed in, bad cells marked; with `?rows=bad` only the rows that stay out."""
    found = find_run(request, batch, run)
    only_bad = request.GET.get("rows") == "bad"
    named = _("%(name)s（只含错行）.xlsx") if only_bad else _("%(name)s（标错）.xlsx")
    name = named % {"name": found.name.rsplit(".", 1)[0]}
    return _sent(marked_copy(found, only_bad=only_bad), name)


@require_POST
def take(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """Confirm the new rows: few enter now, many by a job whose progress the page shows."""
    found = find_run(request, batch, run)
    actor = require_desk(request)

    def enter() -> str:
        if not import_runs.take(found, actor=actor):
            return _("这个批次刚导入过另一份台账，已重新比对，请再确认。")
        found.refresh_from_db()
        if found.state == State.DONE:
            return _("已导入 %(n)s 行。") % {"n": found.total}
        return ""

    return _answer(request, found, enter)


@require_POST
def cancel(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """Before anything stands: all of it goes. While it enters: it stops behind the block under way."""
    found = find_run(request, batch, run)
    if import_runs.cancel(found):
        messages.success(request, _("已停下。"))
    return redirect("intake:import_run", found.batch_id, found.pk)


@require_POST
def confirm(request: HttpRequest, batch: UUID, run: UUID) -> HttpResponse:
    """What a person decided about ticked rows, or about all rows of a group."""
    found = find_run(request, batch, run)
    actor = require_desk(request)
    group = request.POST.get("group", "")
    picked = [int(n) for n in request.POST.getlist("row") if n.isascii() and n.isdigit()]
    name = request.POST.get("act", "")
    whole = name.endswith("_all")
    act = confirming_rows.ACTS.get(name.removesuffix("_all"))
    if act is None or group not in StagedRow.Group.values:
        raise Http404
    return _answer(request, found, lambda: act(found, group, None if whole else picked, actor), group=group)


def _answer(
    request: HttpRequest, run: ImportRun, call: Callable[[], str], *, group: str = ""
) -> HttpResponse:
    try:
        said = call()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if said:
            messages.success(request, said)
    url = reverse("intake:import_run", args=[run.batch_id, run.pk])
    return redirect(f"{url}?group={group}" if group else url)


def find_run(request: HttpRequest, batch: UUID, run: UUID) -> ImportRun:
    """The import, if its batch exists for the actor."""
    found: ImportRun | None = (
        ImportRun.objects.select_related("batch__source", "batch__jurisdiction")
        .filter(pk=run, batch=batch)
        .first()
    )
    # Asked in any case, so that a missing one and a hidden one take the same way.
    find_batch(request, batch)
    if found is None:
        raise Http404
    return found


def _sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=SPREADSHEET)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def crumbs() -> list[dict[str, str]]:
    """Where this is."""
    return [
        {"words": _("摸底"), "url": reverse("intake:list")},
        {"words": _("导入现有台账"), "url": reverse("intake:import")},
    ]
