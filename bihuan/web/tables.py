"""Drawing a table: its rows stand there by the hundred, so they are made without templates, like the marks in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from bihuan.web.marks import shown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from bihuan.web.components import Column, Row, Shown, Table

CLAMPED = frozenset({"title", "unit"})
_END_OF_HEADING = mark_safe("</th>")
_END_OF_CELL = mark_safe("</td>")
_END_OF_CLAMP = mark_safe("</span></td>")


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """What every cell of a column has around its value."""

    before: SafeString
    after: SafeString
    heads: bool
    leads: bool


def _heading_key(table: Table) -> str:
    keys = [column.key for column in table.columns]
    for wanted in ("no", "title"):
        if wanted in keys:
            return wanted
    return keys[0] if keys else ""


def _drawn_column(column: Column, table: Table, heading: str) -> DrawnColumn:
    leads = column.key in (heading, "title")
    if column.key == heading:
        number = mark_safe(" no") if column.key == "no" else ""
        before = format_html('<th role="rowheader" scope="row" class="t-{} head-cell{}">', column.key, number)
        return DrawnColumn(before, _END_OF_HEADING, heads=True, leads=leads)
    labelled = column.label and (table.kind == "plain" or column.extra)
    before = format_html(
        '<td role="cell" class="t-{}{}{}"{}>',
        column.key,
        mark_safe(" t-extra") if column.extra else "",
        mark_safe(" r") if column.right else "",
        format_html(' data-label="{}"', column.label) if labelled else "",
    )
    if column.key in CLAMPED:
        return DrawnColumn(
            before + mark_safe('<span class="clamp">'), _END_OF_CLAMP, heads=False, leads=leads
        )
    return DrawnColumn(before, _END_OF_CELL, heads=False, leads=leads)


def _cell(column: DrawnColumn, value: Shown, row: Row) -> SafeString:
    html = shown(value)
    if row.url and column.leads:
        html = format_html('<a class="ink-link" href="{}">{}</a>', row.url, html)
    return column.before + html + column.after


def _box(row: Row, form_id: str) -> SafeString:
    if not row.pickable:
        return mark_safe('<td role="cell" class="pick t-pick"></td>')
    return format_html(
        '<td role="cell" class="pick t-pick"><input class="check" type="checkbox" name="pick" value="{}" form="{}"'
        ' aria-label="{}"{}></td>',
        row.id,
        form_id,
        _("选择 %(name)s") % {"name": row.name},
        mark_safe(" checked") if row.selected else "",
    )


def _row(row: Row, columns: list[DrawnColumn], form_id: str) -> SafeString:
    if len(row.cells) != len(columns):
        msg = f"Row {row.id} has {len(row.cells)} cells for {len(columns)} columns"
        raise ValueError(msg)
    cells = [_cell(column, value, row) for column, value in zip(columns, row.cells, strict=True)]
    return format_html(
        '<tr role="row" data-row{}>{}{}</tr>',
        mark_safe(' class="is-on"') if row.selected else "",
        _box(row, form_id) if form_id else "",
        mark_safe("".join(cells)),  # noqa: S308  (each cell was escaped by its mark)
    )


def drawn_table(table: Table) -> dict[str, object]:
    heading = _heading_key(table)
    columns = [_drawn_column(column, table, heading) for column in table.columns]
    batch = table.batch
    form_id = f"batch-{slugify(str(table.caption), allow_unicode=True)[:40] or 'rows'}"
    rows = ((_row(row, columns, form_id if batch else ""),) for row in table.rows)
    return {
        "it": table,
        "rows": format_html_join("", "{}", rows),
        "possible": [act for act in batch.acts if not act.why_not] if batch else [],
        "impossible": [act for act in batch.acts if act.why_not] if batch else [],
        "form_id": form_id,
    }
