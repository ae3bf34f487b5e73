"""Taking over a running ledger: choose the file, see how it will stand, take the good rows or none."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake import actions, importing
from bihuan.intake.forms import ImportForm
from bihuan.intake.importing import Kept
from bihuan.intake.views.finding import find_batch, require_desk
from bihuan.journal.errors import Refused
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Problem, Sector
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from bihuan.intake.running import ImportRow, Plan
    from bihuan.ledger.models import Batch

SALT = "bihuan.intake.import"
A_DAY = 24 * 60 * 60
A_WHILE = 10
"""Seconds of writing in one request: the file is read again for each, so one block a request would mostly read."""
SHOWN_ROWS = 12
SHOWN_FAULTS = 60


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
            _plan, kept = importing.look_at(file.name, file.read(), batch)
        except Refused as refused:
            note = {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
        else:
            return redirect("intake:import_preview", batch.pk, token_of(batch, kept))
    context = {"form": form, "note": note, "crumbs": crumbs()}
    return render(request, "intake/import.html", context, status=422)


@require_safe
def preview(request: HttpRequest, batch: UUID, token: str) -> HttpResponse:
    """The first rows as they will stand, and every cell that stops a row."""
    found, kept = find_kept(request, batch, token)
    plan = importing.read_kept(kept, found)
    bad = plan.bad
    context = {
        "batch": found,
        "name": kept.name,
        "token": token,
        "plan": plan,
        "good": len(plan.rows),
        "bad": plan.bad_rows,
        "here": here(found, kept),
        "columns": [(sheet.name, sheet.columns) for sheet in plan.sheets],
        "rows": shown_rows(plan),
        "faults": bad[:SHOWN_FAULTS],
        "more_faults": max(0, len(bad) - SHOWN_FAULTS),
        "crumbs": [*crumbs(), {"words": kept.name, "url": ""}],
    }
    return render(request, "intake/import_preview.html", context)


@require_safe
def marked(request: HttpRequest, batch: UUID, token: str) -> HttpResponse:
    """The file as handed in, bad cells marked; with `?rows=bad` only the rows that stay out."""
    found, kept = find_kept(request, batch, token)
    only_bad = request.GET.get("rows") == "bad"
    content = importing.marked_copy(importing.read_kept(kept, found), only_bad=only_bad)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    named = _("%(name)s（只含错行）.xlsx") if only_bad else _("%(name)s（标错）.xlsx")
    name = named % {"name": kept.name.rsplit(".", 1)[0]}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def take(request: HttpRequest, batch: UUID, token: str) -> HttpResponse:
    """Write blocks for a while. A script asks again until all is done; a person may leave and go on later."""
    found, kept = find_kept(request, batch, token)
    plan = importing.read_kept(kept, found)
    total = len(plan.rows)
    steps = actions.import_ledger(found, plan, kept, actor=request.actor, done=here(found, kept))  # type: ignore[attr-defined]
    until = time.monotonic() + A_WHILE
    done = next((done for done in steps if time.monotonic() > until), total)
    if done >= total:
        messages.success(request, _("已导入 %(n)s 行。") % {"n": total})
        return redirect("intake:batch", found.pk)
    context = {"batch": found, "token": token, "name": kept.name, "done": done, "total": total}
    return render(request, "intake/import_progress.html", context | {"crumbs": crumbs()})


def shown_rows(plan: Plan) -> list[dict[str, Any]]:
    """The first rows in words."""
    rows = list(islice(plan.rows, SHOWN_ROWS))
    units = {
        str(unit.pk): unit.name
        for unit in Unit.objects.filter(pk__in=[r.lead_unit for r in rows if r.lead_unit])
    }
    sectors = {sector.code: sector.label for sector in Sector.objects.all()}
    return [_shown(row, units, sectors) for row in rows]


def _shown(row: ImportRow, units: dict[str, str], sectors: dict[str, str]) -> dict[str, Any]:
    return {
        "place": row.place,
        "no": row.source_no,
        "title": row.title,
        "state": STATE_WORDS[State(row.state)].say(get_language() or ""),
        "unit": units.get(row.lead_unit or "", ""),
        "sector": sectors.get(row.sector, row.sector),
        "deadline": row.deadline,
        "closed_on": row.closed_on,
    }


def here(batch: Batch, kept: Kept) -> int:
    """How many rows of this file stand in the batch already."""
    found = Problem.objects.filter(batch=batch, imported_from__startswith=f"{kept.name[:150]}:")
    return int(found.count())


def token_of(batch: Batch, kept: Kept) -> str:
    """A signed name of the kept content, so that nobody asks for another's."""
    return signing.dumps({"b": str(batch.pk), "n": kept.name, "s": kept.sha256}, salt=SALT, compress=True)


def find_kept(request: HttpRequest, pk: UUID, token: str) -> tuple[Batch, Kept]:
    """The batch and the kept content, if the token was made for both within the last day."""
    batch = find_batch(request, pk)
    try:
        held = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature as error:
        raise Http404 from error
    if held["b"] != str(batch.pk):
        raise Http404
    return batch, Kept(held["n"], held["s"])


def crumbs() -> list[dict[str, str]]:
    """Where this is."""
    return [
        {"words": _("摸底"), "url": reverse("intake:list")},
        {"words": _("导入现有台账"), "url": reverse("intake:import")},
    ]
