"""交办单: an assignment order as a form, with only the rows its reader may know of and a QR code that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from bihuan.documents.form_layout import Field, FormSheet, Row, form_bytes
from bihuan.documents.official_lines import written_date
from bihuan.documents.word_parts import Table
from bihuan.organizations.models import Unit
from bihuan.papers.facts import masked
from bihuan.rectification.order_pages import deputy_words
from bihuan.rectification.queries import order_items_seen, orders_seen

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Actor
    from bihuan.rectification.models import AssignmentOrder, OrderItem

HEADER = ("编号", "问题", "任务", "措施", "牵头单位", "配合单位", "责任领导", "时限", "具体要求")
WIDTHS = (16, 18, 16, 20, 11, 11, 11, 17, 12)


def order_word(actor: Actor, pk: uuid.UUID) -> tuple[str, bytes] | None:
    """The file's name without its ending, and its content; None where the order does not exist for this reader."""
    order = orders_seen(actor).filter(pk=pk).first()
    if order is None:
        return None
    return order.order_no, form_bytes(_sheet(order, list(order_items_seen(actor, order))))


def _sheet(order: AssignmentOrder, items: list[OrderItem]) -> FormSheet:
    issued = written_date(order.issued_on) if order.issued_on else ""
    base = str(settings.CONFIGURATION.address)
    pieces: list[Row | Table] = [
        Row([Field("交办单号", order.order_no), Field("文号", order.document_no), Field("下达日期", issued)]),
        Row([Field("交办单位", order.jurisdiction.name), Field("问题数", str(len(items)))]),
    ]
    if order.requirement:
        pieces.append(Row([Field("交办要求", masked(order.requirement))]))
    names = _supporting_names(items)
    pieces.append(Table(HEADER, [_line(item, names) for item in items], widths=WIDTHS, size=10.5))
    pieces.append(Row([Field("签收意见", "", to_sign=True)]))
    return FormSheet(
        title=masked(order.title),
        pieces=pieces,
        address=base + reverse("rectification:order", args=[order.pk]) if base else "",
        landscape=True,
    )


def _supporting_names(items: list[OrderItem]) -> dict[str, str]:
    wanted = {one["unit"] for item in items for one in item.supporting_units}
    return {str(unit.pk): str(unit) for unit in Unit.objects.filter(pk__in=wanted)}


def _line(item: OrderItem, names: dict[str, str]) -> list[str]:
    supporting = "、".join(
        names.get(one["unit"], "") + (f"（{one['share']}%）" if one["share"] else "")
        for one in item.supporting_units
    )
    return [
        item.problem.problem_no,
        masked(item.problem.title),
        masked(item.task),
        masked(item.measure),
        item.lead_unit.name,
        supporting,
        deputy_words(item),
        f"{written_date(item.external_deadline)}（内部 {written_date(item.internal_deadline)}）",
        masked(item.requirement),
    ]
