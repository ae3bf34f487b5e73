"""What the pages of assignment orders show, as plain values the interface draws."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.models import StepState
from bihuan.approvals.queries import steps_of
from bihuan.files.queries import files_of
from bihuan.journal.wording import listed
from bihuan.organizations.authority import is_coordinator, is_reviewer
from bihuan.organizations.models import Person, Unit
from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.queries import order_items_seen, orders_seen
from bihuan.rectification.verbs import LABELS, Verb

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

PAGE: Final = 50
STATUS: Final = {
    StepState.WAITING: "todo",
    StepState.PENDING: "now",
    StepState.TO_CONFIRM: "now",
    StepState.DONE: "done",
    StepState.RETURNED: "returned",
}
MAY_FOLLOW: Final = {
    AssignmentOrder.State.DRAFT: (Verb.SUBMIT_ORDER, Verb.EDIT_ORDER, Verb.WITHDRAW_ORDER),
    AssignmentOrder.State.APPROVED: (Verb.ISSUE_ORDER, Verb.WITHDRAW_ORDER),
}


def page_of_list(actor: Actor, before: str) -> dict[str, Any]:
    """The list: number, title, how many problems, state. Keyset by id, newest first."""
    found = orders_seen(actor)
    try:
        found = found.filter(pk__lt=uuid.UUID(before)) if before else found
    except ValueError:
        found = found.none()
    rows = list(found[: PAGE + 1])
    further = rows[PAGE - 1] if len(rows) > PAGE else None
    address = reverse("rectification:orders")
    return {
        "table": {
            "caption": _("交办单"),
            "columns": [
                {"key": "no", "label": _("单号")},
                {"key": "title", "label": _("标题")},
                {"key": "unit", "label": _("整改办")},
                {"key": "count", "label": _("问题数"), "right": True},
                {"key": "document", "label": _("文号")},
                {"key": "due", "label": _("下达日期")},
                {"key": "state", "label": _("状态")},
            ],
            "rows": [_row(order) for order in rows[:PAGE]],
            "pager": _pager(address, before, further) if before or further else None,
            "empty": {
                "title": _("还没有交办单"),
                "sentence": _("在台账里勾选已拟办的问题，点“起草交办单”。"),
                "link": {"words": _("去台账"), "url": reverse("desk:ledger") + "?state=proposed"},
            },
        }
    }


def _pager(address: str, before: str, further: AssignmentOrder | None) -> dict[str, str]:
    return {
        "previous_url": address if before else "",
        "next_url": f"{address}?before={further.pk}" if further else "",
    }


def _row(order: AssignmentOrder) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "url": reverse("rectification:order", args=[order.pk]),
        "name": order.order_no,
        "cells": [
            order.order_no,
            order.title,
            str(order.jurisdiction),
            order.count,  # type: ignore[attr-defined]  # annotated by the query
            order.document_no,
            order.issued_on,
            order.get_state_display(),
        ],
    }


def page_of_order(actor: Actor, order: AssignmentOrder) -> dict[str, Any]:
    """One order: facts, the table of its problems, the route, and what may be done with it now."""
    items = list(order_items_seen(actor, order))
    handles = is_coordinator(actor, order.jurisdiction) or is_reviewer(actor, order.jurisdiction)
    editable = handles and order.state == AssignmentOrder.State.DRAFT
    verbs = MAY_FOLLOW.get(AssignmentOrder.State(order.state), ()) if handles else ()
    return {
        "order": order,
        "facts": [
            {"label": _("单号"), "value": order.order_no},
            {"label": _("状态"), "value": order.get_state_display()},
            {"label": _("整改办"), "value": order.jurisdiction.name},
            {"label": _("批次"), "value": _batch_words(order, items)},
            {"label": _("文号"), "value": order.document_no or _("未编")},
            {"label": _("下达日期"), "value": order.issued_on or _("未下达")},
        ],
        "table": _table_of(items, order, editable=editable),
        "drafted": _drafted(order, items),
        "route": _route(order),
        "acts": {
            "allowed": [
                {
                    "label": LABELS[verb],
                    "url": reverse(f"rectification:{verb.value.partition('.')[2]}", args=[order.pk]),
                    "primary": verb in {Verb.SUBMIT_ORDER, Verb.ISSUE_ORDER},
                }
                for verb in verbs
            ]
        },
        "crumbs": [{"words": _("交办单"), "url": reverse("rectification:orders")}],
        "approval_url": reverse("approvals:detail", args=[order.approval_id]) if order.approval_id else "",
        "sheet_url": reverse("rectification:order_sheet", args=[order.pk]) if editable else "",
        "wall_url": reverse("desk:order_wall", args=[order.pk])
        if order.state == AssignmentOrder.State.ISSUED
        else "",
        "word_url": reverse("papers:order_word", args=[order.pk]),
    }


def _drafted(order: AssignmentOrder, items: list[OrderItem]) -> list[dict[str, Any]]:
    """Whoever decides reads who drafted it, of how much, and what is attached."""
    drafter = Person.objects.filter(pk=order.drafted_by).values_list("name", flat=True).first()
    days = sorted(item.external_deadline for item in items)
    attached = [_link(_("交办单 Word 稿"), reverse("papers:order_word", args=[order.pk]))]
    attached += [
        _link(file.name, reverse("files:download", args=[file.pk]))
        for file in files_of(AssignmentOrder.Stream.kind, [order.pk])
    ]
    return [
        {"label": _("起草"), "value": drafter or ""},
        {"label": _("问题数"), "value": len(items)},
        {
            "label": _("牵头单位"),
            "value": listed(sorted({item.lead_unit.name for item in items})),
        },
        {
            "label": _("时限"),
            "value": _("%(first)s 至 %(last)s") % {"first": days[0], "last": days[-1]} if days else "",
        },
        {"label": _("附件"), "value": attached},
    ]


def _batch_words(order: AssignmentOrder, items: list[OrderItem]) -> str:
    if order.batch is not None:
        return order.batch.title
    return _("多个批次") if any(item.problem.batch_id for item in items) else _("无")


def _table_of(items: list[OrderItem], order: AssignmentOrder, *, editable: bool) -> dict[str, Any]:
    names = _unit_names(items)
    columns = [
        {"key": "no", "label": _("编号")},
        {"key": "title", "label": _("问题")},
        {"key": "task", "label": _("任务")},
        {"key": "measure", "label": _("措施")},
        {"key": "unit", "label": _("牵头单位")},
        {"key": "support", "label": _("配合单位")},
        {"key": "deputy", "label": _("责任领导")},
        {"key": "due", "label": _("时限")},
        {"key": "wanted", "label": _("具体要求")},
    ]
    return {
        "caption": _("交办事项"),
        "columns": [*columns, {"key": "act", "label": ""}] if editable else columns,
        "rows": [_item_row(item, order, names, editable=editable) for item in items],
    }


def _item_row(
    item: OrderItem, order: AssignmentOrder, names: dict[str, str], *, editable: bool
) -> dict[str, Any]:
    cells: list[Any] = [
        item.problem.problem_no,
        [item.problem.title, _("拟办意见：%(words)s") % {"words": item.problem.proposed_handling}]
        if item.problem.proposed_handling
        else item.problem.title,
        item.task,
        item.measure,
        str(item.lead_unit),
        supporting_words(item, names),
        deputy_words(item),
        [item.external_deadline.isoformat(), _("内部 %(on)s") % {"on": item.internal_deadline.isoformat()}],
        item.requirement,
    ]
    if editable:
        args = [order.pk, item.pk]
        edit, remove = (reverse(f"rectification:{name}_item", args=args) for name in ("edit", "remove"))
        cells.append([_link(_("修改"), edit), _link(_("移出"), remove)])
    return {
        "id": str(item.pk),
        "url": reverse("desk:problem", args=[item.problem_id]),
        "name": item.problem.problem_no,
        "cells": cells,
    }


def _link(words: str, url: str) -> dict[str, str]:
    return {"piece": "link", "words": words, "url": url}


def _unit_names(items: list[OrderItem]) -> dict[str, str]:
    wanted = {one["unit"] for item in items for one in item.supporting_units}
    return {str(unit.pk): str(unit) for unit in Unit.objects.filter(pk__in=wanted)}


def supporting_words(item: OrderItem, names: dict[str, str]) -> str:
    """The supporting units, each with its share where one is fixed."""
    return listed(
        names.get(one["unit"], "") + (f"（{one['share']}%）" if one["share"] else "")
        for one in item.supporting_units
    )


def deputy_words(item: OrderItem) -> str:
    """Who in the lead unit is named as deputy in charge: in the order, or proposed before it."""
    post = item.deputy_in_charge or item.problem.deputy_in_charge
    return post.name if post else ""


def _route(order: AssignmentOrder) -> dict[str, Any] | None:
    if order.approval is None:
        return None
    return {
        "title": _("审批路线"),
        "note": order.approval.get_state_display(),
        "steps": [
            {
                "name": step.name,
                "status": STATUS[StepState(step.state)],
                "decision": step.opinion[:40],
                "who": f"{step.decided_by_name} {step.post.name}".strip(),
                "when": step.decided_at or step.pending_since,
                "note": _("纸面签批，另一人复核") if step.manner == "paper" else "",
            }
            for step in steps_of(order.approval)
        ],
    }
