"""Preparing a table for its template: which cell is the row's heading, which columns the phone shows how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.text import slugify

from bihuan.web.marks import shown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from bihuan.web.components import Column, Row, Shown, Table


@dataclass(frozen=True, slots=True)
class DrawnCell:
    column: Column
    html: SafeString
    heading: bool


@dataclass(frozen=True, slots=True)
class DrawnRow:
    row: Row
    cells: list[DrawnCell]


def _heading_key(table: Table) -> str:
    keys = [column.key for column in table.columns]
    for wanted in ("no", "title"):
        if wanted in keys:
            return wanted
    return keys[0] if keys else ""


def _cell(column: Column, value: Shown, row: Row, heading: str) -> DrawnCell:
    html = shown(value)
    if row.url and column.key in (heading, "title"):
        html = format_html('<a class="ink-link" href="{}">{}</a>', row.url, html)
    return DrawnCell(column=column, html=html, heading=column.key == heading)


def drawn_table(table: Table) -> dict[str, object]:
    heading = _heading_key(table)
    rows = []
    for row in table.rows:
        if len(row.cells) != len(table.columns):
            msg = f"Row {row.id} has {len(row.cells)} cells for {len(table.columns)} columns"
            raise ValueError(msg)
        cells = [
            _cell(column, value, row, heading) for column, value in zip(table.columns, row.cells, strict=True)
        ]
        rows.append(DrawnRow(row=row, cells=cells))
    batch = table.batch
    return {
        "it": table,
        "rows": rows,
        "span": len(table.columns) + (1 if batch else 0),
        "possible": [act for act in batch.acts if not act.why_not] if batch else [],
        "impossible": [act for act in batch.acts if act.why_not] if batch else [],
        "form_id": f"batch-{slugify(str(table.caption), allow_unicode=True)[:40] or 'rows'}",
    }
