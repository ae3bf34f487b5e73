"""Who may: the office of the place drafts everything, a lead unit or an acceptor what is theirs to fill in.

Who may draft a paper may redraft, void it and enter its number: whoever sends it has the document office's answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.sight import require_sight
from bihuan.ledger.steps import units_in
from bihuan.organizations.authority import (
    has_role,
    in_unit,
    is_coordinator,
    is_reviewer,
    requires_coordinator,
)
from bihuan.organizations.models import Role, Unit
from bihuan.papers.kinds import KINDS, Drafter, PaperKind
from bihuan.papers.models import Paper, PaperTemplate
from bihuan.papers.queries import papers_seen, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.journal.records import Record


def is_of_office(actor: Actor, place: Unit) -> bool:
    """Whether the actor works for the rectification office of the place."""
    return is_coordinator(actor, place) or is_reviewer(actor, place)


def drafts(actor: Actor, kind: PaperKind | None, problems: Iterable[Problem]) -> bool:
    """Whether the actor may draft this kind of paper about all these problems, which they see; asked once a unit."""
    if actor.system:
        return True
    rest = list(problems)
    places = {problem.jurisdiction_id: problem.jurisdiction for problem in rest}
    office = {pk for pk, place in places.items() if is_of_office(actor, place)}
    rest = [problem for problem in rest if problem.jurisdiction_id not in office]
    if kind is None or kind.drafter is not Drafter.LEAD:
        return all(kind is not None and _fills_in(actor, kind, problem) for problem in rest)
    units = {problem.lead_unit_id: problem.lead_unit for problem in rest}
    return all(unit is not None and in_unit(actor, unit) for unit in units.values())


def _fills_in(actor: Actor, kind: PaperKind, problem: Problem) -> bool:
    if kind.drafter is Drafter.ACCEPTOR:
        acceptors = units_in(problem, [InvolvementRole.ACCEPTOR])
        return has_role(actor, Role.ACCEPTOR) and any(in_unit(actor, unit) for unit in acceptors)
    return False


def may_draft(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Sight of every problem, and the right to this kind for each."""
    problems = [subject for subject in subjects if isinstance(subject, Problem)]
    require_sight(actor, problems)
    kind = KINDS.get(str(arguments.get("kind", "")))
    if not drafts(actor, kind, problems):
        raise _not_yours(kind)


def may_handle(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The same right, for a paper that was drafted."""
    for paper in (subject for subject in subjects if isinstance(subject, Paper)):
        if not actor.system and not papers_seen(actor).filter(pk=paper.pk).exists():
            raise NotVisible(_("没有找到这份文书。"))
        if paper.about is not None:
            allowed = actor.system or is_of_office(actor, paper.jurisdiction)
        else:
            allowed = drafts(actor, paper.sort, problems_of(paper))
        if not allowed:
            raise _not_yours(paper.sort)


def _not_yours(kind: PaperKind | None) -> NotAllowed:
    who = {
        Drafter.OFFICE: _("由问题所属的整改办起草。"),
        Drafter.LEAD: _("由牵头单位或问题所属的整改办起草。"),
        Drafter.ACCEPTOR: _("由验收单位的验收岗或问题所属的整改办起草。"),
    }
    return NotAllowed(_("您的岗位不能办理这种文书。"), accepted=who[kind.drafter if kind else Drafter.OFFICE])


def _place(subjects: Sequence[Record], arguments: Mapping[str, Any]) -> Unit | None:
    templates = [subject for subject in subjects if isinstance(subject, PaperTemplate)]
    found = templates[0].jurisdiction if templates else arguments.get("jurisdiction")
    return found if isinstance(found, Unit) else None


_office = requires_coordinator(_place, Role.COORDINATOR, Role.REVIEWER)


def may_keep_templates(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The rectification office of exactly the place whose words they are."""
    if not actor.system:
        _office(actor, subjects, arguments)
