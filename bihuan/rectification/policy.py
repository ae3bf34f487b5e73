"""Who may: derived from the `who` of the lifecycle's edges, so that table, button, API and refusal cannot differ.

Every authority asks for sight first: an outsider learns nothing, not even that the problem exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import EDGES
from bihuan.ledger.lifecycle_words import WHO_WORDS, State, Who
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.models.problems import DOING_ROLES
from bihuan.ledger.sight import involvements_of, require_sight
from bihuan.organizations.authority import has_role, in_unit, is_coordinator, is_reviewer, unit_of
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Body, BodyMember, Role, Unit
from bihuan.organizations.remembering import remembered
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction
from bihuan.organizations.vacancies import units_covered_by
from bihuan.rectification.models import AssignmentOrder, ClosureSitting, OrderItem
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Authority
    from bihuan.journal.records import Record

Capacity = Callable[[Actor, Problem], bool]

BESIDE_THE_TABLE: Final[Mapping[Verb, Who]] = {
    Verb.PROPOSE_AMENDMENT: Who.LEAD_UNIT,
    Verb.ADD_EVIDENCE: Who.DOING_UNIT,
    Verb.REPLACE_EVIDENCE: Who.DOING_UNIT,
    Verb.CITE_EVIDENCE: Who.DOING_UNIT,
    Verb.GIVE_BACK: Who.DOING_UNIT,
    Verb.ASK_EXTENSION: Who.LEAD_UNIT,
    Verb.ASK_SUSPENSION: Who.LEAD_UNIT,
    Verb.ACCEPT_LEVEL: Who.ACCEPTOR,
    Verb.SET_UP_PANEL: Who.ACCEPTOR,
    Verb.REPLACE_PANELLIST: Who.ACCEPTOR,
    Verb.CHANGE_CHAIR: Who.ACCEPTOR,
    Verb.DISSOLVE_PANEL: Who.ACCEPTOR,
    Verb.RECORD_EXTERNAL_ACCEPTANCE: Who.OFFICE,
    Verb.HEAR_OBJECTION: Who.OFFICE,
    Verb.DISMISS_OBJECTION: Who.OFFICE,
    Verb.RECORD_MONEY: Who.LEAD_UNIT,
    Verb.CORRECT_MONEY: Who.LEAD_UNIT,
    Verb.ASK_REDUCTION: Who.LEAD_UNIT,
    Verb.DECIDE_REDUCTION: Who.APPROVER,
    Verb.PRESS: Who.OFFICE,
    Verb.ANSWER_INSTRUCTION: Who.LEAD_UNIT,
}
"""Verbs that move no state, or lead up to an edge another decides."""


def _office(actor: Actor, problem: Problem) -> bool:
    return is_coordinator(actor, problem.jurisdiction) or is_reviewer(actor, problem.jurisdiction)


def _approver(actor: Actor, problem: Problem) -> bool:
    return is_reviewer(actor, problem.jurisdiction) or _leading_group(actor, problem)


@remembered
def _leading_group(actor: Actor, problem: Problem) -> bool:
    """Chair or deputy of a leading group in force; its plain members advise, they do not decide."""
    seats = BodyMember.objects.filter(
        in_force(today()),
        in_force(today(), "body__"),
        post=actor.post,
        role__in=[BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY],
        body__kind=Body.Kind.LEADING_GROUP,
        body__jurisdiction=problem.jurisdiction,
    )
    return actor.post is not None and seats.exists()


def _sits_in(actor: Actor, problem: Problem, roles: Iterable[str]) -> bool:
    wanted = frozenset(roles)
    units = (row.unit for row in involvements_of(problem) if row.role in wanted)
    return bool(_answered_for(actor, [unit for unit in units if unit is not None]))


def _answered_for(actor: Actor, units: Sequence[Unit]) -> set[uuid.UUID]:
    """Those of the units for which the actor acts: their own, and where nobody in one answers, the duty has fallen
    to a principal above.
    """
    own = {unit.pk for unit in units if in_unit(actor, unit)}
    return own or {unit.pk for unit in units} & units_covered_by(actor)


def _sits_in_each(actor: Actor, problems: Sequence[Problem], roles: Iterable[str]) -> set[uuid.UUID]:
    """Of many problems those in which `_sits_in` holds; asked in two statements, for a unit may have thousands."""
    rows = Involvement.objects.filter(
        in_force(today()), problem__in=problems, role__in=roles, unit__isnull=False
    ).values_list("problem", "unit")
    units = Unit.objects.in_bulk({unit for _problem, unit in rows})
    mine = {pk for pk, unit in units.items() if _answered_for(actor, [unit])}
    return {problem for problem, unit in rows if unit in mine}


def _lead_unit(actor: Actor, problem: Problem) -> bool:
    return _sits_in(actor, problem, SEATS[Who.LEAD_UNIT])


def _doing_unit(actor: Actor, problem: Problem) -> bool:
    return _sits_in(actor, problem, SEATS[Who.DOING_UNIT])


def _acceptor(actor: Actor, problem: Problem) -> bool:
    return has_role(actor, Role.ACCEPTOR)


def _closing_authority(actor: Actor, problem: Problem) -> bool:
    """The leading group of the place, or a decider of its jurisdiction or of one above it."""
    if _leading_group(actor, problem):
        return True
    own = unit_of(actor)
    place = nearest_jurisdiction(own) if own else None
    return (
        place is not None
        and is_under(problem.jurisdiction.path, place.path)
        and has_role(actor, Role.DECIDER)
    )


def _nobody(actor: Actor, problem: Problem) -> bool:
    return False


CAPACITIES: Final[Mapping[Who, Capacity]] = {
    Who.OFFICE: _office,
    Who.APPROVER: _approver,
    Who.LEADING_GROUP: _leading_group,
    Who.LEAD_UNIT: _lead_unit,
    Who.DOING_UNIT: _doing_unit,
    # Plans are approved by the steps of their route, never by a button beside it.
    Who.PLAN_APPROVER: _nobody,
    Who.ACCEPTOR: _acceptor,
    Who.CLOSING_AUTHORITY: _closing_authority,
    Who.LOOKBACK_PARTY: _nobody,
}


SEATS: Final[Mapping[Who, Iterable[str]]] = {
    Who.LEAD_UNIT: (InvolvementRole.LEAD,),
    Who.DOING_UNIT: tuple(DOING_ROLES),
}
"""The capacities that are a seat in a unit that stands in one of these roles."""


def capacity_for(verb: str, problem: Problem) -> Who:
    """In which capacity one does this to the problem as it stands."""
    if verb in BESIDE_THE_TABLE:
        return BESIDE_THE_TABLE[Verb(verb)]
    edges = [edge for edge in EDGES if edge.verb == verb]
    here = [edge for edge in edges if edge.source is State(problem.state)]
    return (here or edges)[0].who


def holds(actor: Actor, problem: Problem, who: Who) -> bool:
    """Whether the actor holds a capacity towards the problem today."""
    return actor.system or CAPACITIES[who](actor, problem)


def person_of(actor: Actor) -> uuid.UUID:
    """The person who acts. What is planned, proved or asked for always has somebody who did it."""
    if actor.person is None:
        raise NotAllowed(_("这一步要由具体的人办理，程序不能代办。"))
    return actor.person


def problems_of(subjects: Sequence[Record]) -> list[Problem]:
    """The problems that the subjects of a verb are, or belong to."""
    found: dict[Any, Problem] = {}
    for subject in subjects:
        problem = subject if isinstance(subject, Problem) else _owner(subject)
        if problem is not None:
            found[problem.pk] = problem
    return list(found.values())


def _owner(subject: Record) -> Problem | None:
    plan = getattr(subject, "plan", None)
    owner = getattr(plan if plan is not None else subject, "problem", None)
    return owner if isinstance(owner, Problem) else None


def may(verb: Verb) -> Authority:
    """The authority of a verb: sight first, then the capacity its edge asks for."""

    def check(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
        problems = problems_of(subjects)
        require_sight(actor, problems)
        capacities = {problem: capacity_for(verb, problem) for problem in problems}
        sitting = _all_sitting(actor, capacities)
        for problem, who in capacities.items():
            if problem.pk not in sitting and not holds(actor, problem, who):
                raise not_yours(who, problem)

    return check


def _all_sitting(actor: Actor, capacities: Mapping[Problem, Who]) -> set[uuid.UUID]:
    """Those of many problems whose capacity is a seat in a unit that the actor has; of one it is asked as ever."""
    if len(capacities) == 1 or actor.system:
        return set()
    found: set[uuid.UUID] = set()
    for who, roles in SEATS.items():
        if asked := [problem for problem, capacity in capacities.items() if capacity is who]:
            found |= _sits_in_each(actor, asked, roles)
    return found


def not_yours(who: Who, problem: Problem) -> NotAllowed:
    """The refusal that names who would be right."""
    words = WHO_WORDS[who].say(get_language() or "zh")
    return NotAllowed(
        _("您的岗位不能对 %(no)s 办理这一步。") % {"no": problem.problem_no},
        accepted=_("由%(who)s办理。") % {"who": words},
    )


# ---- assignment orders: they belong to the office, and are seen through their problems ------------------------------


def may_draft_order(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The coordinator of the place all problems belong to."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    for problem in problems:
        if not actor.system and not is_coordinator(actor, problem.jurisdiction):
            raise not_yours(Who.OFFICE, problem)


def may_handle_order(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office of the order's place, if it sees every problem of the order."""
    for order in subjects:
        if not isinstance(order, AssignmentOrder) or actor.system:
            continue
        items = OrderItem.objects.filter(order=order).select_related("problem__jurisdiction")
        require_sight(actor, [item.problem for item in items])
        if not is_coordinator(actor, order.jurisdiction) and not is_reviewer(actor, order.jurisdiction):
            raise NotAllowed(_("交办单由本级整改办办理。"), accepted=_("请联系整改办的经办岗或审核岗。"))


