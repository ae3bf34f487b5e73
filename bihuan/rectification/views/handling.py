"""拟办表: many problems given their handling at once, on one sheet, and on to the assignment order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.journal.action import NotVisible, Refused
from bihuan.ledger import actions as ledger
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.listing import Filters, slice_of
from bihuan.organizations.action_pages import read_seen, seen_now
from bihuan.rectification.handling.facts import proposals_for
from bihuan.rectification.handling.sheet import rows_for
from bihuan.rectification.views.orders import query_of
from bihuan.rectification.views.serving import Request, picked_problems

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from bihuan.ledger.models import Problem
    from bihuan.rectification.handling.sheet import RowForm

MOST_ROWS = 100
OPEN = (State.REGISTERED, State.PROPOSED)


@require_http_methods(["GET", "HEAD", "POST"])
def handling(request: Request) -> HttpResponse:
    """The sheet for the ticked problems; sent, it proposes the rows that are taken, all or none."""
    picked = picked_problems(request, _waiting(request))
    problems = picked[:MOST_ROWS]
    ledger.propose.may(request.actor, problems, {})
    sent = request.POST if request.method == "POST" else None
    rows = rows_for(problems, proposals_for(problems), sent)
    note = None
    if sent is not None:
        taken, note = _taken(rows)
        if not note:
            try:
                _propose(request, taken)
            except NotVisible:
                raise
            except Refused as refused:
                note = {
                    "title": refused.message,
                    "lines": [_whose(refused, rows), refused.accepted],
                    "tone": "refusal",
                }
            else:
                messages.success(request, _("已拟办 %(n)s 件。") % {"n": len(taken)})
                picks = urlencode([("pick", str(row.problem.pk)) for row in taken])
                return redirect(f"{reverse('rectification:draft_order')}?{picks}")
    seen = request.POST.get("seen", "") if sent is not None else seen_now(problems)
    context = {
        "rows": rows,
        "left_out": len(picked) - len(problems),
        "names": rows[0].names,
        "common": rows[0].common,
        "note": note,
        "seen": seen,
        "key": str(uuid.uuid4()) if sent is None or note else request.POST.get("idempotency_key", ""),
        "crumbs": [{"words": _("台账"), "url": reverse("desk:ledger")}],
    }
    return render(request, "rectification/handling.html", context, status=422 if note else 200)


def _waiting(request: Request) -> QuerySet[Problem]:
    """Every problem of the slice that waits to be handled."""
    found = slice_of(request.actor, Filters.from_query(query_of(request)))
    return found.filter(state__in=OPEN).order_by("problem_no")


def _taken(rows: list[RowForm]) -> tuple[list[RowForm], dict[str, Any] | None]:
    """The rows that are taken; with what is wrong, if anything is."""
    wrong = [row for row in rows if not row.is_valid()]
    taken = [row for row in rows if row.is_valid() and row.cleaned_data["taken"]]
    if wrong:
        words = _("有 %(n)s 行没有填对，都还没有拟办。") % {"n": len(wrong)}
        return taken, {
            "title": words,
            "lines": [_("请改标出的格子，或者去掉那一行的勾。")],
            "tone": "refusal",
        }
    if not taken:
        return taken, {"title": _("没有勾选要拟办的行。"), "lines": [], "tone": "refusal"}
    return taken, None


def _propose(request: Request, taken: list[RowForm]) -> None:
    key = request.POST.get("idempotency_key", "")
    meta: dict[str, Any] = {"key": key and f"form:{key}", "seen": read_seen(request.POST.get("seen", ""))}
    problems = [row.problem for row in taken]
    ledger.propose.call(**meta)(problems, each=[row.draft for row in taken], actor=request.actor)


def _whose(refused: Refused, rows: list[RowForm]) -> str:
    """Which problem a refusal is about."""
    found = refused.data.get("problem")
    return next((str(row.problem) for row in rows if str(row.problem.pk) == found), "")
