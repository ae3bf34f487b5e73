"""The order's table edited like a sheet: all rows at once, saved as one act, what is wrong shown in its cell."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.journal.action import NotVisible, Refused
from bihuan.organizations.action_pages import read_seen, seen_now
from bihuan.rectification import actions, queries
from bihuan.rectification.models import AssignmentOrder
from bihuan.rectification.order_sheet import LABELS, changed_of, mark, rows_for
from bihuan.rectification.views.orders import page_of, seen_order

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bihuan.rectification.order_sheet import ItemRow
    from bihuan.rectification.views.serving import Request

PAGE: Final = 100


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The first rows of a draft, or those after a number; sent, it saves the rows that were changed, all or none."""
    order = seen_order(request, pk)
    actions.edit_order.may(request.actor, [order], {})
    if order.state != AssignmentOrder.State.DRAFT:
        messages.info(request, _("交办单已经送审，不能再改。"))
        return redirect(page_of(order))
    found = queries.order_items_seen(request.actor, order)
    after = request.GET.get("after", "")
    items = list((found.filter(problem__problem_no__gt=after) if after else found)[: PAGE + 1])
    rows = rows_for(items[:PAGE], request.POST if request.method == "POST" else None)
    note: dict[str, Any] | None = None
    if request.method == "POST":
        note = _save(request, order, rows)
        if note is None:
            return redirect(page_of(order))
    context = {
        "order": order,
        "rows": rows,
        "names": rows[0].names if rows else None,
        "labels": list(LABELS.items()),
        "note": note,
        "seen": request.POST.get("seen", "") if note else seen_now([order]),
        "key": str(uuid.uuid4()),
        "next_no": items[PAGE - 1].problem.problem_no if len(items) > PAGE else "",
        "crumbs": [{"words": order.order_no, "url": page_of(order)}],
    }
    return render(request, "rectification/order_sheet.html", context, status=422 if note else 200)


def _save(request: Request, order: AssignmentOrder, rows: list[ItemRow]) -> dict[str, Any] | None:
    """Save what was changed; what was wrong, if anything was."""
    wrong = sum(1 for row in rows if not row.is_valid())
    if wrong:
        words = _("有 %(n)s 行没有填对，都还没有保存。") % {"n": wrong}
        return {"title": words, "lines": [_("请改标出的格子。")], "tone": "refusal"}
    changed = changed_of(rows)
    if not changed:
        messages.info(request, _("没有改动。"))
        return None
    key = request.POST.get("idempotency_key", "")
    meta: dict[str, Any] = {"key": key and f"form:{key}", "seen": read_seen(request.POST.get("seen", ""))}
    try:
        actions.edit_order.call(**meta)(order, items=[row.draft for row in changed], actor=request.actor)
    except NotVisible:
        raise
    except Refused as refused:
        about, cell = refused.data.get("problem", ""), str(refused.data.get("cell", ""))
        mark(rows, str(about), cell, str(refused.data.get("what", refused.message)))
        return {
            "title": refused.message,
            "lines": [refused.accepted] if refused.accepted else [],
            "tone": "refusal",
        }
    messages.success(request, _("已保存 %(n)s 行。") % {"n": len(changed)})
    return None
