"""The rows of an assignment order: what each may say, checked for all of them together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post
from bihuan.rectification.circumstances import circumstances_of, refuse_unless_open
from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.policy import open_units
from bihuan.rectification.terms import NEVER, internal_deadline_for
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit

EDITED: Final = (
    "task",
    "measure",
    "lead_unit_id",
    "supporting_units",
    "deputy_in_charge_id",
    "external_deadline",
    "internal_deadline",
    "requirement",
)


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """What an order says of one problem. What is left out is taken from the proposed handling."""

    problem: uuid.UUID
    lead_unit: uuid.UUID | None = None
    supporting_units: tuple[tuple[uuid.UUID, int | None], ...] | None = None
    """Unit and its share in percent, or None where shares are not fixed."""
    external_deadline: date | None = None
    internal_deadline: date | None = None
    requirement: str = ""
    task: str = ""
    measure: str = ""
    deputy_in_charge: uuid.UUID | None = None
    """Where left out, whoever was proposed stays."""


class Items:
    """The rows of an order as they are written; what all their problems have in common is asked once.

    Inside an action that holds the order.
    """

    def __init__(self, order: AssignmentOrder, problems: Sequence[Problem]) -> None:
        current().ask_rules_once()
        prefetch_related_objects(problems, "source", "sector", "jurisdiction")
        self.order = order
        self._known = circumstances_of(problems)
        self._parties = Parties(problems)

    def item(self, problem: Problem, draft: ItemDraft) -> OrderItem:
        """One row of the table, every fact checked that the units will be held to."""
        refuse_unless_open(problem, Verb.ISSUE_ORDER, self._known[problem.pk])
        lead, internal, external = _lead_and_dates(problem, draft)
        return OrderItem(
            order=self.order,
            problem=problem,
            lead_unit_id=lead,
            supporting_units=self._supporting(problem, draft, lead),
            deputy_in_charge_id=draft.deputy_in_charge,
            task=draft.task.strip(),
            measure=draft.measure.strip(),
            external_deadline=external,
            internal_deadline=internal,
            requirement=draft.requirement.strip(),
        )

    def _supporting(self, problem: Problem, draft: ItemDraft, lead: uuid.UUID) -> list[dict[str, Any]]:
        if draft.supporting_units is not None:
            pairs = list(draft.supporting_units)
        else:
            pairs = self._parties.units(problem, InvolvementRole.SUPPORTING)
        _refuse_bad_shares(problem, lead, pairs)
        return [{"unit": str(unit), "share": share} for unit, share in pairs]


def _lead_and_dates(problem: Problem, draft: ItemDraft) -> tuple[uuid.UUID, date, date]:
    lead = draft.lead_unit or problem.lead_unit_id
    external = draft.external_deadline or problem.external_deadline
    if lead is None:
        raise _item_refused(problem, _("没有牵头单位。"), _("请先拟办，写明由谁牵头。"), "lead_unit")
    if external == NEVER:
        raise _item_refused(problem, _("没有整改期限。"), _("请写明外部期限。"), "external_deadline")
    internal = (
        draft.internal_deadline or problem.internal_deadline or internal_deadline_for(problem, external)
    )
    _refuse_bad_dates(problem, internal, external)
    return lead, internal, external


def _refuse_bad_dates(problem: Problem, internal: date, external: date) -> None:
    today = current().today
    if external < today:
        raise _item_refused(
            problem,
            _("整改期限已经过去。"),
            _("期限不早于今天 %(day)s。") % {"day": today.isoformat()},
            "external_deadline",
        )
    if internal > external:
        raise _item_refused(
            problem,
            _("内部期限晚于外部期限。"),
            _("内部期限不晚于 %(day)s。") % {"day": external.isoformat()},
            "internal_deadline",
        )


def _item_refused(problem: Problem, what: str, accepted: str, cell: str) -> Refused:
    """A refusal that says which row it is about, and which cell of it."""
    return Refused(
        _("%(no)s：%(what)s") % {"no": problem.problem_no, "what": what},
        accepted=accepted,
        problem=str(problem.pk),
        cell=cell,
        what=what,
    )


def _refuse_bad_shares(
    problem: Problem, lead: uuid.UUID, pairs: Sequence[tuple[uuid.UUID, int | None]]
) -> None:
    if len({unit for unit, _share in pairs} | {lead}) != len(pairs) + 1:
        raise _item_refused(
            problem,
            _("同一单位列了两次。"),
            _("牵头单位不再列为配合单位，每个单位列一次。"),
            "supporting_units",
        )
    shares = [share for _unit, share in pairs if share is not None]
    if any(share < 1 for share in shares) or sum(shares) > 100:  # noqa: PLR2004  (percent)
        raise _item_refused(
            problem, _("责任份额不对。"), _("每个份额至少 1，合计不超过 100。"), "supporting_units"
        )


def units_named(rows: Sequence[OrderItem]) -> dict[uuid.UUID, Unit]:
    """The units of these rows; refused where one is closed, or a deputy in charge does not sit in the lead unit."""
    wanted = {row.lead_unit_id for row in rows} | {
        uuid.UUID(one["unit"]) for row in rows for one in row.supporting_units
    }
    found = open_units(wanted)
    _refuse_bad_deputies(rows, found)
    if wanted - found.keys():
        raise Refused(
            _("有的承办单位已经撤销或不存在。"), accepted=_("请改派给现有单位。"), field="lead_unit"
        )
    return found


def _refuse_bad_deputies(rows: Sequence[OrderItem], units: Mapping[uuid.UUID, Unit]) -> None:
    """Who is named as deputy in charge sits in the lead unit, in a post that still exists."""
    wanted = {row.deputy_in_charge_id for row in rows if row.deputy_in_charge_id}
    posts = Post.objects.filter(closed_on=None).select_related("unit").in_bulk(wanted) if wanted else {}
    for row in rows:
        if row.deputy_in_charge_id is None or row.lead_unit_id not in units:
            continue
        post = posts.get(row.deputy_in_charge_id)
        if post is None or not is_under(post.unit.path, units[row.lead_unit_id].path):
            raise _item_refused(
                row.problem,
                _("责任领导不在牵头单位，或岗位已撤销。"),
                _("请选择牵头单位现有的岗位，或不写。"),
                "deputy_in_charge",
            )
