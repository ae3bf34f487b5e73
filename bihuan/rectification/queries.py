"""Reading what this room keeps: orders, plans, verdicts, and what waits for whom. Sight is always part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.authority import has_role, jurisdiction_of, unit_of
from bihuan.organizations.models import Role, UnitKind, UnitLevel
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of
from bihuan.organizations.vacancies import units_covered_by
from bihuan.rectification.measures import IN_FORCE, leaves_in
from bihuan.rectification.models import (
    Acceptance,
    AcceptanceLevel,
    AcceptancePanel,
    AssignmentOrder,
    ClosureReview,
    Decline,
    Deliberation,
    Evidence,
    Extension,
    Measure,
    OrderItem,
    Panellist,
    Plan,
    Pressing,
    PublicNotice,
    Suspension,
)

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Actor


# ---- assignment orders ------------------------------------------------------------------------------------------


def orders_seen(actor: Actor | None) -> QuerySet[AssignmentOrder]:
    """The orders that hold a problem the actor may know of, newest first, each with how many such problems."""
    seen = visible(actor, Problem.objects.all())
    counted = _with_problems_seen(actor).annotate(count=Count("items", filter=Q(items__problem__in=seen)))
    return counted.select_related("jurisdiction", "batch").order_by("-id")


def _with_problems_seen(actor: Actor | None) -> QuerySet[AssignmentOrder]:
    rows = OrderItem.objects.filter(order=OuterRef("pk"), problem__in=visible(actor, Problem.objects.all()))
    found: QuerySet[AssignmentOrder] = AssignmentOrder.objects.filter(Exists(rows))
    return found


def order_items_seen(actor: Actor | None, order: AssignmentOrder) -> QuerySet[OrderItem]:
    """The rows of an order whose problems the actor may know of."""
    seen = visible(actor, Problem.objects.all())
    found: QuerySet[OrderItem] = OrderItem.objects.filter(order=order, problem__in=seen)
    related = ("problem__deputy_in_charge", "lead_unit", "deputy_in_charge")
    return found.select_related(*related).order_by("problem__problem_no")


def orders_of(problem: Problem) -> QuerySet[OrderItem]:
    """Where the problem stands in orders, newest first."""
    found: QuerySet[OrderItem] = OrderItem.objects.filter(problem=problem)
    return found.select_related("order", "lead_unit").order_by("-order_id")


DECLINED: Final = Exists(Decline.objects.filter(problem=OuterRef("problem"), pk__gt=OuterRef("pk")))
"""Of a row of an order: its unit said it is not theirs. What was declined may stand in a later order; ids rise with time."""


def items_waiting(order: uuid.UUID) -> QuerySet[OrderItem]:
    """The rows of an issued order whose unit has neither acknowledged nor declined."""
    found: QuerySet[OrderItem] = OrderItem.objects.filter(
        ~DECLINED, order=order, order__state=AssignmentOrder.State.ISSUED, problem__state=State.ASSIGNED
    )
    return found


# ---- a problem's work; the caller has asked for sight ---------------------------------------------------------------


def plans_of(problem: Problem) -> QuerySet[Plan]:
    """Every plan of every round, newest first."""
    found: QuerySet[Plan] = Plan.objects.filter(problem=problem)
    return found.select_related("approval").order_by("-round", "-version")


def plan_tree(plan: Plan) -> list[Measure]:
    """The measures in the order of their numbers, 2 before 10."""
    rows = list(Measure.objects.filter(plan=plan).select_related("unit", "post"))
    return sorted(rows, key=lambda row: [int(part) for part in row.number.split(".")])


def deliberations_of(problem: Problem) -> QuerySet[Deliberation]:
    """The unit's meetings about its plans and closures, oldest first, with their papers."""
    found: QuerySet[Deliberation] = Deliberation.objects.filter(problem=problem)
    return found.select_related("file").order_by("id")


def evidence_of(problem: Problem) -> QuerySet[Evidence]:
    """The proofs of every round with their files and the measures that cite them, newest round first."""
    found: QuerySet[Evidence] = Evidence.objects.filter(problem=problem)
    return found.select_related("file__blob").prefetch_related("uses__measure").order_by("-round", "id")


def acceptances_of(problem: Problem) -> QuerySet[Acceptance]:
    """Applications and verdicts, newest first."""
    found: QuerySet[Acceptance] = Acceptance.objects.filter(problem=problem)
    return found.select_related("acceptor_unit", "file").order_by("-id")


