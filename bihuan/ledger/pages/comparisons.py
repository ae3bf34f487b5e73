"""What the ledger says of a problem beside others: which it may repeat and why, what was decided, how often it recurred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.journal.wording import listed
from bihuan.ledger.comparing import comparisons_of, not_yet_compared, recurrences_of, sought_for
from bihuan.ledger.duplicates import Alike, alike
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Comparison, Problem
from bihuan.ledger.offers import refused_by_authority
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.repeats import Why
from bihuan.ledger.sight import can_see
from bihuan.ledger.verbs import LedgerVerb

if TYPE_CHECKING:
    from bihuan.journal.action import Actor


@dataclass(frozen=True)
class Choice:
    """One way to decide a pair, as a button."""

    label: str
    url: str


@dataclass(frozen=True)
class Pair:
    """A problem that may be the same, or about which that was decided."""

    number: str
    title: str
    url: str
    state: str
    percent: int
    reasons: tuple[str, ...]
    differences: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Decided:
    """A pair with its outcome; `take_back` is empty for who may not."""

    number: str
    title: str
    url: str
    outcome: str
    on: Any
    reason: str
    take_back: str


def beside_others(actor: Actor, problem: Problem) -> dict[str, Any]:
    """The context of the page."""
    decides = not refused_by_authority(may_prepare, actor, problem)
    comparisons = comparisons_of(problem)
    group = recurrences_of(actor, problem)
    found = [] if problem.placeholder else alike(sought_for(problem, comparisons), actor=actor)
    return {
        "pairs": [pair_of(one, problem, _choices(problem, one.problem) if decides else ()) for one in found],
        "decided": [
            _decided(pair, problem, may=decides)
            for pair in comparisons
            if can_see(actor, pair.beside(problem))
        ],
        "recurred": _times(group, problem),
        "waiting": problem.pk in not_yet_compared([problem]),
    }


def pair_of(found: Alike, own: Problem | None, choices: tuple[Choice, ...]) -> Pair:
    """A found problem in words."""
    problem = found.problem
    return Pair(
        number=problem.problem_no,
        title=problem.title,
        url=reverse("desk:problem", args=[problem.pk]),
        state=STATE_WORDS[State(problem.state)].say(get_language() or "zh"),
        percent=found.percent,
        reasons=tuple(reasons_of(found)),
        differences=tuple(_differences(own, problem)) if own is not None else (),
        choices=choices,
    )


def reasons_of(found: Alike) -> list[str]:
    """Why it may be the same, the strongest first."""
    said = {
        Why.SOURCE_NO: _("源编号相同：%(numbers)s") % {"numbers": listed(found.source_nos)},
        Why.SAME_WORDS: _("文字相同"),
        Why.NEARLY_SAME_WORDS: _("文字几乎相同"),
    }
    reasons = [said[found.why]] if found.why else []
    if found.words:
        reasons.append(_("共同的词：%(words)s") % {"words": listed(found.words)})
    facts = (
        (found.same_place, _("同一点位")),
        (found.same_party, _("同一涉事主体")),
        (found.same_unit, _("同一牵头单位")),
        (found.same_amount, _("金额相同")),
    )
    return [*reasons, *(words for holds, words in facts if holds)]


def _differences(own: Problem, other: Problem) -> list[str]:
    """What would not follow if the two became one: a deadline or a unit is changed by its own procedure."""
    found = []
    if own.external_deadline != other.external_deadline and other.state in OPEN and own.state in OPEN:
        found.append(_("期限不同：本件 %(own)s，对方 %(other)s") % {"own": _day(own), "other": _day(other)})
    if own.lead_unit_id and other.lead_unit and own.lead_unit_id != other.lead_unit_id:
        found.append(_("牵头单位不同：对方是%(unit)s") % {"unit": other.lead_unit.name})
    return found


def _day(problem: Problem) -> str:
    from bihuan.ledger.models.problems import NO_DEADLINE

    day = problem.external_deadline.isoformat()
    return _("未定") if day == NO_DEADLINE else day


def _choices(problem: Problem, other: Problem) -> tuple[Choice, ...]:
    """Merging wants both open; recurrence wants the earlier one ended; apart is always possible."""
    choices = []
    if problem.state in OPEN and other.state in OPEN:
        merge = reverse("ledger:request_ending", args=[problem.pk])
        query = f"?verb={LedgerVerb.MERGE.value}&into={other.problem_no}"
        choices.append(Choice(_("并入它"), merge + query))
    earlier = min(problem, other, key=lambda one: (one.registered_on, one.pk))
    if earlier.state not in OPEN and earlier.state != State.MERGED:
        url = reverse("ledger:link_recurrence", args=[problem.pk, other.pk])
        choices.append(Choice(_("认定为反复"), url))
    choices.append(Choice(_("不是同一问题"), reverse("ledger:keep_apart", args=[problem.pk, other.pk])))
    return tuple(choices)


def _decided(pair: Comparison, problem: Problem, *, may: bool) -> Decided:
    other = pair.beside(problem)
    return Decided(
        number=other.problem_no,
        title=other.title,
        url=reverse("desk:problem", args=[other.pk]),
        outcome=str(Comparison.Outcome(pair.outcome).label),
        on=pair.decided_on,
        reason=pair.reason,
        take_back=reverse("ledger:take_back_comparison", args=[pair.pk]) if may else "",
    )


def _times(group: list[Problem], problem: Problem) -> str:
    if not group:
        return ""
    place = next((at for at, one in enumerate(group, start=1) if one.pk == problem.pk), 0)
    return _("同一事项出现 %(all)d 次，反复 %(again)d 次；这是第 %(place)d 次。") % {
        "all": len(group),
        "again": len(group) - 1,
        "place": place,
    }
