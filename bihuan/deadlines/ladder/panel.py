"""Where a problem stands on the ladder, for its page: rung by rung what was done, what is proposed and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines.ladder.policy import works_for_office
from bihuan.deadlines.ladder.queries import conducts_of, delistings_of, steps_on
from bihuan.deadlines.ladder.rules import UPPER, Rung, Wait
from bihuan.deadlines.ladder.taking import level_words
from bihuan.deadlines.ladder.wording import because_by_rule
from bihuan.deadlines.models import ClockState, LadderStep
from bihuan.deadlines.models.ladder import RungName
from bihuan.journal.wording import joined
from bihuan.ledger.supervision import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.deadlines.models import Clock, Conduct
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

State = LadderStep.State
STATUS: Final = {
    State.SENT: "done",
    State.PROPOSED: "now",
    State.ASKED: "now",
    State.TAKEN: "done",
    State.DISMISSED: "skipped",
    State.LAPSED: "skipped",
}
DONE: Final = frozenset({State.SENT, State.TAKEN})


def panel_of_ladder(actor: Actor, problem: Problem, clocks: Sequence[Clock]) -> dict[str, Any] | None:
    """The rungs as a route, and beside them what was determined of conduct; None where nothing happened yet.

    What nobody has decided is the office's own affair until it is decided; what is proposed against persons stays there.
    """
    office = works_for_office(actor, problem.jurisdiction)
    steps = [step for step in steps_on(problem) if step.clock.round == problem.round]
    if not office:
        steps = [step for step in steps if step.state in DONE and step.rung != Rung.ACCOUNTABILITY]
    # What never rose was never lowered.
    rose = bool(steps) or problem.supervision_level != LEVELS[0]
    facts = [*_conducts(problem), *(_delistings(problem) if office and rose else [])]
    running = [clock for clock in clocks if clock.state == ClockState.RUNNING]
    if not steps and not facts and not (office and any(clock.next_rung for clock in running)):
        return None
    return {
        "note": _next_words(running) if office else "",
        "route": {"steps": [*_reminders(steps), *_rungs(steps, office=office)]},
        "facts": facts,
    }


def _reminders(steps: Sequence[LadderStep]) -> list[dict[str, Any]]:
    sent = [step for step in steps if step.rung == Rung.REMINDER]
    if not sent:
        return []
    last = sent[-1]
    return [
        {
            "name": RungName.REMINDER.label,
            "status": "done",
            "decision": _("%(count)d 次") % {"count": len(sent)},
            "who": because_by_rule(last),
            "when": last.proposed_on,
        }
    ]


def _rungs(steps: Sequence[LadderStep], *, office: bool) -> list[dict[str, Any]]:
    """The steps of each rung in order; for the office also the rungs still to come."""
    found: list[dict[str, Any]] = []
    for rung in UPPER:
        here = [step for step in steps if step.rung == rung]
        found += [_rung(step) for step in here]
        if not here and office:
            found.append({"name": RungName(rung).label, "status": "todo"})
    return found


def _rung(step: LadderStep) -> dict[str, Any]:
    state = State(step.state)
    return {
        "name": step.get_rung_display(),
        "status": STATUS[state],
        "decision": state.label,
        "who": because_by_rule(step),
        "when": step.settled_on or step.proposed_on,
        "note": step.why,
    }


def _next_words(running: Sequence[Clock]) -> str:
    if any(clock.ladder_wait == Wait.CONDUCT for clock in running):
        return _("已到下一级条件，须先认定整改行为")
    days = [clock.next_rung for clock in running if clock.next_rung is not None]
    return _("下次 %(day)s") % {"day": min(days).isoformat()} if days else ""


def _conducts(problem: Problem) -> list[dict[str, Any]]:
    return [
        {
            "label": _("整改行为认定"),
            "value": {
                "piece": "link",
                "words": joined([*_told(row), row.get_state_display()]),
                "url": reverse("deadlines:conduct", args=[row.pk]),
            },
        }
        for row in conducts_of(problem)
    ]


def _told(row: Conduct) -> list[str]:
    decided = row.determined_on is not None
    kind = row.get_proposed_display() if decided else row.get_kind_display()
    return [str(kind), (row.determined_on or row.opened_on).isoformat()]


def _delistings(problem: Problem) -> list[dict[str, Any]]:
    return [
        {
            "label": _("摘牌或降级"),
            "value": {
                "piece": "link",
                "words": joined(
                    [
                        f"{level_words(row.level_before)} → {level_words(row.level_after)}",
                        row.get_state_display(),
                    ]
                ),
                "url": reverse("deadlines:delisting", args=[row.pk]),
            },
        }
        for row in delistings_of(problem)
    ]
