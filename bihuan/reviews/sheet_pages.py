"""What the page of a unit's sheet shows: the lines as they stand, or as they were just sent with what is wrong."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.deadlines.models import ACHIEVABILITY_LABELS
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.organizations.authority import in_unit
from bihuan.organizations.models import Person, Unit
from bihuan.organizations.remembering import by_id
from bihuan.reviews.answering import counted_before
from bihuan.reviews.below_pages import scheduled_words, summary_below, told_words
from bihuan.reviews.comparing import CELL_WORDS, Entry, Written, compared
from bihuan.reviews.lines import Line, lines_of
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.offers import acts_on_sheet
from bihuan.reviews.pages import chip, crumbs
from bihuan.reviews.policy import rows_seen, sees_review
from bihuan.reviews.queries import named
from bihuan.reviews.rules import OWING, PROGRESS, Cell
from bihuan.reviews.slices import UNDER_WAY

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
    office, mine = sees_review(actor, sheet.review), in_unit(actor, sheet.unit)
    # What waits for the head's word is the unit's own affair until it has it.
    waits = sheet.state == ReviewSheet.State.PREPARED and (office or mine)
    handed_in = sheet.entries.get("entries", ()) if waits else ()
    entries = entries or [Entry(key=one["key"], cells=one["cells"]) for one in handed_in]
    written = {one.line.place: one for one in compared(entries, lines) if one.line}
    issued = sheet.review.state == MonthlyReview.State.ISSUED
    editable = issued and mine and (sheet.state in OWING or any(line.open_cells for line in lines))
    return {
        **page_around(sheet),
        "title": named(sheet.review),
        "crumbs": _crumbs(sheet, office=office),
        "state": chip(sheet),
        "review_state": None if issued else chip(sheet.review),
        "editable": editable,
        "mine": mine or office,
        "waits": waits,
        "prepared_by": _name_of(sheet.prepared_by) if waits else "",
        "rows": _rows(sheet, lines, written, editable=editable),
        "below": summary_below(lines),
        "is_part": bool(lines) and not any(line.leads for line in lines),
        "words": [{"code": code.value, "label": label} for code, label in ACHIEVABILITY_LABELS.items()],
        "heads": CELL_WORDS,
        "acts": acts_on_sheet(actor, sheet),
        "key": key,
        "note": _note(refused),
        "hidden": rows_seen(actor, sheet).count() - len({line.row.pk for line in lines}),
    }


def _crumbs(sheet: ReviewSheet, *, office: bool) -> list[dict[str, str]]:
    back = crumbs(sheet.unit.name)
    if office:
        url = reverse("reviews:review", args=[sheet.review_id])
        back[1:1] = [{"words": named(sheet.review), "url": url}]
    return back


def _name_of(person: Any) -> str:
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""


def _note(refused: Refused | None) -> dict[str, Any] | None:
    if refused is None:
        return None
    return {"title": refused.message, "lines": [refused.accepted], "tone": "refusal"}


def _rows(
    sheet: ReviewSheet, lines: Sequence[Line], written: Mapping[Any, Written], *, editable: bool
) -> list[dict[str, Any]]:
    """The lines as the table draws them. Where the unit leads nothing, what is said of whole problems has no column."""
    before = counted_before(sheet, [line.row for line in lines])
    shown = list(Cell) if any(line.leads for line in lines) else [cell for cell in Cell if cell in PROGRESS]
    givers = by_id(Unit, {uuid.UUID(line.row.under[0]) for line in lines if line.row.under})
    found = []
    for at, line in enumerate(lines):
        row = _row(at, line, written.get(line.place), before, editable=editable)
        row["cells"] = [cell for cell in row["cells"] if cell["name"] in shown]
        row["span"] = len(row["cells"]) + 1
        giver = givers.get(uuid.UUID(line.row.under[0])) if line.first and line.row.under else None
        row["giver"] = giver.name if giver else ""
        found.append(row)
    return found


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
        "light": line.light.mark if line.light and line.first else None,
        "due": {
            "current": problem.external_deadline,
            "first": problem.first_deadline,
            "extensions": problem.extensions,
        },
        "measure_due": line.measure.deadline if line.measure else None,
        "scheduled": scheduled_words(line.measure, problem) if line.measure and not line.left else None,
        "cells": _cells(line, written, line.open_cells if editable else frozenset()),
        "state": {
            "piece": "chip",
            "words": line.row.get_state_display(),
            "tone": "ok" if line.row.state == ReviewRow.State.CHANGED else "plain",
        },
        "times": times if times > 1 else 0,
        "why": _why_locked(line),
        "below": [told_words(one, problem) for one in line.below],
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
    if line.left and line.problem.state in UNDER_WAY:
        return _("这项任务已经退回、调整或者再交下级，不用再报")
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
