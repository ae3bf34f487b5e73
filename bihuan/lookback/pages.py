"""What the pages of this room show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.lookback.independence import accepted_of
from bihuan.lookback.models import Lookback
from bihuan.lookback.offers import offers_of
from bihuan.lookback.queries import SLICE_LABELS, Slice, cursor_of, lookbacks_seen, page_after, sliced
from bihuan.lookback.verbs import LABELS, Verb
from bihuan.organizations.authority import roles_of
from bihuan.organizations.models import Person, Role

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

PAGE: Final = 50
MOST_COUNTED: Final = 10_000
TONES: Final = {Lookback.State.HELD: "ok", Lookback.State.REBOUNDED: "strong"}
NOTHING: Final[dict[Slice, Any]] = {
    Slice.DUE: (gettext_lazy("没有到期的回头看"), gettext_lazy("到期前的在“待核查”里。")),
    Slice.UNSENT: (
        gettext_lazy("没有待派出的回头看"),
        gettext_lazy("销号和其他办结会自动按规则安排回头看。"),
    ),
    Slice.WAITING: (gettext_lazy("没有安排回头看"), gettext_lazy("问题办结后，程序按“回头看”规则自动安排。")),
    Slice.DONE: (gettext_lazy("还没有核查过的回头看"), gettext_lazy("派出的单位核查后，结果列在这里。")),
}


def page_of_list(actor: Actor, which: Slice, cursor: str, language: str) -> dict[str, Any]:
    """Tabs with their numbers, and one pile as a table."""
    seen = lookbacks_seen(actor)
    found = list(page_after(sliced(seen, which), which, cursor)[: PAGE + 1])
    rows = found[:PAGE]
    address = reverse("lookback:list")
    following = f"{address}?show={which}&after={cursor_of(rows[-1], which)}" if len(found) > PAGE else ""
    previous = f"{address}?show={which}" if cursor else ""
    plans = bool(roles_of(actor) & {Role.COORDINATOR, Role.REVIEWER}) and which is not Slice.DONE
    return {
        "tabs": {
            "views": [
                {
                    "name": SLICE_LABELS[one],
                    "url": f"{address}?show={one}",
                    "count": _number(sliced(seen, one)[: MOST_COUNTED + 1].count()),
                    "current": one is which,
                }
                for one in Slice
            ]
        },
        "table": {
            "caption": SLICE_LABELS[which],
            "columns": _columns(which),
            "rows": [_row(row, which, language) for row in rows],
            "batch": {
                "acts": [
                    {"label": LABELS[Verb.ASSIGN], "url": reverse("lookback:assign_several"), "primary": True}
                ]
            }
            if plans and rows
            else None,
            "pager": {"previous_url": previous, "next_url": following} if previous or following else None,
            "empty": _empty(which),
        },
    }


def _number(count: int) -> str | int:
    return count if count <= MOST_COUNTED else _("约 %(count)s+") % {"count": MOST_COUNTED}


def _empty(which: Slice) -> dict[str, Any]:
    title, sentence = NOTHING[which]
    return {"title": title, "sentence": sentence}


def _columns(which: Slice) -> list[dict[str, Any]]:
    last = ("on", _("核查日期")) if which is Slice.DONE else ("due", _("应于"))
    heads = (
        ("no", _("编号")),
        ("title", _("问题")),
        ("stage", _("现状")),
        ("unit", _("牵头单位")),
        ("inspector", _("核查单位")),
        last,
        ("outcome", _("结果")),
    )
    return [{"key": key, "label": label} for key, label in heads]


def _row(row: Lookback, which: Slice, language: str) -> dict[str, Any]:
    problem = row.problem
    return {
        "id": str(row.pk),
        "url": reverse("lookback:detail", args=[row.pk]),
        "name": problem.problem_no,
        "cells": [
            problem.problem_no,
            problem.title,
            stage_of(problem, language),
            str(problem.lead_unit or ""),
            str(row.inspector_unit) if row.inspector_unit else {"piece": "missing", "words": _("未派出")},
            row.on if which is Slice.DONE else _due(row),
            outcome_of(row),
        ],
    }


def stage_of(problem: Problem, language: str) -> dict[str, Any]:
    """The ring of a problem."""
    state = State(problem.state)
    return {
        "piece": "stagemark",
        "stage": ring_stage(state),
        "name": STATE_WORDS[state].say(language),
        "round": problem.round,
        "ended": "closed" if state is State.CLOSED else "",
    }


def _due(row: Lookback) -> dict[str, Any]:
    late = row.state == Lookback.State.SCHEDULED and row.due_on < today()
    return {"piece": "due", "current": row.due_on, "late": late}


def outcome_of(row: Lookback) -> dict[str, Any]:
    """Held, rebounded, or waiting."""
    return {
        "piece": "chip",
        "words": row.get_state_display(),
        "tone": TONES.get(Lookback.State(row.state), "plain"),
    }


def page_of_one(actor: Actor, row: Lookback, language: str) -> dict[str, Any]:
    """One look-back: what is looked at, who accepted it, who looks, what they saw, and what may be done."""
    waits = row.state == Lookback.State.SCHEDULED
    offers = offers_of(actor, row) if waits else []
    return {
        "lookback": row,
        "title": _("回头看：%(no)s") % {"no": row.problem.problem_no},
        "crumbs": [{"words": _("回头看"), "url": reverse("lookback:list")}],
        "facts": _facts(row, language),
        "seen": _seen(row),
        "others": _others(row),
        "acts": {
            "allowed": [
                {
                    "label": offer.label,
                    "url": offer.url,
                    "consequence": offer.consequence,
                    "primary": offer.primary and offer is first_primary(offers),
                }
                for offer in offers
                if not offer.why_not
            ],
            "denied": [{"label": offer.label, "why": offer.why_not} for offer in offers if offer.why_not],
        }
        if offers
        else None,
    }


def first_primary(offers: list[Any]) -> Any:
    """The one offer that is drawn as the thing to do."""
    return next((offer for offer in offers if offer.primary and not offer.why_not), None)


def _facts(row: Lookback, language: str) -> list[dict[str, Any]]:
    problem = row.problem
    accepted = list(accepted_of(problem))[-1:] if row.round == problem.round else []
    accepting = (
        str(accepted[0].acceptor_unit or accepted[0].authority) if accepted else str(row.accepted_unit or "")
    )
    return [
        {
            "label": _("问题"),
            "value": {
                "piece": "link",
                "words": f"{problem.problem_no} {problem.title}",
                "url": reverse("desk:problem", args=[problem.pk]),
            },
        },
        {"label": _("现状"), "value": stage_of(problem, language)},
        {"label": _("轮次"), "value": _("第 %(round)s 轮") % {"round": row.round}},
        {"label": _("牵头单位"), "value": str(problem.lead_unit or "") or None},
        {"label": _("办结日期"), "value": problem.closed_on},
        {"label": _("验收单位"), "value": accepting or None},
        {"label": _("应于"), "value": _due(row)},
        {
            "label": _("核查单位"),
            "value": str(row.inspector_unit)
            if row.inspector_unit
            else {"piece": "missing", "words": _("未派出")},
        },
        {"label": _("结果"), "value": outcome_of(row)},
    ]


def _seen(row: Lookback) -> list[dict[str, Any]]:
    """What was seen, once somebody looked."""
    if row.on is None:
        return []
    person = Person.objects.filter(pk=row.inspector).first()
    facts: list[dict[str, Any]] = [
        {"label": _("核查日期"), "value": row.on},
        {"label": _("核查人"), "value": person.name if person else None},
        {"label": _("方式"), "value": _("暗访") if row.covert else _("明察")},
    ]
    if row.file is not None:
        url = reverse("files:download", args=[row.file_id])
        facts.append({"label": _("核查材料"), "value": {"piece": "link", "words": row.file.name, "url": url}})
    return facts


def _others(row: Lookback) -> dict[str, Any] | None:
    """The other looks at the same problem."""
    rows = list(
        Lookback.objects.filter(problem=row.problem_id)
        .exclude(pk=row.pk)
        .select_related("inspector_unit")
        .order_by("due_on", "id")
    )
    if not rows:
        return None
    heads = (
        ("no", _("轮次")),
        ("due", _("应于")),
        ("on", _("核查日期")),
        ("inspector", _("核查单位")),
        ("outcome", _("结果")),
    )
    return {
        "caption": _("同一问题的其他回头看"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(one.pk),
                "url": reverse("lookback:detail", args=[one.pk]),
                "cells": [
                    _("第 %(round)s 轮") % {"round": one.round},
                    one.due_on,
                    one.on,
                    str(one.inspector_unit or "") or None,
                    outcome_of(one),
                ],
            }
            for one in rows
        ],
    }
