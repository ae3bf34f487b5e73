"""What this room tells those below it: words of its approvals, and who sees the files of its records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from bihuan.approvals.matters import register_matter, register_subject_page
from bihuan.files.policy import register_sight
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import TermKind
from bihuan.ledger.schedules import register_schedules
from bihuan.ledger.sight import can_see
from bihuan.ledger.taxonomy import register_usage
from bihuan.organizations.registry import register_duties
from bihuan.rectification.measures import IN_FORCE
from bihuan.rectification.models import AssignmentOrder, ClosureSitting, Extension, Measure, Plan, Suspension
from bihuan.rectification.moving import left_behind
from bihuan.rectification.queries import order_items_seen
from bihuan.rectification.schedules import schedules_of_plans
from bihuan.rectification.sitting_queries import sittings_seen
from bihuan.rectification.verbs import LABELS, Verb

if TYPE_CHECKING:
    import uuid

    from bihuan.files.policy import Sight
    from bihuan.journal.action import Actor

MATTERS: Final = (
    Verb.SUBMIT_ORDER,
    Verb.SUBMIT_PLAN,
    Verb.PROPOSE_AMENDMENT,
    Verb.ASK_EXTENSION,
    Verb.ASK_SUSPENSION,
)


def register() -> None:
    """Called once, when the program starts."""
    for verb in MATTERS:
        register_matter(verb, label=LABELS[verb])
    for kind in (Plan.Stream.kind, Extension.Stream.kind, Suspension.Stream.kind):
        register_subject_page(kind, partial(_page, kind), is_part=True)
    register_subject_page(AssignmentOrder.Stream.kind, partial(_page, "order"), is_part=True)
    register_schedules(schedules_of_plans)
    register_usage(TermKind.MONEY_WAY, "money_entries__way", "money_entries__on")
    register_duties(
        "rectification", posts=lambda: _carries("post"), units=lambda: _carries("unit") | left_behind()
    )
    register_sight(AssignmentOrder.Stream.kind, _sees_order)
    register_sight(ClosureSitting.Stream.kind, _sees_sitting)
    for model in (Plan, Extension, Suspension):
        register_sight(model.Stream.kind, _through_problem(model))


def _page(kind: str, subject: uuid.UUID) -> str:
    return reverse(f"rectification:{kind}", args=[subject])


def _carries(column: str) -> Q:
    """Posts, or units, that carry an open measure of the work under way."""
    return Q(
        Exists(
            Measure.objects.filter(
                **{column: OuterRef("pk")},
                state=Measure.State.OPEN,
                plan__state__in=IN_FORCE,
                plan__problem__state=State.RECTIFYING,
            )
        )
    )


def _sees_order(actor: Actor, subject: uuid.UUID) -> bool:
    order = AssignmentOrder.objects.filter(pk=subject).first()
    return order is not None and order_items_seen(actor, order).exists()


def _sees_sitting(actor: Actor, subject: uuid.UUID) -> bool:
    return sittings_seen(actor).filter(pk=subject).exists()


def _through_problem(model: type[Plan | Extension | Suspension]) -> Sight:
    def sees(actor: Actor, subject: uuid.UUID) -> bool:
        row = model.objects.filter(pk=subject).select_related("problem").first()
        return row is not None and can_see(actor, row.problem)

    return sees
