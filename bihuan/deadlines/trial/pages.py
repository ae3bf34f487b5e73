"""What the page of a trial shows: what was beside what would have been, by unit and grade, down to the cases."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.models import ClockKind, PolicyTrial
from bihuan.deadlines.models.ladder import RungName
from bihuan.deadlines.reapplication_pages import title_of
from bihuan.deadlines.rules import Light
from bihuan.deadlines.terms import LIGHTS
from bihuan.deadlines.trial.running import MOST_LINES
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.ledger.taxonomy import term_choices
from bihuan.organizations.models import Unit
from bihuan.organizations.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.journal.action import Actor

SHOWN: Final = 200
SHOWN_LIGHTS: Final = (Light.YELLOW, Light.ORANGE, Light.RED)
UNFINISHED: Final = (PolicyTrial.State.WAITING, PolicyTrial.State.RUNNING)


def page_of_trial(actor: Actor, row: PolicyTrial, asked: dict[str, str]) -> dict[str, Any]:
    """The whole page; what is still under way shows how far it is."""
    title = title_of(row.policy)
    here = reverse("deadlines:trial", args=[row.pk])
    context: dict[str, Any] = {
        "title": _("试算：%(rule)s") % {"rule": title},
        "crumbs": [{"words": title, "url": reverse("policies:detail", args=[row.policy_id])}],
        "here": here,
        "moving": row.state in UNFINISHED,
        "progress": {"title": row.get_state_display(), "done": row.done, "total": row.total},
        "again_url": reverse("deadlines:ask_trial", args=[row.policy_id]),
        "failed": row.state == PolicyTrial.State.FAILED,
    }
    if row.state == PolicyTrial.State.DONE:
        context["facts"] = _facts(row)
        context["sums"] = _sums_table(row, here)
        context["lines"], context["note"] = _lines_table(actor, row, asked)
        context["everything_url"] = here if any(asked.values()) else ""
    return context


def _of_lights(row: PolicyTrial) -> bool:
    return bool(row.policy.code == LIGHTS)


def _names(row: PolicyTrial) -> list[str]:
    return [one.value for one in (SHOWN_LIGHTS if _of_lights(row) else Rung)]


def _words(row: PolicyTrial, name: str) -> str:
    return light_words(name) if _of_lights(row) else str(RungName(name).label)


def _facts(row: PolicyTrial) -> list[dict[str, Any]]:
    was: Counter[str] = Counter()
    would: Counter[str] = Counter()
    for one in row.sums:
        was.update(one["was"])
        would.update(one["would"])
    counted = _("看过的时限") if _of_lights(row) else _("看过的问题")
    return [
        {"label": _("起算日期"), "value": f"{row.since.isoformat()} — {row.until.isoformat()}"},
        {"label": counted, "value": sum(one["count"] for one in row.sums)},
        {"label": _("会不同的"), "value": row.different},
        *(
            {"label": _words(row, name), "value": _beside(row, was[name], would[name])}
            for name in _names(row)
            if was[name] or would[name]
        ),
    ]


def _beside(row: PolicyTrial, was: int, would: int) -> str:
    said = {"was": was, "would": would}
    if _of_lights(row):
        return _("实际 %(was)d 天 → 试算 %(would)d 天") % said
    return _("实际 %(was)d 次 → 试算 %(would)d 次") % said


def _sums_table(row: PolicyTrial, here: str) -> dict[str, Any]:
    """By unit and grade; each leads to its cases."""
    units = Unit.objects.in_bulk({uuid.UUID(one["unit"]) for one in row.sums if one["unit"]})
    grades = dict(term_choices("grade"))
    names = [name for name in _names(row) if any(_has(one, name) for one in row.sums)]
    rows = []
    for one in sorted(row.sums, key=lambda one: (-one["different"], one["unit"], one["grade"])):
        unit = units.get(uuid.UUID(one["unit"])) if one["unit"] else None
        query = urlencode({"unit": one["unit"], "grade": one["grade"]})
        cells = [
            str(unit or _("未定")),
            grades.get(one["grade"], one["grade"]),
            one["count"],
            one["different"],
            *(_arrow(one["was"].get(name, 0), one["would"].get(name, 0)) for name in names),
        ]
        rows.append((f"{one['unit']}-{one['grade']}", f"{here}?{query}#cases", cells))
    unit_of_count = _("时限") if _of_lights(row) else _("问题")
    heads = [
        ("title", _("单位")),
        ("grade", _("等级")),
        ("count", unit_of_count),
        ("different", _("会不同的")),
    ]
    heads += [(name, _words(row, name)) for name in names]
    empty = (_("这段时间没有适用这一版的事项"), _("换一段时间再试。"))
    return table(_("按单位和等级"), heads, rows, empty=empty)


def _has(one: dict[str, Any], name: str) -> bool:
    return bool(one["was"].get(name) or one["would"].get(name))


def _arrow(was: int, would: int) -> str:
    return str(was) if was == would else f"{was} → {would}"


def _lines_table(actor: Actor, row: PolicyTrial, asked: dict[str, str]) -> tuple[dict[str, Any], str]:
    """The cases that would have been otherwise, of one unit and grade where the address names them."""
    wanted = [
        line for line in row.lines if all(not value or line[name] == value for name, value in asked.items())
    ]
    shown = wanted[:SHOWN]
    ids = {uuid.UUID(line["problem"]) for line in shown}
    seen = {one.pk: one for one in visible(actor, Problem.objects.filter(pk__in=ids))}
    rows = []
    for number, line in enumerate(shown):
        problem = seen.get(uuid.UUID(line["problem"]))
        if problem is None:
            continue
        first = [problem.problem_no, problem.title]
        kind = [str(ClockKind(line["kind"]).label)] if _of_lights(row) else []
        told = [_told(row, line["was"]), _told(row, line["would"])]
        url = reverse("desk:problem", args=[problem.pk])
        rows.append((str(number), url, [*first, *kind, *told]))
    heads = [("no", _("编号")), ("title", _("问题"))]
    heads += [("kind", _("时限"))] if _of_lights(row) else []
    heads += [("was", _("实际")), ("would", _("试算"))]
    empty = (_("没有事项会因此不同"), _("换一段时间，或换一个版本再试。"))
    drawn = table(_("会不同的事项"), heads, rows, empty=empty)
    return drawn, _note(row, len(wanted), len(shown) - len(rows))


def _note(row: PolicyTrial, wanted: int, hidden: int) -> str:
    notes = []
    if row.different > MOST_LINES:
        notes.append(_("会不同的太多，逐件只列前 %(most)d 件；合计是全部的。") % {"most": MOST_LINES})
    if wanted > SHOWN:
        notes.append(_("本页列出前 %(shown)d 件，点上表的一行看一个单位的。") % {"shown": SHOWN})
    if hidden:
        notes.append(_("另有 %(count)d 件不在您的知悉范围。") % {"count": hidden})
    return "".join(notes)


def _told(row: PolicyTrial, marks: Iterable[list[str]]) -> str:
    names = set(_names(row))
    told = [_span(row, *mark) for mark in marks if mark[2] in names]
    return _("；").join(told) or _("无")


def _span(row: PolicyTrial, first: str, last: str, name: str) -> str:
    words = _words(row, name)
    if not _of_lights(row):
        return f"{first} {words}"
    return f"{words} {first}" if first == last else f"{words} {first} — {last}"
