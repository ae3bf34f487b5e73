"""Small marks of a problem: its ring, light, level and deadline, as the shell's components draw them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.deadlines.models import Clock, ClockState
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Problem, Term, TermKind
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.web.components import Due, Level, Light, Missing, StageMark

if TYPE_CHECKING:
    import uuid

    from bihuan.web.components import Ending

LEVEL_RANKS = {"regular": 0, "priority": 1, "raised": 2, "listed": 3}
UNSET = date.fromisoformat(NO_DEADLINE)


def stage_of(problem: Problem, language: str) -> StageMark:
    """The ring glyph, with the source's own word for the stage where it has one."""
    state = State(problem.state)
    words = problem.source.stage_words.get(state.value) or STATE_WORDS[state].say(language)
    return StageMark(stage=ring_stage(state), name=words, round=problem.round, ended=ending_of(state))


def ending_of(state: State) -> Ending:
    """How the ring ends."""
    if state is State.CLOSED:
        return "closed"
    return "suspended" if state is State.SUSPENDED else ""


def leading(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that matters now: the one that runs out first."""
    running = [clock for clock in clocks if clock.state != ClockState.STOPPED]
    return min(running, key=lambda clock: (clock.due, clock.kind), default=None)


def clocks_by_problem(problems: Iterable[Problem]) -> dict[uuid.UUID, list[Clock]]:
    """The clocks that are not stopped, of a page of problems; one query."""
    found: dict[uuid.UUID, list[Clock]] = {}
    rows = Clock.objects.filter(problem__in=[problem.pk for problem in problems]).exclude(state=ClockState.STOPPED)
    for clock in rows:
        found.setdefault(clock.problem_id, []).append(clock)
    return found


def light_of(clock: Clock | None, today: date) -> Light | str:
    """The light with the time left, or nothing where no clock runs."""
    if clock is None:
        return ""
    if clock.state == ClockState.SUSPENDED:
        return Light(colour="off", words=_("中止"))
    return Light(colour=clock.light, words=time_left(clock.due, today))


def time_left(due: date, today: date) -> str:
    """余 22 天, 今日到期, 逾期 3 天."""
    days = (due - today).days
    if days < 0:
        return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}
    if days == 0:
        return _("今日到期")
    return ngettext("余 %(days)d 天", "余 %(days)d 天", days) % {"days": days}


def due_of(problem: Problem, today: date) -> Due | Missing:
    """The deadline with its first date and extensions."""
    if problem.external_deadline == UNSET:
        return Missing(words=_("未定"))
    return Due(
        current=problem.external_deadline,
        first=problem.first_deadline,
        extensions=problem.extensions,
        late=problem.external_deadline < today and problem.closed_on is None,
    )


def level_of(problem: Problem, labels: dict[tuple[str, str], str]) -> Level:
    """The supervision level as ink weight."""
    code = problem.supervision_level
    return Level(name=labels.get((TermKind.SUPERVISION_LEVEL, code), code), rank=LEVEL_RANKS.get(code, 0))


def term_labels() -> dict[tuple[str, str], str]:
    """(kind, code) -> label in the reader's language; one query."""
    return {(term.kind, term.code): term.label for term in Term.objects.all()}
