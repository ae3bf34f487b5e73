"""The assignment order: drafted for many problems, approved on its route, issued once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.deciding import leading_group_posts
from bihuan.ledger.models import Batch, InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Post
from bihuan.rectification.asking import ask_for_order, declined_too_often
from bihuan.rectification.circumstances import circumstances_of, refuse_unless_open, take
from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.numbers import next_order_no
from bihuan.rectification.order_items import EDITED, ItemDraft, Items, units_named
from bihuan.rectification.policy import may_draft_order, may_handle_order, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit

OPEN_ORDERS: Final = (
    AssignmentOrder.State.DRAFT,
    AssignmentOrder.State.PENDING,
    AssignmentOrder.State.APPROVED,
)


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
    written = Items(order, problems)
    rows = [
        written.item(problem, given.get(problem.pk) or ItemDraft(problem=problem.pk)) for problem in problems
    ]
    units_named(rows)
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
    written = Items(order, [row.problem for row in rows.values()])
    changed = [_changed(written, rows.get(item.problem), item) for item in items]
    units_named(changed)
    OrderItem.objects.save_all(changed)


def _changed(written: Items, row: OrderItem | None, draft: ItemDraft) -> OrderItem:
    if row is None:
        raise Refused(_("这个问题不在交办单里。"))
    fresh = written.item(row.problem, draft)
    for name in EDITED:
        setattr(row, name, getattr(fresh, name))
    return row


@action(Verb.SUBMIT_ORDER, may=may_handle_order)
def submit_order(order: AssignmentOrder, *, route: Sequence[tuple[str, Post]] = (), actor: Actor) -> None:
    """Send the order on its route. Without one of its own it takes the route policy prescribes."""
    _require_state(order, AssignmentOrder.State.DRAFT)
    problems = [row.problem for row in _rows(order)]
    current().ask_rules_once()
    known = circumstances_of(problems)
    for problem in problems:
        refuse_unless_open(problem, Verb.ISSUE_ORDER, known[problem.pk])
    order.state = AssignmentOrder.State.PENDING
    order.approval = ask_for_order(order, problems, route, known)
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
    units = units_named(rows)
    known = circumstances_of(problems)
    _require_leading_group(order, declined_too_often(problems, known))
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


def _require_leading_group(order: AssignmentOrder, decided: Sequence[Problem]) -> None:
    """After two declines the leading group decides: one of its members must stand in the order's route."""
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
