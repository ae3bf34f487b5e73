"""The sheet by which a closed unit's problems go to its successor, proposed as a whole and sent by one button."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.journal.action import BLOCK, NotVisible, Refused
from bihuan.ledger.forms import picked
from bihuan.organizations.action_pages import read_seen, seen_now
from bihuan.organizations.models import Unit
from bihuan.organizations.queries import standing_successor
from bihuan.organizations.vacancies import covers_of_units
from bihuan.rectification import actions
from bihuan.rectification.moving import sheet_of
from bihuan.rectification.places import works_in_the_office
from bihuan.rectification.views.serving import Request

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bihuan.rectification.moving import Left


@require_http_methods(["GET", "HEAD", "POST"])
def move_duties(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What the unit left; sent, the ticked rows go to the successor, all or none."""
    unit = Unit.objects.filter(pk=pk, closed_on__isnull=False).first()
    if unit is None or not works_in_the_office(request):
        raise Http404
    rows = sheet_of(request.actor, unit, BLOCK)
    if not rows and request.method != "POST":
        raise Http404
    note = None
    if request.method == "POST":
        note = _moved(request, unit, rows)
        if note is None:
            return redirect("desk:home")
    else:
        actions.move_duties.may(request.actor, [row.problem for row in rows], {"unit": unit})
    return _show(request, unit, rows, note)


def _show(request: Request, unit: Unit, rows: list[Left], note: dict[str, Any] | None) -> HttpResponse:
    successor = standing_successor(unit)
    cover = None if successor else covers_of_units([unit]).get(unit.pk)
    context = {
        "unit": unit,
        "successor": successor,
        "covered": cover is not None,
        "rows": rows,
        "note": note,
        "seen": request.POST.get("seen") or seen_now([row.problem for row in rows]),
        "key": str(uuid.uuid4()),
        "crumbs": [{"words": _("工作台"), "url": reverse("desk:home")}],
    }
    return render(request, "rectification/move_duties.html", context, status=422 if note else 200)


def _moved(request: Request, unit: Unit, rows: list[Left]) -> dict[str, Any] | None:
    """Carry it out; or what is wrong."""
    ids = set(picked(request.POST.getlist("pick")))
    problems = [row.problem for row in rows if row.problem.pk in ids]
    if not problems:
        return {"title": _("没有勾选要转的问题。"), "lines": [], "tone": "refusal"}
    key = request.POST.get("idempotency_key", "")
    meta: dict[str, Any] = {"key": key and f"form:{key}", "seen": read_seen(request.POST.get("seen", ""))}
    try:
        actions.move_duties.call(**meta)(problems, unit=unit, actor=request.actor)
    except NotVisible:
        raise
    except Refused as refused:
        return {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}
    messages.success(request, _("已转 %(n)d 件。") % {"n": len(problems)})
    return None
