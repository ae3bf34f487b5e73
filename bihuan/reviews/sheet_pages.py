"""What the page of a unit's sheet shows: the lines as they stand, or as they were just sent with what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.deadlines.models import ACHIEVABILITY_LABELS
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.organizations.authority import in_unit
from bihuan.organizations.models import Person
from bihuan.reviews.answering import counted_before
from bihuan.reviews.comparing import CELL_WORDS, Entry, Written, compared
from bihuan.reviews.lines import Line, lines_of
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.offers import acts_on_sheet
from bihuan.reviews.pages import chip, crumbs
from bihuan.reviews.policy import sees_review
from bihuan.reviews.queries import named
from bihuan.reviews.rules import PROGRESS, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.action import Actor, Refused


def page_around(sheet: ReviewSheet) -> dict[str, Any]:
    """What every page of a sheet says of it."""
    name = named(sheet.review)
    return {
        "sheet": sheet,
        "review": sheet.review,
        "name": name,
        "crumbs": [*crumbs(), {"words": name, "url": reverse("reviews:sheet", args=[sheet.pk])}],
        "cancel_url": reverse("reviews:sheet", args=[sheet.pk]),
    }


def page_of_sheet(
    actor: Actor,
    sheet: ReviewSheet,
    *,
    key: str,
    entries: Sequence[Entry] = (),
    refused: Refused | None = None,
) -> dict[str, Any]:
    """The sheet; with `entries` what was written stands in it, and beside each line what keeps it from being taken."""
    lines = lines_of(sheet, actor)
    office = sees_review(actor, sheet.review)
    mine = in_unit(actor, sheet.unit)
    handed_in = [Entry(key=one["key"], cells=one["cells"]) for one in sheet.entries.get("entries", ())]
    written = {one.line.place: one for one in compared(entries or handed_in, lines) if one.line}
    before = counted_before(sheet, [line.problem.pk for line in lines])
    back = crumbs(sheet.unit.name)
    if office:
        url = reverse("reviews:review", args=[sheet.review_id])
        back[1:1] = [{"words": named(sheet.review), "url": url}]
    issued = sheet.review.state == MonthlyReview.State.ISSUED
    return {
        **page_around(sheet),
        "title": named(sheet.review),
        "crumbs": back,
        "state": chip(sheet),
        "review_state": None if issued else chip(sheet.review),
        "editable": issued and mine,
        "waits": sheet.state == ReviewSheet.State.PREPARED,
        "prepared_by": _name_of(sheet.prepared_by) if sheet.state == ReviewSheet.State.PREPARED else "",
        "rows": [
            _row(at, line, written.get(line.place), before, editable=issued and mine)
            for at, line in enumerate(lines)
        ],
        "words": [{"code": code.value, "label": label} for code, label in ACHIEVABILITY_LABELS.items()],
        "heads": CELL_WORDS,
        "acts": acts_on_sheet(actor, sheet),
        "key": key,
        "note": _note(refused),
        "hidden": sheet.rows.count() - len({line.row.pk for line in lines}),
    }


def _name_of(person: Any) -> str:
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""


def _note(refused: Refused | None) -> dict[str, Any] | None:
    if refused is None:
        return None
    return {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}


def _row(
    at: int, line: Line, written: Written | None, before: Mapping[Any, int], *, editable: bool
) -> dict[str, Any]:
    problem = line.problem
    times = line.row.unchanged_times or before.get(problem.pk, 0)
    faulty = written is not None and bool(written.faults)
    return {
        "at": at,
        "key": line.key,
        "line": line,
        "problem": problem,
        "url": reverse("desk:problem", args=[problem.pk]),
        "ask_url": reverse("reviews:ask", args=[problem.pk])
        if editable and line.leads and not line.left
        else "",
        "light": line.light.mark if line.light and line.leads else None,
        "due": {
            "current": problem.external_deadline,
            "first": problem.first_deadline,
            "extensions": problem.extensions,
        },
        "measure_due": line.measure.deadline if line.measure else None,
        "cells": _cells(line, written, line.open_cells if editable else frozenset()),
        "state": {
            "piece": "chip",
            "words": line.row.get_state_display(),
            "tone": "ok" if line.row.state == ReviewRow.State.CHANGED else "plain",
        },
        "times": times if times > 1 else 0,
        "why": _why_locked(line),
        "faults": written.as_words() if written and faulty else "",
        "conflicts": written.conflicts() if written and faulty else [],
    }


def _cells(line: Line, written: Written | None, open_cells: frozenset[Cell]) -> list[dict[str, Any]]:
    """The cells of a line; with what was written in it, if something was, beside what the ledger says."""
    said = written.given if written else line.now
    return [
        {
            "name": cell.value,
            "label": CELL_WORDS[cell],
            "value": said[cell],
            "now": line.now[cell],
            "shown": _shown(cell, said[cell]),
            "open": cell in open_cells,
            "there": line.leads or cell in PROGRESS,
            "touched": bool(written and cell in written.touched),
        }
        for cell in Cell
    ]


def _shown(cell: Cell, text: str) -> Any:
    labels = {code.value: label for code, label in ACHIEVABILITY_LABELS.items()}
    return labels.get(text, text) if cell is Cell.WORD else text


def _why_locked(line: Line) -> str:
    """Why progress cannot be written here, in one sentence; nothing where it can."""
    if line.open_cells & PROGRESS:
        return ""
    words = STATE_WORDS[State(line.problem.state)].say(get_language() or "zh")
    if line.left:
        return _("已转为“%(state)s”，不用再报") % {"state": words}
    if line.problem.state != State.RECTIFYING:
        return _("现在是“%(state)s”，还不报进度") % {"state": words}
    return _("进度由承担措施的单位报，这里是汇总") if line.row.sheet.review.state == "issued" else ""


def wrong_rows(written: Sequence[Written]) -> list[dict[str, Any]]:
    """The lines of an upload that cannot be taken, with what is wrong and what stands against it."""
    return [
        {
            "number": one.line.number if one.line else "",
            "what": one.line.what if one.line else one.given[Cell.FACTS],
            "faults": one.as_words(),
            "conflicts": one.conflicts(),
        }
        for one in written
        if one.faults
    ]
