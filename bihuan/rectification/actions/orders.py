"""The assignment order: drafted for many problems, approved on its route, issued once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.deciding import leading_group_posts
from bihuan.ledger.lifecycle import edge_for
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.ledger.models import Batch, Involvement, InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post
from bihuan.rectification.asking import ask_for_order
from bihuan.rectification.circumstances import circumstances_of, refuse_unless_open, take
from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.numbers import next_order_no
from bihuan.rectification.policy import may_draft_order, may_handle_order, open_units, person_of
from bihuan.rectification.terms import NEVER, internal_deadline_for
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.ledger.lifecycle_facts import Facts
    from bihuan.organizations.models import Unit

OPEN_ORDERS: Final = (
    AssignmentOrder.State.DRAFT,
    AssignmentOrder.State.PENDING,
    AssignmentOrder.State.APPROVED,
)

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


@action(Verb.DRAFT_ORDER, may=may_draft_order)
def draft_order(
    problems: Sequence[Problem],
    *,
    title: str,
    requirement: str = "",
    items: Sequence[ItemDraft] = (),
    actor: Actor,
) -> AssignmentOrder:
    """Draft one order for many problems of one place, each with the unit and dates proposed for it."""
    first = _one_place(problems)
    order: AssignmentOrder = AssignmentOrder.objects.create(
        title=refuse_empty(title, _("标题")),
        order_no=next_order_no(first, current().today),
        jurisdiction=first.jurisdiction,
        batch=_common_batch(problems),
        requirement=requirement.strip(),
        drafted_by=person_of(actor),
    )
    given = {item.problem: item for item in items}
    rows = [
        _item(order, problem, given.get(problem.pk) or ItemDraft(problem=problem.pk)) for problem in problems
    ]
    _refuse_bad_units(rows)
    OrderItem.objects.bulk_create(rows)
    return order


def _one_place(problems: Sequence[Problem]) -> Problem:
    """An order belongs to one office and one readership, or its number and table would tell too much."""
    if not problems:
        raise Refused(_("交办单至少要有一个问题。"), accepted=_("请先选择已拟办的问题。"))
    first = problems[0]
    for problem in problems:
        if problem.jurisdiction_id != first.jurisdiction_id or problem.channel_id != first.channel_id:
            raise Refused(
                _("一份交办单里的问题必须属于同一整改办、同一知悉范围。"), accepted=_("请分别起草交办单。")
            )
    taken = OrderItem.objects.filter(problem__in=problems, order__state__in=OPEN_ORDERS).select_related(
        "order", "problem"
    )
    for item in taken:
        raise Refused(
            _("%(no)s 已列入未下达的交办单 %(order)s。")
            % {"no": item.problem.problem_no, "order": item.order.order_no},
            accepted=_("请从那份交办单中移出，或先撤回它。"),
        )
    return first


def _common_batch(problems: Sequence[Problem]) -> Batch | None:
    return problems[0].batch if len({problem.batch_id for problem in problems}) == 1 else None


def _item(order: AssignmentOrder, problem: Problem, draft: ItemDraft) -> OrderItem:
    """One row of the table, every fact checked that the units will be held to."""
    refuse_unless_open(problem, Verb.ISSUE_ORDER)
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
    return OrderItem(
        order=order,
        problem=problem,
        lead_unit_id=lead,
        supporting_units=_supporting(problem, draft, lead),
        deputy_in_charge_id=draft.deputy_in_charge,
        task=draft.task.strip(),
        measure=draft.measure.strip(),
        external_deadline=external,
        internal_deadline=internal,
        requirement=draft.requirement.strip(),
    )


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


def _supporting(problem: Problem, draft: ItemDraft, lead: uuid.UUID) -> list[dict[str, Any]]:
    if draft.supporting_units is not None:
        pairs = list(draft.supporting_units)
    else:
        rows = Involvement.objects.filter(problem=problem, role=InvolvementRole.SUPPORTING, until=None)
        pairs = [(row.unit_id, row.share) for row in rows if row.unit_id]
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
    return [{"unit": str(unit), "share": share} for unit, share in pairs]


def _refuse_bad_units(rows: Sequence[OrderItem]) -> dict[uuid.UUID, Unit]:
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


@action(Verb.EDIT_ORDER, may=may_handle_order)
def edit_order(
    order: AssignmentOrder,
    *,
    title: str | None = None,
    requirement: str | None = None,
    items: Sequence[ItemDraft] = (),
    remove: Sequence[Problem] = (),
    actor: Actor,
) -> None:
    """Change a draft: words, rows, or take problems out. What is on its route or issued stays as it is."""
    _require_state(order, AssignmentOrder.State.DRAFT)
    if title is not None:
        order.title = refuse_empty(title, _("标题"))
    if requirement is not None:
        order.requirement = requirement.strip()
    order.save()
    rows = {row.problem_id: row for row in _rows(order)}
    for problem in remove:
        if problem.pk in rows:
            rows.pop(problem.pk).delete()
    if not rows:
        raise Refused(_("交办单至少要有一个问题。"), accepted=_("不再需要这份交办单的，请撤回它。"))
    changed = [_changed(order, rows.get(item.problem), item) for item in items]
    _refuse_bad_units(changed)
    OrderItem.objects.save_all(changed)


def _changed(order: AssignmentOrder, row: OrderItem | None, draft: ItemDraft) -> OrderItem:
    if row is None:
        raise Refused(_("这个问题不在交办单里。"))
    fresh = _item(order, row.problem, draft)
    for name in EDITED:
        setattr(row, name, getattr(fresh, name))
    return row


@action(Verb.SUBMIT_ORDER, may=may_handle_order)
def submit_order(order: AssignmentOrder, *, route: Sequence[tuple[str, Post]] = (), actor: Actor) -> None:
    """Send the order on its route. Without one of its own it takes the route policy prescribes."""
    _require_state(order, AssignmentOrder.State.DRAFT)
    problems = [row.problem for row in _rows(order)]
    for problem in problems:
        refuse_unless_open(problem, Verb.ISSUE_ORDER)
    order.state = AssignmentOrder.State.PENDING
    order.approval = ask_for_order(order, problems, route)
    order.save()


@action(Verb.WITHDRAW_ORDER, may=may_handle_order)
def withdraw_order(order: AssignmentOrder, *, reason: str, actor: Actor) -> None:
    """Take an order back before it is issued; its problems may then stand in another."""
    if order.state not in {AssignmentOrder.State.DRAFT, AssignmentOrder.State.APPROVED}:
        raise Refused(
            _("交办单“%(state)s”，不能撤回。") % {"state": order.get_state_display()},
            accepted=_("送审中的先撤回审批；已下达的不撤回，确有错误的由承办单位提出异议或重新拟办。"),
        )
    current().because(refuse_empty(reason, _("撤回理由")))
    order.state = AssignmentOrder.State.WITHDRAWN
    order.save()


@action(Verb.ISSUE_ORDER, may=may_handle_order)
def issue_order(order: AssignmentOrder, *, document_no: str, issued_on: date, actor: Actor) -> None:
    """Issue the approved order, once: every problem in it comes under its unit's answerability on that day."""
    act = current()
    if order.state != AssignmentOrder.State.APPROVED:
        raise Refused(
            _("交办单“%(state)s”，不能下达。") % {"state": order.get_state_display()},
            accepted=_("经审批同意、尚未下达的交办单，下达一次。"),
        )
    if issued_on > act.today:
        raise Refused(_("下达日期在将来。"), accepted=_("应是今天或以前。"), field="issued_on")
    rows = _rows(order)
    problems = [row.problem for row in rows]
    act.lock(problems)
    act.ask_rules_once()
    prefetch_related_objects(problems, "source", "sector", "jurisdiction", "deputy_in_charge")
    units = _refuse_bad_units(rows)
    known = circumstances_of(problems)
    _require_leading_group(order, problems, known)
    order.document_no = refuse_empty(document_no, _("文号"))
    order.issued_on = issued_on
    order.state = AssignmentOrder.State.ISSUED
    order.save()
    parties = Parties(problems)
    for row in rows:
        take(row.problem, Verb.ISSUE_ORDER, known[row.problem_id])
        _assign(row, order, units, parties)
    parties.write()
    Problem.objects.save_all(problems)


