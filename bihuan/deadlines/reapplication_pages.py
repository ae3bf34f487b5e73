"""What the pages of a re-application show: the cases with their dates and lights before and after, and how far it is."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.models import ClockKind, Reapplication
from bihuan.deadlines.reapplications import ask_reapplication, sees
from bihuan.deadlines.reapplying import REACHES, Change
from bihuan.deadlines.terms import CODES, LADDER, LIGHTS
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.tables import table
from bihuan.policies.catalogue import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.journal.action import Actor
    from bihuan.policies.models import Policy


def offers(policy: Policy) -> list[tuple[Any, str, Any, tuple[Any, ...], Any]]:
    """On the page of a version that clocks keep and that is in force."""
    in_force = policy.valid_from <= today() and (policy.valid_until is None or policy.valid_until >= today())
    if policy.code not in REACHES or not in_force:
        return []
    url = reverse("deadlines:ask_reapplication", args=[policy.pk])
    then = _("先看每件会怎样变，经批准后才对选定的在办事项生效。")
    return [(_("适用于在办事项"), url, ask_reapplication, (policy,), then)]


def trial_offers(policy: Policy) -> list[tuple[Any, str, Any, tuple[Any, ...], Any]]:
    """On the page of a version of a deadline, of lights or of the ladder, in force or still to come."""
    if policy.code in {LIGHTS, LADDER}:
        url = reverse("deadlines:ask_trial", args=[policy.pk])
        then = _("按这一版把一段时间内的事项重走一遍，与实际的灯和督办对照；只看，不改。")
        return [(_("试算"), url, ask_reapplication, (policy,), then)]
    if policy.code not in CODES:
        return []
    url = reverse("deadlines:what_if", args=[policy.pk])
    then = _("按这一版重算一段时间内的时限，看谁会逾期、谁不会；只看，不改。")
    return [(_("试算"), url, ask_reapplication, (policy,), then)]


def past_of(actor: Actor, policy: Policy) -> tuple[Any, dict[str, Any]] | None:
    """What was asked for this version so far."""
    rows = Reapplication.objects.filter(policy=policy).select_related("policy").order_by("-id")
    shown = [row for row in rows[:20] if sees(actor, row.pk)]
    if not shown:
        return None
    heads = [("title", _("提请")), ("count", _("件数")), ("state", _("状态")), ("done", _("已适用"))]
    cells = [
        (
            str(row.pk),
            reverse("deadlines:reapplication", args=[row.pk]),
            [
                row.asked_on,
                len(row.cases),
                {"piece": "chip", "words": row.get_state_display()},
                f"{row.applied} / {len(row.cases)}",
            ],
        )
        for row in shown
    ]
    title = _("适用于在办事项")
    return title, table(title, heads, cells)


def title_of(policy: Policy) -> str:
    """``签收时限 · 第 2 版``."""
    return _("%(policy)s · 第 %(version)s 版") % {
        "policy": label_of(policy.code),
        "version": policy.version,
    }


def preview_rows(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """One line a clock, for the form; the cases of which something moves stand first."""
    lines = list(changes)
    moved = {change.problem.pk for change in lines if change.moves}
    lines.sort(key=lambda change: (change.problem.pk not in moved, change.problem.problem_no))
    return [
        {
            "case": str(change.problem.pk),
            "number": change.problem.problem_no,
            "name": change.problem.title,
            "url": reverse("desk:problem", args=[change.problem.pk]),
            **_words(change.as_fact()),
        }
        for change in lines
    ]


def _words(fact: Mapping[str, Any]) -> dict[str, Any]:
    due, light = fact["due"], fact["light"]
    return {
        "clock": ClockKind(fact["clock"]).label,
        "due_before": due[0],
        "due_after": due[1] if due[1] != due[0] else "",
        "light_before": light_words(light[0]),
        "light_after": light_words(light[1]) if light[1] != light[0] else "",
    }


def summary(facts: Sequence[Mapping[str, Any]]) -> str:
    """In one sentence: how many clocks, how many get a later day, how many another light."""
    later = sum(fact["due"][0] != fact["due"][1] for fact in facts)
    lights = sum(fact["light"][0] != fact["light"][1] for fact in facts)
    return _("共 %(count)d 个时限：%(later)d 个顺延，%(lights)d 个换灯，%(same)d 个日期和灯都不变。") % {
        "count": len(facts),
        "later": later,
        "lights": lights,
        "same": sum(
            fact["due"][0] == fact["due"][1] and fact["light"][0] == fact["light"][1] for fact in facts
        ),
    }


def cases_table(actor: Actor, row: Reapplication) -> tuple[dict[str, Any], str]:
    """The cases named, as they were foreseen; of those the reader may not know of only that there are some."""
    ids = [uuid.UUID(case) for case in row.cases]
    seen = visible(actor, Problem.objects.filter(pk__in=ids)).in_bulk()
    heads = [
        ("no", _("编号")),
        ("title", _("问题")),
        ("clock", _("时限")),
        ("due", _("到期")),
        ("light", _("灯")),
    ]
    lines = []
    for pk in ids:
        problem = seen.get(pk)
        if problem is None:
            continue
        for fact in row.foreseen.get(str(pk), []):
            words = _words(fact)
            lines.append(
                (
                    str(pk),
                    reverse("desk:problem", args=[pk]),
                    [
                        problem.problem_no,
                        problem.title,
                        words["clock"],
                        _arrow(words["due_before"], words["due_after"]),
                        _arrow(words["light_before"], words["light_after"]),
                    ],
                )
            )
    hidden = len(ids) - len(seen)
    empty = (_("没有您可以知悉的事项"), "")
    note = _("另有 %(count)d 件不在您的知悉范围。") % {"count": hidden} if hidden else ""
    return table(_("选定的事项和提请时预计的变化"), heads, lines, empty=empty), note


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}" if after else _("%(day)s（不变）") % {"day": before}


def facts_of(row: Reapplication) -> list[dict[str, Any]]:
    """What the page says at the side."""
    every = [fact for facts in row.foreseen.values() for fact in facts]
    return [
        {"label": _("规则"), "value": title_of(row.policy)},
        {"label": _("理由"), "value": row.reason},
        {"label": _("提请日期"), "value": row.asked_on},
        {"label": _("状态"), "value": row.get_state_display()},
        {"label": _("已适用"), "value": f"{row.applied} / {len(row.cases)}"},
        {"label": _("预计变化"), "value": summary(every)},
    ]