def notices_of(problem: Problem) -> QuerySet[PublicNotice]:
    """Public notices with their objections, newest first."""
    found: QuerySet[PublicNotice] = PublicNotice.objects.filter(problem=problem)
    return found.prefetch_related("objections").order_by("-id")


def reviews_of(problem: Problem) -> QuerySet[ClosureReview]:
    """Closure reviews, newest first."""
    found: QuerySet[ClosureReview] = ClosureReview.objects.filter(problem=problem)
    return found.select_related("file").order_by("-id")


def applications_of(problem: Problem) -> list[Extension | Suspension]:
    """Extensions and suspensions asked for, newest first."""
    asked: list[Extension | Suspension] = [*Extension.objects.filter(problem=problem)]
    asked += Suspension.objects.filter(problem=problem)
    return sorted(asked, key=lambda one: one.pk, reverse=True)


# ---- what waits for whom ----------------------------------------------------------------------------------------


def _ours(actor: Actor, *roles: str) -> QuerySet[Problem]:
    """Problems in which the actor's organ, or a section of it, has one of the roles today."""
    own = unit_of(actor)
    if own is None:
        return Problem.objects.none()  # type: ignore[no-any-return]
    home = home_of(own)
    here = Q(unit=home) | Q(unit__path__under=home.path, unit__kind=UnitKind.SECTION)
    if covered := units_covered_by(actor):
        here |= Q(unit__in=covered)
    rows = Involvement.objects.filter(here, in_force(today()), problem=OuterRef("pk"), role__in=roles)
    return visible(actor, Problem.objects.filter(Exists(rows))).select_related(
        "lead_unit", "source", "sector"
    )


def to_acknowledge(actor: Actor) -> QuerySet[Problem]:
    """Assigned to the actor's unit and not yet taken as its own, the most urgent first."""
    return _ours(actor, InvolvementRole.LEAD).filter(state=State.ASSIGNED).order_by("external_deadline", "id")


def to_press(actor: Actor) -> QuerySet[Problem]:
    """Assigned by the actor's office, not yet acknowledged, and not pressed today; unit after unit."""
    if not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return Problem.objects.none()  # type: ignore[no-any-return]
    pressed = Pressing.objects.filter(problem=OuterRef("pk"), pressed_on=today())
    waiting = Problem.objects.filter(
        ~Exists(pressed), state=State.ASSIGNED, jurisdiction=jurisdiction_of(actor), lead_unit__isnull=False
    )
    return visible(actor, waiting).order_by("lead_unit", "id")


def to_plan(actor: Actor) -> QuerySet[Problem]:
    """The unit owes a plan."""
    due = Q(state=State.PLANNING) | Q(state=State.RECTIFYING, plan_owed=True)
    waiting = _ours(actor, InvolvementRole.LEAD).filter(due, plan_waiting=False)
    return waiting.order_by("external_deadline", "id")


def to_apply(actor: Actor) -> QuerySet[Problem]:
    """All measures are done: the unit may ask for acceptance."""
    done = _ours(actor, InvolvementRole.LEAD).filter(state=State.RECTIFYING, progress=100, plan_owed=False)
    return done.order_by("external_deadline", "id")


def to_accept(actor: Actor) -> QuerySet[Problem]:
    """Waiting for a verdict of the actor, the most urgent first."""
    waiting = visible(actor, Problem.objects.filter(waits_for_verdict(actor)))
    return waiting.select_related("lead_unit", "source", "sector").order_by("external_deadline", "id")


def waits_for_verdict(actor: Actor) -> Q:
    """Of a problem: the next verdict on it is the actor's to give, if the actor accepts at all.

    Called to accept, and neither passed at the actor's own level already nor in the hands of a panel: there the next
    word is the members', who find it among what they sign, and when all have signed the chair's.
    """
    own = sight_of(actor)
    if Role.ACCEPTOR not in own.roles:
        return Q(pk__in=[])
    called = Involvement.objects.filter(
        Q(unit=own.unit) | Q(post=actor.post),
        in_force(today()),
        problem=OuterRef("pk"),
        role__in=[InvolvementRole.ACCEPTOR, InvolvementRole.SOURCE],
    )
    sitting = AcceptancePanel.objects.filter(
        problem=OuterRef("pk"), round=OuterRef("round"), state=AcceptancePanel.State.SITTING
    )
    asked = Panellist.objects.filter(panel=OuterRef("pk"), state=Panellist.State.ASKED)
    chaired = Panellist.objects.filter(
        panel=OuterRef("pk"), chair=True, post=actor.post, person=actor.person
    ).exclude(state=Panellist.State.REPLACED)
    mine = Exists(sitting.filter(Exists(chaired), ~Exists(asked)))
    # The state first: it is cheap to ask, and few problems have it.
    return Q(state=State.ACCEPTING) & Q(Exists(called), mine | ~Exists(sitting)) & _level_speaks(actor)


