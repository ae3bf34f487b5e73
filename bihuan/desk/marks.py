"""Small marks of a problem: its ring, light, level and deadline, as the shell's components draw them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.deadlines.explaining import days_words
from bihuan.deadlines.queries import lights_for
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Problem, Term, TermKind
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.web.components import Due, Level, Light, Missing, StageMark

if TYPE_CHECKING:
    import uuid

    from bihuan.deadlines.queries import LightFacts
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


def lights_of(problems: Iterable[Problem]) -> dict[uuid.UUID, Light]:
    """The leading light of each problem that has one; two queries for a page."""
    return {pk: light_of(facts) for pk, facts in lights_for(list(problems)).items()}


def light_of(facts: LightFacts) -> Light:
    """What one clock shows, as it is drawn."""
    return Light(colour=facts.light, words=facts.words, because=facts.because)  # type: ignore[arg-type]  # of the rule


def time_left(due: date, today: date) -> str:
    """余 22 天, 今日到期, 逾期 3 天."""
    return days_words(due, today, suspended=False)


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


def dated_words(problem: Problem) -> str:
    """The deadline in one line of text: ``2026-06-30（首次 2026-06-10，延期×1）``."""
    now, first = problem.external_deadline.isoformat(), problem.first_deadline
    if first is None or first == problem.external_deadline:
        return now
    return _("%(now)s（首次 %(first)s，延期×%(n)d）") % {
        "now": now,
        "first": first.isoformat(),
        "n": problem.extensions,
    }


def level_of(problem: Problem, labels: dict[tuple[str, str], str]) -> Level:
    """The supervision level as ink weight."""
    code = problem.supervision_level
    return Level(name=labels.get((TermKind.SUPERVISION_LEVEL, code), code), rank=LEVEL_RANKS.get(code, 0))


def term_labels() -> dict[tuple[str, str], str]:
    """(kind, code) -> label in the reader's language; one query."""
    return {(term.kind, term.code): term.label for term in Term.objects.all()}
