"""Taking a step of the lifecycle inside an action, and writing down who is involved.

These are not actions: an action of this or a higher room calls them between its own checks and its `save()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused, current
from bihuan.ledger.lifecycle import Edge, edge_for, refusal
from bihuan.ledger.lifecycle_facts import Facts, Notice
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.models.problems import DOING_ROLES
from bihuan.ledger.rigour import declines_allowed, rigour_of
from bihuan.ledger.sight import involvements_of
from bihuan.organizations.models import Unit
from bihuan.policies.shapes import STARTING_DECLINES

if TYPE_CHECKING:
    from bihuan.organizations.models import Body, Post


def facts_of(problem: Problem, *, notice_running: bool = False, notice_period_over: bool = False) -> Facts:
    """What the table needs to know of a problem besides its state; notice facts come from the room that keeps them."""
    rigour = rigour_of(problem)
    return Facts(
        short_path=rigour.short_path,
        notice=Notice(rigour.notice),
        continuous=problem.rectification_kind == "continuous",
        already_fixed=problem.fixed_on_entry,
        source_is_external=problem.source.external,
        plan_waiting=problem.plan_waiting,
        plan_owed=problem.plan_owed,
        times_declined=problem.declines,
        # Asked only of what was declined at all: few problems are.
        declines_allowed=declines_allowed(problem) if problem.declines else STARTING_DECLINES,
        decided_from_above=problem.fixed_by_meeting,
        notice_running=notice_running,
        notice_period_over=notice_period_over,
        filed=problem.filed_on is not None,
    )


def step(problem: Problem, verb: str, facts: Facts | None = None) -> Edge:
    """Move the problem along the edge of `verb`, or refuse with what would be accepted. The caller saves."""
    known = facts or facts_of(problem)
    state = State(problem.state)
    edge = edge_for(state, verb, known)
    if edge is None:
        why = refusal(state, verb, known)
        raise Refused(
            why.explain(get_language() or "zh"),
            problem=str(problem.pk),
            state=state.value,
            accepted_verbs=why.accepted_here,
        )
    problem.state = edge.to.value
    if edge.new_round:
        problem.round += 1
    return edge


def involve(
    problem: Problem,
    role: InvolvementRole,
    *,
    unit: Unit | None = None,
    body: Body | None = None,
    post: Post | None = None,
    share: int | None = None,
) -> Involvement:
    """Write down that somebody has to do with the problem from today on; doing it twice changes nothing."""
    party = {"unit": unit, "body": body, "post": post}
    standing: Involvement | None = Involvement.objects.filter(
        problem=problem, role=role, until=None, **party
    ).first()
    if standing is not None:
        return standing
    made: Involvement = Involvement.objects.create(
        problem=problem, role=role, share=share, since=current().today, **party
    )
    return made


def end_involvement(
    problem: Problem, role: InvolvementRole, *, unit: Unit | None = None, post: Post | None = None
) -> None:
    """Nobody in this role (or not this unit or post) any more; those who did the work keep sight as *former*."""
    ended = Involvement.objects.filter(problem=problem, role=role, until=None)
    if unit is not None:
        ended = ended.filter(unit=unit)
    if post is not None:
        ended = ended.filter(post=post)
    for row in ended:
        row.until = max(current().today, row.since)
        row.save()


def doing_units(problem: Problem) -> list[Unit]:
    """The units that do the work today: lead, supporting, handed down."""
    return units_in(problem, DOING_ROLES)


def units_in(problem: Problem, roles: Iterable[str]) -> list[Unit]:
    """The units involved today in one of the roles."""
    wanted = frozenset(roles)
    rows = (row for row in involvements_of(problem) if row.role in wanted and row.until is None)
    return [row.unit for row in rows if row.unit is not None]


def bodies_in(problem: Problem, roles: Iterable[str]) -> list[Body]:
    """The bodies involved today in one of the roles."""
    wanted = frozenset(roles)
    rows = (row for row in involvements_of(problem) if row.role in wanted and row.until is None)
    return [row.body for row in rows if row.body is not None]


def refuse_empty(text: str, what: str) -> str:
    """The text without outer blanks, or a refusal that says what has to be written."""
    if not text.strip():
        raise Refused(
            _("“%(what)s”不能为空。") % {"what": what},
            accepted=_("请写明%(what)s。") % {"what": what},
            field=what,
        )
    return text.strip()
