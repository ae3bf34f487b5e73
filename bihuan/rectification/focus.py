"""The focus list of a place: who keeps it, and which problems policy proposes for it, each with its why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bihuan.journal.action import NotAllowed
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import Who
from bihuan.ledger.models import Problem, Sector, Source, Term, TermKind
from bihuan.ledger.sight import require_sight, visible
from bihuan.organizations.authority import has_role, is_coordinator, is_reviewer, jurisdiction_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Role
from bihuan.policies.queries import book_of
from bihuan.rectification.focus_rules import Entry, Taker, may_take_off
from bihuan.rectification.leading_queries import standing_entry
from bihuan.rectification.models import FocusEntry
from bihuan.rectification.policy import holds, not_yours, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bihuan.journal.action import Actor
    from bihuan.journal.records import Record
    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy

FOCUS: Final = "focus"
MOST_PROPOSED: Final = 200
STANDING: Final = Exists(FocusEntry.objects.filter(problem=OuterRef("pk"), until=None))
"""Of a problem: it is on the list now."""


def rank_of(actor: Actor, problem: Problem) -> int:
    """How high the actor stands in the office of the problem's place; nothing for everybody else."""
    if holds(actor, problem, Who.LEADING_GROUP):
        return FocusEntry.Rank.LEADING_GROUP
    if is_reviewer(actor, problem.jurisdiction):
        return FocusEntry.Rank.REVIEWER
    return FocusEntry.Rank.PREPARER if is_coordinator(actor, problem.jurisdiction) else 0


def works_above(actor: Actor, problem: Problem) -> bool:
    """Whether the actor works in the office of a place above the problem's."""
    place = jurisdiction_of(actor)
    if place is None or place.pk == problem.jurisdiction_id or not has_role(actor, *OFFICE):
        return False
    return is_under(problem.jurisdiction.path, place.path)


OFFICE: Final = (Role.COORDINATOR, Role.REVIEWER)


def may_put_on(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office of the place and its leading group."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    for problem in problems:
        if not actor.system and not rank_of(actor, problem):
            raise not_yours(Who.OFFICE, problem)


def may_take_it_off(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Whoever put it on, or above."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    for problem in problems:
        entry = standing_entry(problem)
        if entry is not None and not actor.system and not fits(actor, problem, entry):
            raise NotAllowed(
                _("%(no)s 不能由您移出重点问题清单。") % {"no": problem.problem_no},
                accepted=_("由列入的人（%(name)s）或其上级移出。") % {"name": entry.put_by_name},
            )
        if entry is None and not actor.system and not rank_of(actor, problem):
            raise not_yours(Who.OFFICE, problem)


def fits(actor: Actor, problem: Problem, entry: FocusEntry) -> bool:
    """Whether the actor may take this entry off."""
    taker = Taker(
        person=actor.person,
        post=actor.post,
        rank=rank_of(actor, problem),
        from_above=works_above(actor, problem),
    )
    return may_take_off(Entry(person=entry.put_by, post=entry.put_by_post, rank=entry.rank), taker)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A problem policy proposes for the list, and why."""

    problem: Problem
    why: str


def proposed_for(actor: Actor, place: Unit) -> list[Proposed]:
    """Open problems of the place that by the rule in force belong on the list and are not there, most urgent first.

    The scopes of the rules that say yes find them; which rule decides is then asked of each, for a more special one
    may say no. Of very many only the first are asked.
    """
    book = book_of([FOCUS], jurisdiction=place, on=today())
    wanted = Q(pk__in=[])
    for policy in book.policies.get(FOCUS, []):
        if policy.body["propose"]:
            wanted |= _scope(policy)
    rows = visible(actor, Problem.objects.filter(wanted, ~STANDING, jurisdiction=place, state__in=OPEN))
    related = ("source", "sector", "lead_unit", "sponsor__unit")
    found: list[Proposed] = []
    whys: dict[Policy, str] = {}
    for problem in rows.select_related(*related).order_by("external_deadline", "id")[:MOST_PROPOSED]:
        policy = book.choose(
            FOCUS,
            source=problem.source.code,
            sector=problem.sector.code,
            grade=problem.grade,
            supervision_level=problem.supervision_level,
        )
        if policy.body["propose"]:
            if policy not in whys:
                whys[policy] = why_of(policy)
            found.append(Proposed(problem=problem, why=whys[policy]))
    return found


def _scope(policy: Policy) -> Q:
    # Not an empty Q: or-ed with others, that would be lost, and a rule for everything would propose nothing.
    scope = ~Q(pk__in=[])
    if policy.source:
        scope &= Q(source__code=policy.source)
    if policy.sector:
        scope &= Q(sector__code=policy.sector) | Q(sector__code__startswith=f"{policy.sector}.")
    if policy.grade:
        scope &= Q(grade=policy.grade)
    if policy.supervision_level:
        scope &= Q(supervision_level=policy.supervision_level)
    return scope


def why_of(policy: Policy) -> str:
    """What of the problem the rule goes by, and which version of it."""
    named = [
        _label(model.objects.filter(code=code).first(), code)
        for model, code in ((Source, policy.source), (Sector, policy.sector))
        if code
    ]
    kinds = ((TermKind.GRADE, policy.grade), (TermKind.SUPERVISION_LEVEL, policy.supervision_level))
    named += [_label(Term.objects.filter(kind=kind, code=code).first(), code) for kind, code in kinds if code]
    words = listed(named) or _("所有问题")
    return _("规则第 %(version)d 版：%(scope)s列入") % {"version": policy.version, "scope": words}


def _label(row: Any, code: str) -> str:
    return str(row.label) if row is not None else code