# ---- closure sittings: prepared by the office, decided by whoever closes; nobody else reads what they say of all ----------


def may_prepare_sitting(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office of the place all problems belong to."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    for place in {problem.jurisdiction_id: problem for problem in problems}.values():
        if not actor.system and not _office(actor, place):
            raise not_yours(Who.OFFICE, place)


def may_handle_sitting(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office, which writes down what the meeting says, or whoever decides."""
    for sitting, problems in _sittings(actor, subjects):
        if (
            not actor.system
            and not _office(actor, problems[0])
            and not _closing_authority(actor, problems[0])
        ):
            raise NotAllowed(
                _("您不办理“%(title)s”。") % {"title": sitting.title},
                accepted=_("由本级整改办或销号审定人办理。"),
            )


def may_decide_sitting(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The leading group of the place, or a decider of it or of one above."""
    for _sitting, problems in _sittings(actor, subjects):
        if not holds(actor, problems[0], Who.CLOSING_AUTHORITY):
            raise not_yours(Who.CLOSING_AUTHORITY, problems[0])


def _sittings(actor: Actor, subjects: Sequence[Record]) -> Iterator[tuple[ClosureSitting, list[Problem]]]:
    """Each sitting with its problems; only whoever sees all of them may know of it."""
    for sitting in (one for one in subjects if isinstance(one, ClosureSitting)):
        problems = list(Problem.objects.filter(sitting_cases__sitting=sitting).select_related("jurisdiction"))
        require_sight(actor, problems)
        if problems:
            yield sitting, problems


def require_order_sight(actor: Actor, order: AssignmentOrder) -> None:
    """An order is seen by whoever sees one of its problems; of the others not even their number shows."""
    from bihuan.rectification.queries import order_items_seen

    if not order_items_seen(actor, order).exists():
        raise NotVisible(_("没有找到这份交办单。"))


def open_units(ids: Iterable[Any]) -> dict[Any, Unit]:
    """Units by id that still exist; a closed one can be given nothing to do."""
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=list(ids), closed_on__isnull=True)}
