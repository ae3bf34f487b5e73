"""What those below reported, as pages draw it: under each problem of a sheet, and unit by unit for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.rectification.models import Measure
from bihuan.reviews.coverage import Lower
from bihuan.reviews.models import ReviewRow
from bihuan.reviews.trees import scheduled_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.ledger.models import Problem
    from bihuan.reviews.below import Told
    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.lines import Line

Row = ReviewRow.State


def scheduled_words(measure: Measure, problem: Problem) -> dict[str, Any] | None:
    """How far a measure should be today, and whether it is not; nothing where no time counts."""
    percent = scheduled_of(measure, problem)
    return None if percent is None else {"percent": percent, "behind": measure.progress < percent}


def told_words(one: Told, problem: Problem) -> dict[str, Any]:
    """One leaf of somebody below."""
    return {
        "unit": one.measure.unit.name,
        "url": reverse("reviews:sheet", args=[one.row.sheet_id]) if one.row else "",
        "number": one.measure.number,
        "text": one.measure.text,
        "due": one.measure.deadline,
        "percent": one.measure.progress,
        "scheduled": scheduled_words(one.measure, problem),
        "facts": one.report.facts if one.report else "",
        "on": one.report.on if one.report else None,
        "answer_by": one.row.due_on if one.row and one.owes else None,
        "state": _state_of(one),
    }


def _state_of(one: Told) -> dict[str, str] | None:
    """Whether this call has its answer; nothing where it was not asked."""
    if one.is_new:
        return {"piece": "chip", "words": _("本次已报"), "tone": "ok"}
    if one.measure.state == Measure.State.DONE:
        return {"piece": "chip", "words": _("已完成"), "tone": "ok"}
    if one.row is None:
        return None
    if one.owes:
        return {
            "piece": "chip",
            "words": _("逾期未报") if one.late else _("未报"),
            "tone": "notice" if one.late else "plain",
        }
    words = _("不用再报") if one.row.state == Row.LEFT else _("本次无变化")
    return {"piece": "chip", "words": words, "tone": "plain"}


def summary_below(lines: Sequence[Line]) -> dict[str, Any] | None:
    """How many of the units below have answered, and who has not, the most pressing first."""
    rows = {one.row.pk: one for line in lines for one in line.below if one.row is not None}
    units: dict[Any, list[Told]] = {}
    for one in rows.values():
        if one.row is not None and one.row.state != Row.LEFT:
            units.setdefault(one.row.sheet.unit, []).append(one)
    if not units:
        return None
    owing = {
        unit: [one for one in found if one.row and one.row.state == Row.OPEN] for unit, found in units.items()
    }
    waiting = [
        {
            "name": unit.name,
            "url": reverse("reviews:sheet", args=[found[0].row.sheet_id]) if found[0].row else "",
            "due_on": min(one.row.due_on or today() for one in found if one.row),
        }
        for unit, found in owing.items()
        if found
    ]
    waiting.sort(key=lambda one: one["due_on"])
    for unit in waiting:
        unit["late"] = unit["due_on"] < today()
    return {"all": len(units), "done": len(units) - len(waiting), "waiting": waiting}


def lower_page(covered: Iterable[Covered]) -> list[dict[str, Any]]:
    """Every unit below in a call, once, for the office."""
    found: dict[Any, Lower] = {one.sheet.pk: one for each in covered for one in each.lower}
    ordered = sorted(found.values(), key=lambda one: one.sheet.unit.path)
    return [
        {
            "name": one.sheet.unit.name,
            "url": reverse("reviews:sheet", args=[one.sheet.pk]),
            "givers": one.givers,
            "due_on": one.due_on,
            "late": one.late,
            "state": _state_of_lower(one),
            "total": sum(one.states.values()),
            "changed": one.states[Row.CHANGED],
            "unchanged": one.states[Row.UNCHANGED],
            "open": one.states[Row.OPEN],
        }
        for one in ordered
    ]


def _state_of_lower(one: Lower) -> dict[str, str]:
    if one.late:
        return {"piece": "chip", "words": _("逾期未报"), "tone": "notice"}
    if one.owes:
        some = one.states[Row.CHANGED] or one.states[Row.UNCHANGED]
        return {
            "piece": "chip",
            "words": _("部分已报") if some else _("未报"),
            "tone": "notice" if some else "plain",
        }
    said = one.states[Row.CHANGED] or one.states[Row.UNCHANGED]
    return {"piece": "chip", "words": _("已报") if said else _("不用再报"), "tone": "ok" if said else "plain"}
