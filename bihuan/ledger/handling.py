"""拟办: what is proposed of one problem, checked and written down inside the action that is open."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.ledger.steps import refuse_empty, step
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Body, Post, Unit

RELATED: Final = (
    "source",
    "sector",
    "jurisdiction",
    "sector_authority",
    "territorial_unit",
    "sponsor",
    "deputy_in_charge__unit",
)
"""What a proposal looks at beside the problem itself."""


@dataclass(frozen=True, kw_only=True)
class HandlingDraft:
    """What is proposed of one problem among many, by ids. What is left out is taken from what is proposed of all."""

    problem: uuid.UUID
    handling: str = ""
    lead_unit: uuid.UUID | None = None
    supporting_units: tuple[uuid.UUID, ...] | None = None
    sector_authority: uuid.UUID | None = None
    sponsor: uuid.UUID | None = None
    deputy_in_charge: uuid.UUID | None = None
    external_deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class Handling:
    """What is proposed of a problem, as records."""

    handling: str
    lead_unit: Unit | None
    supporting_units: tuple[Unit, ...] = ()
    sector_authority: Unit | None = None
    territorial_unit: Unit | None = None
    sponsor: Post | None = None
    deputy_in_charge: Post | None = None
    task_force: Body | None = None
    external_deadline: date | None = None
    fixed_by_meeting: bool = False


def handlings_of(
    problems: Sequence[Problem], each: Sequence[HandlingDraft], common: Handling
) -> Mapping[uuid.UUID, Handling]:
    """Each draft with its ids read as units and posts, two queries for however many."""
    if {draft.problem for draft in each} - {problem.pk for problem in problems}:
        raise Refused(_("拟办表里有不在所选范围内的问题。"), accepted=_("请重新打开拟办表。"))
    units = Unit.objects.in_bulk({unit for draft in each for unit in _units_in(draft)})
    posts = Post.objects.select_related("unit").in_bulk({post for draft in each for post in _posts_in(draft)})
    for draft in each:
        if set(_units_in(draft)) - units.keys() or set(_posts_in(draft)) - posts.keys():
            raise Refused(_("拟办表里有不存在的单位或岗位。"), accepted=_("请从现有单位、岗位中选择。"))
    return {draft.problem: _read(draft, common, units, posts) for draft in each}


def _units_in(draft: HandlingDraft) -> list[uuid.UUID]:
    named = (draft.lead_unit, draft.sector_authority, *(draft.supporting_units or ()))
    return [unit for unit in named if unit is not None]


def _posts_in(draft: HandlingDraft) -> list[uuid.UUID]:
    return [post for post in (draft.sponsor, draft.deputy_in_charge) if post is not None]


def _read(
    draft: HandlingDraft,
    common: Handling,
    units: Mapping[uuid.UUID, Unit],
    posts: Mapping[uuid.UUID, Post],
) -> Handling:
    supporting = common.supporting_units
    if draft.supporting_units is not None:
        supporting = tuple(units[unit] for unit in draft.supporting_units)
    return replace(
        common,
        handling=draft.handling or common.handling,
        lead_unit=units[draft.lead_unit] if draft.lead_unit else common.lead_unit,
        supporting_units=supporting,
        sector_authority=units[draft.sector_authority] if draft.sector_authority else common.sector_authority,
        sponsor=posts[draft.sponsor] if draft.sponsor else common.sponsor,
        deputy_in_charge=posts[draft.deputy_in_charge] if draft.deputy_in_charge else None,
        external_deadline=draft.external_deadline or common.external_deadline,
    )


def handle(problems: Sequence[Problem], handling_of: Callable[[Problem], Handling]) -> None:
    """Propose of each problem what is meant for it; inside the action, read and written together."""
    current().ask_rules_once()
    prefetch_related_objects(problems, *RELATED)
    parties = Parties(problems)
    for problem in problems:
        _handle(problem, handling_of(problem), parties)
    Problem.objects.save_all(problems)
    parties.write()


def _handle(problem: Problem, handling: Handling, parties: Parties) -> None:
    """Propose it of one problem, or refuse with the field that is wrong and the problem it is wrong for."""
    try:
        lead = _refuse_bad(handling)
        if handling.task_force:
            _refuse_task_force(problem, handling.task_force)
        step(problem, LedgerVerb.PROPOSE)
        _refuse_foreign_deputy(handling, lead)
        _write(problem, handling, lead, parties)
    except Refused as refused:
        refused.data.setdefault("problem", str(problem.pk))
        raise


def _refuse_bad(handling: Handling) -> Unit:
    day = current().today
    refuse_empty(handling.handling, _("拟办意见"))
    lead = handling.lead_unit
    if lead is None:
        raise Refused(_("没有写明由谁牵头。"), accepted=_("每个问题要有一个牵头单位。"), field="lead_unit")
    if lead.closed_on is not None:
        raise Refused(_("%(unit)s已经撤销，不能牵头。") % {"unit": lead.name}, field="lead_unit")
    deadline = handling.external_deadline
    if deadline is not None and deadline <= day:
        raise Refused(
            _("整改期限 %(given)s 已经过去。") % {"given": deadline.isoformat()},
            accepted=_("期限应晚于今天 %(day)s。") % {"day": day.isoformat()},
            field="external_deadline",
        )
    return lead


def _refuse_foreign_deputy(handling: Handling, lead: Unit) -> None:
    deputy = handling.deputy_in_charge
    if deputy is not None and not is_under(deputy.unit.path, lead.path):
        raise Refused(
            _("“%(post)s”不是牵头单位的岗位。") % {"post": deputy.name},
            accepted=_("责任领导是牵头单位的分管负责人；换了牵头单位的，请一并更换。"),
            field="deputy_in_charge",
        )


def _still_fits(deputy: Post | None, lead: Unit) -> Post | None:
    """Who answered in another unit answers no more when the lead changes."""
    return deputy if deputy is not None and is_under(deputy.unit.path, lead.path) else None


def _write(problem: Problem, handling: Handling, lead: Unit, parties: Parties) -> None:
    problem.proposed_handling = handling.handling.strip()
    problem.lead_unit = lead
    problem.fixed_by_meeting = handling.fixed_by_meeting
    problem.sponsor = handling.sponsor or problem.sponsor
    problem.deputy_in_charge = handling.deputy_in_charge or _still_fits(problem.deputy_in_charge, lead)
    problem.territorial_unit = handling.territorial_unit or problem.territorial_unit
    problem.external_deadline = handling.external_deadline or problem.external_deadline
    _name_authority(problem, handling.sector_authority, parties)
    _propose_support(problem, handling.supporting_units, lead, parties)
    if handling.territorial_unit:
        parties.involve(problem, InvolvementRole.TERRITORIAL, unit=handling.territorial_unit)
    if handling.sponsor:
        parties.involve(problem, InvolvementRole.SPONSOR, post=handling.sponsor)
    if handling.task_force:
        parties.end(problem, InvolvementRole.TASK_FORCE)
        parties.involve(problem, InvolvementRole.TASK_FORCE, body=handling.task_force)


def _refuse_task_force(problem: Problem, body: Body) -> None:
    """Its members will see the problem: a task force of today, of the problem's place or of one above it."""
    ended = body.until is not None and body.until < current().today
    if ended or body.kind != Body.Kind.TASK_FORCE:
        raise Refused(
            _("%(body)s不是在用的专班。") % {"body": body.name},
            accepted=_("请选择本级或上级在用的专班。"),
            field="task_force",
        )
    if not is_under(problem.jurisdiction.path, body.jurisdiction.path):
        raise Refused(
            _("%(body)s管不到%(place)s的问题。") % {"body": body.name, "place": problem.jurisdiction.name},
            accepted=_("请选择本级或上级在用的专班。"),
            field="task_force",
        )


def _name_authority(problem: Problem, named: Unit | None, parties: Parties) -> None:
    """The sector authority named by the preparer, else the steward already involved."""
    authority = named or problem.sector_authority
    if authority is not None:
        problem.sector_authority = authority
        parties.involve(problem, InvolvementRole.SECTOR_AUTHORITY, unit=authority)
    elif stewards := parties.units(problem, InvolvementRole.SECTOR_AUTHORITY):
        problem.sector_authority_id = stewards[0][0]


def _propose_support(problem: Problem, units: Sequence[Unit], lead: Unit, parties: Parties) -> None:
    """Supporting units of an earlier proposal give way to those named now."""
    parties.end(problem, InvolvementRole.SUPPORTING)
    for unit in units:
        if unit.pk == lead.pk:
            raise Refused(
                _("%(unit)s已是牵头单位，不能同时配合。") % {"unit": unit.name}, field="supporting_units"
            )
        parties.involve(problem, InvolvementRole.SUPPORTING, unit=unit)
