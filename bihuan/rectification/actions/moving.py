"""What a merged or closed unit answered for goes to its successor: nothing is loosened, nothing forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import BLOCK, Actor, Refused, action, current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Unit
from bihuan.organizations.queries import standing_successor
from bihuan.organizations.seats import receivers_of
from bihuan.organizations.vacancies import look_again
from bihuan.rectification.acceptance_duty import call_acceptors
from bihuan.rectification.independence_facts import doing_paths
from bihuan.rectification.models import AssignmentOrder, DutyMove, Measure, OrderItem
from bihuan.rectification.moving import ROLES, may_move, open_tasks
from bihuan.rectification.moving_rules import MOVED, taken_over
from bihuan.rectification.policy import person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid

MOVED_HERE: Final = "rectification.duties_moved"
NOT_ISSUED: Final = (
    AssignmentOrder.State.DRAFT,
    AssignmentOrder.State.PENDING,
    AssignmentOrder.State.APPROVED,
)
COLUMNS: Final = ("lead_unit", "sector_authority", "territorial_unit")
POSTS: Final = ("deputy_in_charge", "handler")

register_kind(MOVED_HERE, gettext_lazy("有 %(count)s 件问题由您单位承接，期限不变。"))


@action(Verb.MOVE_DUTIES, may=may_move)
def move_duties(problems: Sequence[Problem], *, unit: Unit, actor: Actor) -> None:
    """Everything a closed unit has to do with these problems becomes its successor's.

    Deadlines, lights and clocks stay as they are: clocks follow by reaction. Rows of the past keep the old unit.
    """
    if len(problems) > BLOCK:
        raise Refused(_("一次转的太多。"), accepted=_("一次最多 %(n)d 件。") % {"n": BLOCK})
    successor = _successor(unit)
    with for_the_record():
        why = _("“%(old)s”已撤销，由“%(new)s”承接") % {"old": unit.name, "new": successor.name}
    current().because(why)
    prefetch_related_objects(problems, *POSTS)
    involved, tasks = _involved(problems, unit, successor), _tasks(problems, unit, successor)
    changes = _Changes(unit, successor)
    for problem in problems:
        _move(changes, problem, involved[problem.pk], tasks[problem.pk])
    Problem.objects.save_all(problems)
    changes.write()
    _move_order_items(problems, unit, successor)
    for problem in problems:
        _call_judges_anew(problem)
    _tell(successor, len(problems))
    look_again()


@dataclass
class _Changes:
    """What changes of all the problems, written together."""

    unit: Unit
    successor: Unit
    ended: list[Involvement] = field(default_factory=list)
    begun: list[Involvement] = field(default_factory=list)
    moves: list[DutyMove] = field(default_factory=list)

    def write(self) -> None:
        Involvement.objects.save_all(self.ended)
        Involvement.objects.bulk_create(self.begun)
        DutyMove.objects.bulk_create(self.moves)


def _successor(unit: Unit) -> Unit:
    if unit.closed_on is None:
        raise Refused(
            _("“%(unit)s”没有撤销，不需要承接。") % {"unit": unit.name},
            accepted=_("要换承办单位，请退回重新拟办或提出交办异议。"),
            field="unit",
        )
    found = standing_successor(unit)
    if found is None:
        raise Refused(
            _("“%(unit)s”没有写明由谁承接。") % {"unit": unit.name},
            accepted=_("没有承接单位的，由上级单位主要负责人承担，直到改派。"),
            field="unit",
        )
    return found


def _involved(problems: Sequence[Problem], unit: Unit, successor: Unit) -> dict[uuid.UUID, list[Involvement]]:
    rows: dict[uuid.UUID, list[Involvement]] = defaultdict(list)
    wanted = Involvement.objects.filter(
        problem__in=problems, unit__in=[unit, successor], role__in=ROLES, until=None
    )
    for row in wanted.order_by("id"):
        rows[row.problem_id].append(row)
    return rows


def _tasks(problems: Sequence[Problem], unit: Unit, successor: Unit) -> dict[uuid.UUID, int]:
    """The open tasks change hands, the post with them if it went along; how many of each problem."""
    found = list(open_tasks(unit).filter(plan__problem__in=problems).select_related("plan", "post"))
    current().lock(found)
    counted: dict[uuid.UUID, int] = defaultdict(int)
    for measure in found:
        measure.unit = successor
        if measure.post is not None and measure.post.unit_id != successor.pk:
            measure.post = None
        counted[measure.plan.problem_id] += 1
    Measure.objects.save_all(found)
    return counted


def _move(changes: _Changes, problem: Problem, rows: list[Involvement], tasks: int) -> None:
    unit, successor, today = changes.unit, changes.successor, current().today
    old = {row.role: row for row in rows if row.unit_id == unit.pk}
    own = {row.role: row for row in rows if row.unit_id == successor.pk}
    columns = [name for name in COLUMNS if getattr(problem, f"{name}_id") == unit.pk]
    if not old and not columns and not tasks:
        raise Refused(
            _("%(no)s 没有由“%(unit)s”承担的事。") % {"no": problem.problem_no, "unit": unit.name},
            accepted=_("请刷新后再选。"),
            problem=str(problem.pk),
        )
    taken = taken_over(
        {role: row.share for role, row in old.items() if role in MOVED},
        {role: row.share for role, row in own.items() if role in MOVED},
    )
    for row in (*old.values(), *(own[role] for role in taken.ended)):
        row.until = max(today, row.since)
        changes.ended.append(row)
    changes.begun += [
        Involvement(problem=problem, unit=successor, role=role, share=share, since=today)
        for role, share in taken.added.items()
    ]
    for name in columns:
        setattr(problem, name, successor)
    _drop_closed_posts(problem)
    changes.moves.append(
        DutyMove(
            problem=problem,
            unit=unit,
            unit_name=unit.name,
            successor=successor,
            roles=sorted({*old, *((InvolvementRole.LEAD.value,) if "lead_unit" in columns else ())}),
            tasks=tasks,
            moved_on=today,
            moved_by=person_of(current().actor),
        )
    )


def _drop_closed_posts(problem: Problem) -> None:
    for name in POSTS:
        post = getattr(problem, name)
        if post is not None and post.closed_on is not None:
            setattr(problem, name, None)


def _move_order_items(problems: Sequence[Problem], unit: Unit, successor: Unit) -> None:
    """Rows of orders that are not issued yet; an issued order says what was said then."""
    items = list(
        OrderItem.objects.filter(problem__in=problems, order__state__in=NOT_ISSUED).select_related("order")
    )
    touched = [item for item in items if item.lead_unit_id == unit.pk or _helps(item, unit)]
    current().lock(list({item.order.pk: item.order for item in touched}.values()))
    for item in touched:
        if item.lead_unit_id == unit.pk:
            item.lead_unit = successor
        lead, known = str(item.lead_unit_id), set()
        kept = []
        for one in item.supporting_units:
            name = str(successor.pk) if one["unit"] == str(unit.pk) else one["unit"]
            if name != lead and name not in known:
                known.add(name)
                kept.append({**one, "unit": name})
        item.supporting_units = kept
    OrderItem.objects.save_all(touched)


def _helps(item: OrderItem, unit: Unit) -> bool:
    return any(one["unit"] == str(unit.pk) for one in item.supporting_units)


def _call_judges_anew(problem: Problem) -> None:
    """Who was called to accept and now stands under the work, or is no more, is replaced; nobody is left to himself."""
    if problem.state != State.ACCEPTING:
        return
    rows = Involvement.objects.filter(problem=problem, role=InvolvementRole.ACCEPTOR, until=None)
    called = list(rows.select_related("unit"))
    doing = doing_paths(problem)
    unfit = [row for row in called if row.unit is None or _is_unfit(row.unit, doing)]
    for row in unfit:
        row.until = max(current().today, row.since)
        row.save()
    if len(unfit) == len(called):
        call_acceptors(problem)


def _is_unfit(unit: Unit, doing: list[str]) -> bool:
    return unit.closed_on is not None or any(is_under(unit.path, path) for path in doing)


def _tell(successor: Unit, count: int) -> None:
    for person in sorted(receivers_of([successor.pk], heads=True)[successor.pk]):
        queue_message(to_person=person, kind=MOVED_HERE, link=reverse("desk:home"), count=count)
