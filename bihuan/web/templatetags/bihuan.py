"""The tags of the interface: `{% load bihuan %}`, then one tag a piece, each with the value that tells it all.

Small marks: icon, light, glyph, stage, level, chip, date_deadline, percent, verified, options; filters shown, day, grouped.
Sections: ring, clock, facts, goals, parties, source_text, measures, evidence, route, timeline, actions, flags.
Lists: figures, queue, saved_views, filters, table, pager, empty. Forms: field, form_fields, conflict.
Others: note, progress, skeleton, crumbs, sprite, stylesheet_url. See the style guide page for each at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from bihuan.web import components as parts
from bihuan.web import icons, marks, sections
from bihuan.web.drawing import clock_context, ring_context
from bihuan.web.fields import field_context
from bihuan.web.making import all_made, made
from bihuan.web.stylesheet import stylesheet_url as url_of_stylesheet
from bihuan.web.tables import drawn_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BaseForm, BoundField
    from django.template.context import Context
    from django.utils.safestring import SafeString

register = template.Library()

# ---- marks -----------------------------------------------------------------------------------------------

register.simple_tag(icons.icon, name="icon")
register.simple_tag(icons.sprite, name="sprite")
register.simple_tag(url_of_stylesheet, name="stylesheet_url")
register.simple_tag(marks.light, name="light")
register.simple_tag(marks.glyph, name="glyph")
register.simple_tag(marks.stage, name="stage")
register.simple_tag(marks.level, name="level")
register.simple_tag(marks.chip, name="chip")
register.simple_tag(marks.due, name="date_deadline")
register.simple_tag(marks.percent, name="percent")
register.simple_tag(marks.verified, name="verified")
register.simple_tag(marks.options, name="options")
register.filter("shown", marks.shown)
register.filter("day", marks.day)
register.filter("grouped", marks.grouped)


@register.filter
def unlocalised(value: float) -> str:
    """A number for an attribute of a drawing: the dot stays a dot in every language."""
    return str(value)


@register.simple_tag
def light_shape(colour: str) -> SafeString:
    return icons.light_shape(colour)


def _piece(kind: type, name: str) -> None:
    """Register the tag of a section whose template needs nothing but the section."""

    def tag(context: Context, value: object) -> dict[str, object]:
        return {
            "it": made(kind, value),
            "request": context.get("request"),
            "csrf_token": context.get("csrf_token"),
        }

    tag.__name__ = name
    tag.__doc__ = kind.__doc__
    register.inclusion_tag(f"web/parts/{name}.html", name=name, takes_context=True)(tag)


def _pieces(kind: type, name: str) -> None:
    """The same for a tag that takes a list of pieces."""

    def tag(context: Context, values: Iterable[object]) -> dict[str, object]:
        pieces: list[object] = all_made(kind, values)
        return {"them": pieces, "request": context.get("request"), "csrf_token": context.get("csrf_token")}

    tag.__name__ = name
    tag.__doc__ = kind.__doc__
    register.inclusion_tag(f"web/parts/{name}.html", name=name, takes_context=True)(tag)


_ONE: tuple[tuple[type, str], ...] = (
    (parts.Queue, "queue"),
    (parts.SavedViews, "saved_views"),
    (parts.Filters, "filters"),
    (parts.Pager, "pager"),
    (parts.Empty, "empty"),
    (sections.SourceText, "source_text"),
    (sections.Measures, "measures"),
    (sections.Evidence, "evidence"),
    (sections.Route, "route"),
    (sections.Timeline, "timeline"),
    (sections.Acts, "actions"),
    (sections.Conflict, "conflict"),
    (sections.Note, "note"),
    (sections.Progress, "progress"),
)
_SEVERAL: tuple[tuple[type, str], ...] = (
    (parts.Figure, "figures"),
    (parts.Link, "crumbs"),
    (sections.Fact, "facts"),
    (sections.Goal, "goals"),
    (sections.Party, "parties"),
    (sections.Flag, "flags"),
)
for _kind, _name in _ONE:
    _piece(_kind, _name)
for _kind, _name in _SEVERAL:
    _pieces(_kind, _name)


@register.inclusion_tag("web/parts/ring.html")
def ring(value: object) -> dict[str, object]:
    """The big ring of a problem's page."""
    return ring_context(made(sections.Ring, value))


@register.inclusion_tag("web/parts/clock.html")
def clock(value: object) -> dict[str, object]:
    """What is due when: the leading clock large, its rail, and every clock with its basis."""
    return clock_context(made(sections.ClockPanel, value))


@register.inclusion_tag("web/parts/table.html", takes_context=True)
def table(context: Context, value: object) -> dict[str, object]:
    """A list with sortable columns, boxes and a batch bar, keyset pager and what to do when it is empty."""
    return drawn_table(made(parts.Table, value)) | {"csrf_token": context.get("csrf_token")}


@register.inclusion_tag("web/parts/skeleton.html")
def skeleton(rows: int = 3) -> dict[str, object]:
    """Grey lines where a list is still on its way."""
    return {"rows": range(rows)}


@register.inclusion_tag("web/parts/field.html")
def field(
    bound: BoundField, *, wide: bool | None = None, label: str = "", hint: bool = True
) -> dict[str, object]:
    """One form field with label, help and errors. `wide` spans both columns; `label` replaces the form's word."""
    return field_context(bound, wide=wide, label=label, hint=hint)


@register.inclusion_tag("web/parts/form_fields.html")
def form_fields(form: BaseForm, columns: int = 2) -> dict[str, object]:
    """All fields of a form in two columns (or one), what is wrong with the whole of it first."""
    return {"form": form, "columns": columns}
