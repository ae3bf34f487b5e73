"""Putting running clocks under another version of a policy, by a decision that names the cases; and seeing it coming.

What is foreseen and what is applied is one computation: the preview works on rows it throws away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.deadlines import changing
from bihuan.deadlines.keeping import adopt
from bihuan.deadlines.ladder.climbing import look_again
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.readings import facts_of, read
from bihuan.deadlines.terms import CODES, LADDER, LIGHTS, NEVER, Terms, events_behind
from bihuan.journal import timesource
from bihuan.journal.action import current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.policies.catalogue import label_of
from bihuan.policies.queries import quote

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.policies.models import Policy

MOST: Final = 500
LOOKED_AT: Final = 5000
REACHES: Final = frozenset({*CODES, LIGHTS, LADDER})
"""The rules a clock keeps. All others are read afresh at each decision."""
KEPT_AS: Final = {LIGHTS: "lights_policy", LADDER: "ladder_policy"}
"""Where a clock keeps the rules that count no day."""


@dataclass(frozen=True)
class Change:
    """What another version makes of one clock."""

    clock: Clock
    due: tuple[date, date]
    light: tuple[str, str]
    version: tuple[int, int]

    @property
    def problem(self) -> Problem:
        """Whose clock it is."""
        problem: Problem = self.clock.problem
        return problem

    @property
    def moves(self) -> bool:
        """Whether anything but the version is different afterwards."""
        return self.due[0] != self.due[1] or self.light[0] != self.light[1]

    def as_fact(self) -> dict[str, Any]:
        """Plain values for the event of the problem."""
        return {
            "clock": self.clock.kind,
            "due": [day.isoformat() for day in self.due],
            "light": list(self.light),
            "version": list(self.version),
        }


def reapply(policy: Policy, cases: Sequence[uuid.UUID]) -> list[Change]:
    """Inside a reaction: apply a version of a deadline or of the lights to the clocks still open of these problems."""
    act = current()
    problems = list(Problem.objects.filter(pk__in=cases))
    act.lock(problems)
    quote(policy)
    with for_the_record():
        act.because(
            _("“%(policy)s”规则第 %(version)s 版经批准适用于在办事项")
            % {"policy": label_of(policy.code), "version": policy.version}
        )
    terms = Terms(act.today)
    changes = _put_under(policy, clocks_of(policy, problems), terms, act.now)
    look_again((change.clock for change in changes), terms)
    Clock.objects.save_all(change.clock for change in changes)
    for change in changes:
        act.fact(change.problem, **change.as_fact())
    return changes


def foresee(policy: Policy, problems: Iterable[Problem]) -> list[Change]:
    """What applying the version to these problems would change; nothing is written."""
    moment = timesource.now()
    return _put_under(policy, clocks_of(policy, problems), Terms(timesource.today()), moment)


def clocks_of(policy: Policy, problems: Iterable[Problem]) -> QuerySet[Clock]:
    """The open clocks of these problems that keep another version of this rule, in a fixed order."""
    found: QuerySet[Clock] = (
        _not_yet_under(policy)
        .filter(problem__in=list(problems))
        .select_related(
            "problem__source",
            "problem__sector",
            "problem__jurisdiction",
            "problem__batch",
            "policy",
            "lights_policy",
            "ladder_policy",
        )
        .order_by("problem__problem_no", "kind")
    )
    return found


def _not_yet_under(policy: Policy) -> QuerySet[Clock]:
    rows: QuerySet[Clock] = Clock.objects.exclude(state=ClockState.STOPPED)
    kind = CODES.get(policy.code)
    if kind is None:
        return rows.exclude(**{KEPT_AS[policy.code]: policy})
    return rows.filter(kind=kind).exclude(policy=policy)


def candidates(policy: Policy, actor: Actor) -> tuple[list[Problem], bool]:
    """The problems the actor sees whose running clocks this version would decide if they began today.

    At most `MOST` of them; whether there are more is told.
    """
    if policy.code not in REACHES:
        return [], False
    running = _not_yet_under(policy).filter(problem__jurisdiction__path__under=policy.jurisdiction.path)
    seen = visible(actor, Problem.objects.filter(pk__in=running.values("problem")))
    wide = seen.select_related("source", "sector", "jurisdiction").order_by("problem_no")[:LOOKED_AT]
    terms = Terms(timesource.today())
    found = [problem for problem in wide if terms.chosen(problem, policy.code).pk == policy.pk]
    return found[:MOST], len(found) > MOST


def _put_under(policy: Policy, rows: Iterable[Clock], terms: Terms, moment: datetime) -> list[Change]:
    kept = KEPT_AS.get(policy.code, "policy")
    changes = []
    for row in rows:
        old = getattr(row, kept)
        before = (row.due, row.light)
        setattr(row, kept, policy)
        if policy.code in CODES:
            _count_again(row, CODES[policy.code], policy, terms)
        read(row, terms.on, moment)
        version = (old.version if old else 0, policy.version)
        changes.append(Change(row, (before[0], row.due), (before[1], row.light), version))
    return changes


def _count_again(row: Clock, kind: ClockKind, policy: Policy, terms: Terms) -> None:
    """A version gives more time or leaves the date: nobody becomes late by a rule made afterwards."""
    if kind is ClockKind.RECTIFICATION and row.problem.external_deadline != NEVER:
        return
    if row.state != ClockState.RUNNING or "until" in row.explanation.get("basis", {}):
        return
    found = terms.due_day(row.problem, kind, policy, events=events_behind(row), notice_until=None)
    if found.day > row.due:
        adopt(row, changing.extended(facts_of(row), found.day))
        row.due_at, row.began_at = found.at, found.began
        row.explanation = {**row.explanation, "basis": found.basis}
