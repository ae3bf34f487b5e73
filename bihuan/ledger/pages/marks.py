"""Small marks of a problem as cells of a table, for pages that stand below the shell and hand over plain values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.lights import lights_of
from bihuan.ledger.models.problems import NO_DEADLINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.ledger.models import Problem

UNSET: Final = date.fromisoformat(NO_DEADLINE)


def stage_of(problem: Problem) -> dict[str, Any]:
    """The ring glyph, with the source's own word for the stage where it has one."""
    state = State(problem.state)
    ended = {State.CLOSED: "closed", State.SUSPENDED: "suspended"}.get(state, "")
    words = problem.source.stage_words.get(state.value) or STATE_WORDS[state].say(get_language() or "zh")
    return {
        "piece": "stagemark",
        "stage": ring_stage(state),
        "name": words,
        "round": problem.round,
        "ended": ended,
    }


def due_of(problem: Problem) -> dict[str, Any]:
    """The deadline with its first date and extensions."""
    if problem.external_deadline == UNSET:
        return {"piece": "missing", "words": _("未定")}
    return {
        "piece": "due",
        "current": problem.external_deadline,
        "first": problem.first_deadline,
        "extensions": problem.extensions,
        "late": problem.external_deadline < today() and problem.closed_on is None,
    }


def problem_rows(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as rows of a short table: number, title, stage, light, lead unit, deadline. One query for the lights."""
    lights = lights_of(problems)
    return [
        {
            "id": str(problem.pk),
            "url": reverse("desk:problem", args=[problem.pk]),
            "name": problem.problem_no,
            "cells": [
                problem.problem_no,
                problem.title,
                stage_of(problem),
                lights.get(problem.pk),
                str(problem.lead_unit) if problem.lead_unit else {"piece": "missing", "words": _("待定")},
                due_of(problem),
            ],
        }
        for problem in problems
    ]


def problem_columns() -> list[dict[str, Any]]:
    """The heads of that table."""
    return [
        {"key": "no", "label": _("编号")},
        {"key": "title", "label": _("问题")},
        {"key": "stage", "label": _("阶段")},
        {"key": "light", "label": _("灯")},
        {"key": "unit", "label": _("牵头单位")},
        {"key": "due", "label": _("期限")},
    ]


def chip(words: Any, tone: str = "plain") -> dict[str, Any]:
    """A short word in a frame."""
    return {"piece": "chip", "words": words, "tone": tone}


def missing(words: Any) -> dict[str, Any]:
    """Something that ought to be there and is not."""
    return {"piece": "missing", "words": words}


def link(words: Any, url: str) -> dict[str, Any]:
    """Words that lead somewhere."""
    return {"piece": "link", "words": words, "url": url}
