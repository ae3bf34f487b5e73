"""Who answers for a problem."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.steps import bodies_in, units_in
from bihuan.organizations.models import Post, Tenure, Unit
from bihuan.organizations.queries import (
    FirstResponsible,
    deputy_in_charge,
    first_responsible_person,
    party_committee_of,
)
from bihuan.organizations.spans import in_force
from bihuan.rectification.moving import moves_of, was
from bihuan.web import sections

if TYPE_CHECKING:
    from collections.abc import Sequence


def parties(problem: Problem) -> list[sections.Party]:
    """Eight roles, drawn as two rows of four; what nobody holds is said to be undecided."""
    on = today()
    first = first_responsible_person(problem.lead_unit, on) if problem.lead_unit else None
    deputy = problem.deputy_in_charge
    if deputy is None and problem.lead_unit:
        found = deputy_in_charge(problem.lead_unit, problem.sector.code, on)
        deputy = found[0] if found else None
    before = before_moves(problem)
    holders = holders_of([post for post in (problem.sponsor, deputy, problem.handler) if post])
    return [
        sections.Party(
            role=_("第一责任人"),
            name=first.person.name if first and first.person else "",
            notes=_first_notes(first),
        ),
        _post(_("包抓领导"), problem.sponsor, holders),
        _post(_("分管负责人"), deputy, holders),
        _post(_("责任科室 · 经办"), problem.handler, holders, problem.section),
        _unit(_("牵头单位"), problem.lead_unit, before[InvolvementRole.LEAD]),
        sections.Party(
            role=_("配合单位"),
            name=listed(unit.name for unit in supporting(problem)) or _("无"),
            notes=[
                *(body.name for body in bodies_in(problem, [InvolvementRole.TASK_FORCE])),
                *before[InvolvementRole.SUPPORTING],
            ],
        ),
        _unit(_("行业主管"), problem.sector_authority, before[InvolvementRole.SECTOR_AUTHORITY]),
        _unit(
            _("属地"), problem.territorial_unit or problem.jurisdiction, before[InvolvementRole.TERRITORIAL]
        ),
    ]


def before_moves(problem: Problem) -> dict[str, list[str]]:
    """Role -> the units that held it until they were closed and their successor took over."""
    found: dict[str, list[str]] = defaultdict(list)
    for move in moves_of(problem):
        for role in move.roles:
            found[role].append(was(move))
    return found


def _first_notes(first: FirstResponsible | None) -> list[str]:
    """By which post; and that the seat itself is empty, where the duty fell to the unit above."""
    if first is None or first.post is None:
        return []
    return [first.post.name, _("本单位空缺，由上级承担") if first.from_above else _("按职务")]


def supporting(problem: Problem) -> list[Unit]:
    """The units that help."""
    return units_in(problem, [InvolvementRole.SUPPORTING])


def holders_of(posts: list[Post]) -> dict[object, str]:
    """Post id -> the name of whoever holds it today."""
    tenures = Tenure.objects.filter(in_force(today()), post__in=posts).select_related("person")
    return {tenure.post_id: tenure.person.name for tenure in tenures}


def _post(role: str, post: Post | None, holders: dict[object, str], note: str = "") -> sections.Party:
    if post is None:
        return sections.Party(role=role, name="")
    return sections.Party(
        role=role, name=holders.get(post.pk, _("空缺")), notes=[n for n in (post.name, note) if n]
    )


def _unit(role: str, unit: Unit | None, notes: Sequence[str] = ()) -> sections.Party:
    return sections.Party(role=role, name=unit.name if unit else "", notes=notes)


def party_committee(problem: Problem) -> str:
    """The Party body whose primary responsibility the rectification is."""
    return party_committee_of(problem.lead_unit) if problem.lead_unit else ""