def _require_leading_group(
    order: AssignmentOrder, problems: Sequence[Problem], known: Mapping[uuid.UUID, Facts]
) -> None:
    """After two declines the leading group decides: one of its members must stand in the order's route."""
    edges = [
        (problem, edge_for(State(problem.state), Verb.ISSUE_ORDER, known[problem.pk])) for problem in problems
    ]
    decided = [problem for problem, edge in edges if edge and edge.who is Who.LEADING_GROUP]
    if not decided:
        return
    posts = {post.pk for post in leading_group_posts(order.jurisdiction)}
    approval = order.approval
    signed = set(approval.steps.values_list("post_id", flat=True)) if approval else set()
    if not posts & signed:
        raise Refused(
            _("%(no)s 已提出 %(n)s 次交办异议，须由领导小组决定。")
            % {"no": decided[0].problem_no, "n": decided[0].declines},
            accepted=_("请撤回，重新送审，由领导小组组长或副组长签批。"),
        )


def _assign(
    row: OrderItem, order: AssignmentOrder, units: Mapping[uuid.UUID, Unit], parties: Parties
) -> None:
    """One problem becomes its units' duty: involvement, dates, the day; one event."""
    problem = row.problem
    parties.end(problem, InvolvementRole.LEAD)
    parties.end(problem, InvolvementRole.SUPPORTING)
    lead = units[row.lead_unit_id]
    problem.lead_unit = lead
    parties.involve(problem, InvolvementRole.LEAD, unit=lead)
    for one in row.supporting_units:
        unit = units[uuid.UUID(one["unit"])]
        parties.involve(problem, InvolvementRole.SUPPORTING, unit=unit, share=one["share"])
    if row.deputy_in_charge is not None and row.deputy_in_charge_id != problem.deputy_in_charge_id:
        parties.end(problem, InvolvementRole.DEPUTY)
        problem.deputy_in_charge = row.deputy_in_charge
    if problem.deputy_in_charge is not None:
        parties.involve(problem, InvolvementRole.DEPUTY, post=problem.deputy_in_charge)
    problem.external_deadline = row.external_deadline
    problem.internal_deadline = row.internal_deadline
    problem.first_deadline = problem.first_deadline or row.external_deadline
    problem.assigned_on = order.issued_on
    current().fact(problem, order=str(order.pk), order_no=order.order_no, document_no=order.document_no)


def _rows(order: AssignmentOrder) -> list[OrderItem]:
    found = OrderItem.objects.filter(order=order).select_related(
        "problem__jurisdiction", "problem__source", "problem__sector", "deputy_in_charge"
    )
    return list(found.order_by("problem__problem_no"))


def _require_state(order: AssignmentOrder, state: AssignmentOrder.State) -> None:
    if order.state != state:
        raise Refused(
            _("交办单“%(now)s”，不能这样办。") % {"now": order.get_state_display()},
            accepted=_("只有“%(wanted)s”的交办单可以。") % {"wanted": state.label},
        )