def _level_speaks(actor: Actor) -> Q:
    """Of a problem: its present application was not passed at the level of the actor's place or above, and where a level
    below theirs has ever spoken, it has spoken of this application.
    """
    place = jurisdiction_of(actor)
    own = place.level if place is not None else UnitLevel.CENTRAL
    rows = AcceptanceLevel.objects.filter(acceptance__problem=OuterRef("pk"))
    now = rows.filter(acceptance__round=OuterRef("round"), acceptance__state=Acceptance.State.APPLIED)
    # The smaller number stands higher.
    begun_below = Exists(now.filter(level__gt=own)) | ~Exists(rows.filter(level__gt=own))
    return Q(~Exists(now.filter(level__lte=own)), begun_below)


def to_sign(actor: Actor) -> QuerySet[Panellist]:
    """Seats of the actor, in person and in this post, whose panel still waits for their opinion."""
    if actor.person is None or actor.on_behalf_of is not None:
        return Panellist.objects.none()  # type: ignore[no-any-return]
    found: QuerySet[Panellist] = Panellist.objects.filter(
        person=actor.person,
        post=actor.post,
        state=Panellist.State.ASKED,
        panel__state=AcceptancePanel.State.SITTING,
        panel__problem__state=State.ACCEPTING,
    )
    return found.select_related("panel__problem__lead_unit").order_by("panel__set_up_on", "id")


def notices_over(actor: Actor) -> QuerySet[PublicNotice]:
    """Notices of the office's place whose period is over and which nobody has ended."""
    if not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return PublicNotice.objects.none()  # type: ignore[no-any-return]
    found: QuerySet[PublicNotice] = PublicNotice.objects.filter(
        state=PublicNotice.State.RUNNING,
        until__lt=today(),
        problem__in=visible(actor, Problem.objects.filter(jurisdiction=jurisdiction_of(actor))),
    )
    return found.select_related("problem").order_by("until", "id")


def to_close(actor: Actor) -> QuerySet[Problem]:
    """Waiting for the closure review of the actor's place."""
    if not has_role(actor, Role.DECIDER):
        return Problem.objects.none()  # type: ignore[no-any-return]
    place = jurisdiction_of(actor)
    waiting = Problem.objects.filter(
        state=State.CLOSURE_REVIEW, jurisdiction__path__under=place.path if place else ""
    )
    return visible(actor, waiting).select_related("lead_unit").order_by("external_deadline", "id")


def to_issue(actor: Actor) -> QuerySet[AssignmentOrder]:
    """Approved orders of the office's place that wait to be issued."""
    if not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return AssignmentOrder.objects.none()  # type: ignore[no-any-return]
    waiting: QuerySet[AssignmentOrder] = AssignmentOrder.objects.filter(
        state=AssignmentOrder.State.APPROVED, jurisdiction=jurisdiction_of(actor)
    )
    # On every page of the office for its navigation: they are few or none, so what they hold is asked for second.
    orders = list(waiting.values_list("pk", flat=True))
    if not orders:
        return waiting.none()
    seen = visible(actor, Problem.objects.filter(order_items__order__in=orders))
    return waiting.filter(pk__in=set(seen.values_list("order_items__order", flat=True)))


def to_file(actor: Actor) -> QuerySet[Problem]:
    """Closed in the office's place and not yet told to the superior."""
    if not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return Problem.objects.none()  # type: ignore[no-any-return]
    closed = Problem.objects.filter(state=State.CLOSED, filed_on=None, jurisdiction=jurisdiction_of(actor))
    return visible(actor, closed).order_by("closed_on", "id")


def my_measures(actor: Actor) -> QuerySet[Measure]:
    """Open measures of plans in force that the actor's organ carries, the most urgent first."""
    own = unit_of(actor)
    if own is None:
        return Measure.objects.none()  # type: ignore[no-any-return]
    home = home_of(own)
    found: QuerySet[Measure] = Measure.objects.filter(
        Q(unit=home) | Q(unit__path__under=home.path, unit__kind=UnitKind.SECTION),
        state=Measure.State.OPEN,
        plan__state__in=IN_FORCE,
        plan__problem__state=State.RECTIFYING,
        plan__problem__in=visible(actor, Problem.objects.all()),
    )
    return leaves_in(found).select_related("plan__problem", "unit").order_by("deadline", "id")
