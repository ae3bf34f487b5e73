"""What the pages of the ladder show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.ladder.queries import (
    CONDUCT,
    SLICE_LABELS,
    Slice,
    cursor_of,
    numbers_of,
    page_after,
    sliced,
    steps_of_office,
    wanting_conduct,
)
from bihuan.deadlines.ladder.rules import UPPER
from bihuan.deadlines.ladder.taking import level_words
from bihuan.deadlines.ladder.wording import because
from bihuan.deadlines.models import LadderStep
from bihuan.deadlines.models.ladder import RungName
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible

if TYPE_CHECKING:
    from bihuan.deadlines.models import Clock, Conduct, Delisting, LadderRequest
    from bihuan.journal.action import Actor

PAGE: Final = 50
EMPTY: Final[dict[str, tuple[Any, Any]]] = {
    CONDUCT: (
        gettext_lazy("没有等认定整改行为的事项"),
        gettext_lazy("达到通报以上条件、本轮还没有认定的，会列在这里。"),
    ),
    Slice.ASKED: (gettext_lazy("没有待批的督办"), gettext_lazy("提请以后、批准以前的会列在这里。")),
    Slice.SETTLED: (gettext_lazy("还没有办过督办"), gettext_lazy("已实施、不予督办和已失效的会列在这里。")),
}
NOTHING: Final = (
    gettext_lazy("没有待提请的这一级督办"),
    gettext_lazy("程序每天按“督办阶梯”规则提出，由人提请、另一人批准。"),
)
TONES: Final = {
    LadderStep.State.PROPOSED: "strong",
    LadderStep.State.ASKED: "notice",
    LadderStep.State.TAKEN: "ink",
}


def page_of_list(actor: Actor, asked: str, cursor: str) -> dict[str, Any]:
    """The piles with their numbers, and one of them as a table."""
    steps = steps_of_office(actor)
    numbers = numbers_of(steps)
    known = {*(rung.value for rung in UPPER), CONDUCT, *Slice}
    # Where nothing is asked for, the first pile in which something waits.
    first = next((rung.value for rung in UPPER if numbers[rung.value]), UPPER[0].value)
    which = asked if asked in known else first
    numbers[CONDUCT] = wanting_conduct(actor).count()
    tabs: list[tuple[str, Any]] = [(rung.value, RungName(rung).label) for rung in UPPER]
    tabs += [(CONDUCT, _("须先认定")), *((one, SLICE_LABELS[one]) for one in Slice)]
    address = reverse("deadlines:proposals")
    views = [
        {"name": words, "url": f"{address}?show={one}", "count": numbers.get(one), "current": one == which}
        for one, words in tabs
    ]
    if which == CONDUCT:
        return {"tabs": {"views": views}, "table": _conduct_table(actor)}
    return {"tabs": {"views": views}, "table": _steps_table(steps, which, cursor)}


def _steps_table(steps: Any, which: str, cursor: str) -> dict[str, Any]:
    related = sliced(steps, which).select_related("problem__lead_unit", "clock", "policy")
    found = list(page_after(related, which, cursor)[: PAGE + 1])
    rows = found[:PAGE]
    address = reverse("deadlines:proposals")
    following = f"{address}?show={which}&after={cursor_of(rows[-1], which)}" if len(found) > PAGE else ""
    proposed = which not in set(Slice)
    title, sentence = EMPTY.get(which, NOTHING)
    heads = [("no", _("编号")), ("title", _("问题")), ("unit", _("牵头单位"))]
    heads += [("why", _("为什么提出")), ("since", _("提出日期"))]
    heads += [] if proposed else [("rung", _("督办")), ("state", _("办理"))]
    return {
        "caption": RungName(which).label if proposed else SLICE_LABELS[Slice(which)],
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [row_of(step, proposed=proposed) for step in rows],
        "batch": {"acts": batch_acts()} if proposed and rows else None,
        "pager": {"previous_url": f"{address}?show={which}" if cursor else "", "next_url": following}
        if cursor or following
        else None,
        "empty": {"title": title, "sentence": sentence},
    }


def batch_acts() -> list[dict[str, Any]]:
    """What may be done with all that were ticked."""
    return [
        {"label": LABELS[Verb.TAKE_UP_RUNG], "url": reverse("deadlines:take_up"), "primary": True},
        {"label": LABELS[Verb.DISMISS_RUNG], "url": reverse("deadlines:dismiss")},
    ]


def row_of(step: LadderStep, *, proposed: bool) -> dict[str, Any]:
    """One step as a row; outside the piles of proposals with its rung and what became of it."""
    problem = step.problem
    cells: list[Any] = [
        problem.problem_no,
        problem.title,
        str(problem.lead_unit or ""),
        because(step),
        step.proposed_on,
    ]
    if not proposed:
        cells += [step.get_rung_display(), state_chip(step)]
    return {
        "id": str(step.pk),
        "url": reverse("desk:problem", args=[problem.pk]),
        "name": problem.problem_no,
        "cells": cells,
    }


def state_chip(step: LadderStep) -> dict[str, Any]:
    """What became of it."""
    state = LadderStep.State(step.state)
    return {"piece": "chip", "words": state.label, "tone": TONES.get(state, "plain")}


def _conduct_table(actor: Actor) -> dict[str, Any]:
    clocks = wanting_conduct(actor).select_related("problem__lead_unit")[:PAGE]
    heads = [("no", _("编号")), ("title", _("问题")), ("unit", _("牵头单位")), ("late", _("时限"))]
    title, sentence = EMPTY[CONDUCT]
    return {
        "caption": _("须先认定"),
        "columns": [{"key": key, "label": label} for key, label in [*heads, ("act", _("办理"))]],
        "rows": [_conduct_row(clock) for clock in clocks],
        "empty": {"title": title, "sentence": sentence},
    }


def _conduct_row(clock: Clock) -> dict[str, Any]:
    problem = clock.problem
    days = (today() - clock.due).days
    late = _("逾期 %(days)s 天") % {"days": days} if days > 0 else clock.due.isoformat()
    act = {
        "piece": "link",
        "words": LABELS[Verb.OPEN_CONDUCT],
        "url": reverse("deadlines:open_conduct", args=[problem.pk]),
    }
    return {
        "id": str(clock.pk),
        "url": reverse("desk:problem", args=[problem.pk]),
        "name": problem.problem_no,
        "cells": [
            problem.problem_no,
            problem.title,
            str(problem.lead_unit or ""),
            f"{clock.get_kind_display()} {late}",
            act,
        ],
    }


def page_of_request(actor: Actor, row: LadderRequest) -> dict[str, Any]:
    """One request: what is asked, why, and the cases of it that the reader may know of."""
    steps = row.steps.select_related("problem__lead_unit", "clock", "policy").order_by("problem__problem_no")
    seen = visible(actor, Problem.objects.filter(ladder_steps__request=row))
    known = list(steps.filter(problem__in=seen))
    hidden = steps.count() - len(known)
    level = known[0].policy.body[row.rung]["level"] if known else "unchanged"
    facts = [
        {"label": _("督办"), "value": row.get_rung_display()},
        {"label": _("理由"), "value": row.reason},
        {"label": _("提请日期"), "value": row.asked_on},
        {"label": _("状态"), "value": row.get_state_display()},
    ]
    if level != "unchanged":
        facts.append({"label": _("批准后督办级别至少为"), "value": level_words(level)})
    heads = [("no", _("编号")), ("title", _("问题")), ("unit", _("牵头单位"))]
    heads += [("why", _("为什么提出")), ("since", _("提出日期")), ("rung", _("督办")), ("state", _("办理"))]
    return {
        "title": f"{LABELS[Verb.TAKE_UP_RUNG]} · {row.get_rung_display()}",
        "facts": facts,
        "approval_url": _approval(row.approval_id),
        "table_title": _("事项"),
        "table": {
            "caption": _("事项"),
            "columns": [{"key": key, "label": label} for key, label in heads],
            "rows": [row_of(step, proposed=False) for step in known],
        },
        "note": _("另有 %(count)d 件不在您的知悉范围。") % {"count": hidden} if hidden else "",
    }


def page_of_delisting(row: Delisting) -> dict[str, Any]:
    """One application to be supervised less."""
    facts = [
        problem_fact(row.problem),
        {
            "label": _("督办级别"),
            "value": f"{level_words(row.level_before)} → {level_words(row.level_after)}",
        },
        {"label": _("理由"), "value": row.reason},
        {"label": _("提请日期"), "value": row.asked_on},
        {"label": _("状态"), "value": row.get_state_display()},
    ]
    return {
        "title": LABELS[Verb.ASK_DELISTING],
        "facts": facts,
        "approval_url": _approval(row.approval_id),
    }


def page_of_conduct(row: Conduct, acts: dict[str, Any] | None) -> dict[str, Any]:
    """One determination, from what was alleged to what was decided, the unit's words beside it."""
    facts = [
        problem_fact(row.problem),
        {"label": _("单位"), "value": str(row.unit)},
        {"label": _("提出认定为"), "value": row.get_kind_display()},
        {"label": _("提出日期"), "value": row.opened_on},
        {"label": _("申辩期限"), "value": row.reply_until},
    ]
    if row.replied_on is None:
        facts.append({"label": _("申辩"), "value": _no_reply(row)})
    if row.proposed:
        facts.append({"label": _("拟认定为"), "value": row.get_proposed_display()})
    facts.append({"label": _("状态"), "value": row.get_state_display()})
    if row.determined_on:
        facts.append({"label": _("决定日期"), "value": row.determined_on})
    replied = row.replied_on.isoformat() if row.replied_on else ""
    texts = [
        {"label": _("事实"), "text": row.facts},
        {"label": _("依据"), "text": row.basis},
        {"label": _("申辩"), "text": row.reply, "note": replied},
        {"label": _("意见"), "text": row.opinion},
    ]
    return {
        "title": _("整改行为认定"),
        "facts": facts,
        "texts": [one for one in texts if one["text"]],
        "approval_url": _approval(row.approval_id),
        "acts": acts,
    }


def _no_reply(row: Conduct) -> Any:
    return _("期满没有申辩") if row.reply_until < today() else {"piece": "missing", "words": _("还没有申辩")}


def problem_fact(problem: Problem) -> dict[str, Any]:
    """Which problem, as a link."""
    url = reverse("desk:problem", args=[problem.pk])
    return {"label": _("问题"), "value": {"piece": "link", "words": str(problem), "url": url}}


def _approval(pk: Any) -> str:
    return reverse("approvals:detail", args=[pk]) if pk else ""
