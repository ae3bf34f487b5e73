"""Reading clocks: the lights of a list in one query, the panel of a problem page, and what is due for whom.

Words and colours are read from the rule as of today, so that a page is right even before the night's sweep.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.deadlines.explaining import basis_words, moment_words, sentence, time_words, what_next
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.readings import explained, reading_of
from bihuan.deadlines.rules import Light, was_late
from bihuan.journal.timesource import now, today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.remembering import by_id, remembered
from bihuan.organizations.sight import sight_of
from bihuan.policies.models import Policy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bihuan.journal.action import Actor


@dataclass(frozen=True)
class LightFacts:
    """The light of one clock today, ready to be drawn. `because` is one sentence with rule and policy version."""

    clock: Clock
    light: str
    words: str
    because: str
    next_words: str
    due: date
    first_due: date
    days_left: int
    suspended: bool

    @property
    def overdue(self) -> bool:
        """Whether the day, or the hour within it, has passed while time counts."""
        if self.suspended:
            return False
        due_at = self.clock.due_at
        return self.days_left < 0 or (due_at is not None and now() >= due_at)

    @property
    def mark(self) -> dict[str, str]:
        """As the light tag of the pages wants it."""
        return {"colour": self.light, "words": self.words, "because": self.because}


@remembered
def clocks_of(problem: Problem) -> list[Clock]:
    """Every clock of the problem, stopped ones too, oldest first; two queries."""
    rows = Clock.objects.filter(problem=problem).order_by("started_on", "id")
    return _of([problem], rows).get(problem.pk, [])


def leading_clock(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that matters most now: the worst light first, then the earliest day; None where none is open."""
    day = today()
    open_clocks = [clock for clock in clocks if clock.state != ClockState.STOPPED]
    return min(
        open_clocks,
        key=lambda clock: (-reading_of(clock, day, now()).light.severity, clock.due, clock.kind),
        default=None,
    )


def lights_for(problems: Sequence[Problem]) -> dict[uuid.UUID, LightFacts]:
    """The leading light of each problem that has one; two queries for a whole page."""
    open_rows = Clock.objects.filter(problem__in=problems).exclude(state=ClockState.STOPPED)
    found = {}
    for problem, clocks in _of(problems, open_rows).items():
        leading = leading_clock(clocks)
        if leading is not None:
            found[problem] = facts_today(leading)
    return found


def facts_today(clock: Clock) -> LightFacts:
    """What one clock shows today."""
    moment = timezone.localtime(now())
    day = today()
    reading = reading_of(clock, day, moment)
    explanation = {**clock.explanation, **explained(clock, reading, day)}
    suspended = clock.state == ClockState.SUSPENDED
    return LightFacts(
        clock=clock,
        light=reading.light.value,
        words=time_words(clock.due, clock.due_at, moment, suspended=suspended),
        because=sentence(explanation),
        next_words=what_next(explanation),
        due=clock.due,
        first_due=clock.first_due,
        days_left=(clock.due - day).days,
        suspended=suspended,
    )


def panel_of(problem: Problem, clocks: Sequence[Clock]) -> dict[str, Any] | None:
    """What the clock panel of the problem page shows; None where no clock ever ran."""
    if not clocks:
        return None
    leading = leading_clock(clocks)
    rectification = leading is not None and leading.kind == ClockKind.RECTIFICATION
    # Beside another clock's headline, or none any more, the row of the rectification says how often it was put off.
    unsaid = 0 if rectification else problem.extensions
    rows = [_line(clock, unsaid) for clock in clocks if clock.round == problem.round]
    if leading is None:
        last = max(clocks, key=lambda clock: (clock.stopped_on or clock.due, clock.due))
        return {
            "headline": _ended_words(last),
            "light": {"colour": Light.OFF.value, "words": ""},
            "clocks": rows,
        }
    facts = facts_today(leading)
    return {
        "headline": f"{leading.get_kind_display()} {facts.words}",
        "light": {
            "colour": facts.light,
            "words": _("%(day)s 到期") % {"day": moment_words(facts.due, leading.due_at)},
            "because": facts.because,
        },
        "due": facts.due,
        "first": facts.first_due,
        "extensions": problem.extensions if rectification else 0,
        "start": leading.started_on,
        "start_words": _("起算"),
        "today": today(),
        "clocks": rows,
    }


def _line(clock: Clock, extensions: int) -> dict[str, Any]:
    if clock.state == ClockState.STOPPED:
        note = _ended_words(clock)
    else:
        facts = facts_today(clock)
        note = " · ".join(part for part in (facts.words, facts.next_words) if part)
    return {
        "name": clock.get_kind_display(),
        "current": clock.due,
        "first": clock.first_due,
        "extensions": extensions if clock.kind == ClockKind.RECTIFICATION else 0,
        "basis": basis_words(clock.explanation),
        "note": note,
    }


def _ended_words(clock: Clock) -> str:
    from bihuan.deadlines.readings import facts_of

    words = _("已于 %(on)s 停止计时") % {"on": clock.stopped_on.isoformat() if clock.stopped_on else ""}
    return words + (_("，超过期限") if was_late(facts_of(clock)) else "")


def due_by(actor: Actor, last: date) -> QuerySet[Clock]:
    """Running clocks due on a day or before, of problems the actor sees, that press a unit under the actor's sight."""
    sight = sight_of(actor)
    running = Clock.objects.filter(
        state=ClockState.RUNNING, due__lte=last, problem__in=visible(actor, Problem.objects.all())
    )
    if not sight.everything:
        pressed = Q(unit__in=[])
        for path in sight.subtrees:
            pressed |= Q(unit__path__under=path)
        running = running.filter(pressed)
    found: QuerySet[Clock] = _with_rules(running).order_by("due", "id")
    return found


def due_today(actor: Actor) -> QuerySet[Clock]:
    """What falls due today for the actor's unit, or for the whole place in an office."""
    return due_by(actor, today()).filter(due=today())


def overdue(actor: Actor) -> QuerySet[Clock]:
    """What is past its day, the longest first."""
    return due_by(actor, today()).filter(due__lt=today())


def _of(problems: Sequence[Problem], rows: Iterable[Clock]) -> dict[uuid.UUID, list[Clock]]:
    """The clocks of each problem, tied to it and to their policies: those are few, however many clocks there are."""
    clocks, owners = list(rows), {problem.pk: problem for problem in problems}
    policies = by_id(Policy, {pk for row in clocks for pk in (row.policy_id, row.lights_policy_id)})
    found: dict[uuid.UUID, list[Clock]] = defaultdict(list)
    for row in clocks:
        row.problem = owners[row.problem_id]
        row.policy, row.lights_policy = policies[row.policy_id], policies[row.lights_policy_id]
        found[row.problem_id].append(row)
    return dict(found)


def _with_rules(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    """A clock is read by its policies and by the problem's progress; nothing more of the problem is drawn than its names."""
    return rows.select_related("policy", "lights_policy", "problem", "unit")
