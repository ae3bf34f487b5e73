"""What the lifecycle has to know of a problem, the facts this room keeps included, and taking a step with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language

from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import edge_for, refusal
from bihuan.ledger.lifecycle_facts import Notice
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Readership
from bihuan.ledger.rigour import rigour_of
from bihuan.ledger.steps import facts_of, step
from bihuan.ledger.supervision import raised
from bihuan.organizations.remembering import remembered
from bihuan.rectification.measures import plan_in_force
from bihuan.rectification.models import Acceptance, ClosureReview, Plan, PublicNotice
from bihuan.rectification.terms import decline_limit_passed

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.ledger.lifecycle import Edge
    from bihuan.ledger.lifecycle_facts import Facts
    from bihuan.ledger.lifecycle_words import Who
    from bihuan.ledger.models import Problem

SENT_BACK: Final = frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW, State.CLOSED})
"""Where a result stands before it is found wanting."""


@remembered
def running_notice(problem: Problem) -> PublicNotice | None:
    """The notice of this round that is still open, or None."""
    found: PublicNotice | None = (
        PublicNotice.objects.filter(problem=problem, round=problem.round, state=PublicNotice.State.RUNNING)
        .order_by("-id")
        .first()
    )
    return found


def circumstances(problem: Problem) -> Facts:
    """All facts the table asks for. What few may know is never put under public notice."""
    return _with_notice(problem, running_notice(problem))


def circumstances_of(problems: Sequence[Problem]) -> dict[uuid.UUID, Facts]:
    """The same for many problems, with one look at their notices."""
    running = PublicNotice.objects.filter(problem__in=problems, state=PublicNotice.State.RUNNING)
    notices = {(row.problem_id, row.round): row for row in running.order_by("id")}
    return {
        problem.pk: _with_notice(problem, notices.get((problem.pk, problem.round))) for problem in problems
    }


def _with_notice(problem: Problem, notice: PublicNotice | None) -> Facts:
    known = facts_of(
        problem,
        notice_running=notice is not None,
        notice_period_over=notice is not None and notice.until < today(),
    )
    if problem.readership == Readership.WORK_SECRET or problem.channel_id is not None:
        known = replace(known, notice=Notice.NONE)
    return replace(known, decline_limit_passed=decline_limit_passed(problem))


def take(problem: Problem, verb: str, known: Facts | None = None) -> Edge:
    """Take the step, or refuse with what would be accepted. The caller saves, the row of a return after this.

    `known`: its circumstances, if asked already.
    """
    edge = step(problem, verb, known or circumstances(problem))
    if edge.to is State.RECTIFYING and edge.source in SENT_BACK:
        problem.plan_owed = owes_plan(problem)
        # A result found wanting says something of the conduct, whoever found it: acceptor, public or closing body.
        if times_sent_back(problem) + 1 >= rigour_of(problem).raise_at_return:
            problem.supervision_level = raised(problem.supervision_level)
    return edge


def times_sent_back(problem: Problem) -> int:
    """How often its result was found wanting before, in every round; a step takes itself before it saves its own row."""
    found = (
        Acceptance.objects.filter(problem=problem, state=Acceptance.State.RETURNED),
        PublicNotice.objects.filter(problem=problem, state=PublicNotice.State.OBJECTED),
        ClosureReview.objects.filter(problem=problem, state=ClosureReview.State.RETURNED),
    )
    return sum(rows.count() for rows in found)


def owes_plan(problem: Problem) -> bool:
    """Whether the round goes on without the plan policy asks for: entered as fixed already, it never made one.

    What was taken over from another ledger has its plan in the papers there, and no approval is invented for it.
    """
    if rigour_of(problem).short_path or (problem.imported_from and problem.round == 1):
        return False
    standing = plan_in_force(problem)
    return standing is None or standing.state == Plan.State.DIVIDED


def capacity_by_facts(verb: str, problem: Problem) -> Who | None:
    """In which capacity the verb is taken as things stand; None where it is not open at all."""
    edge = edge_for(State(problem.state), verb, circumstances(problem))
    return edge.who if edge else None


def refuse_unless_open(problem: Problem, verb: str, known: Facts | None = None) -> None:
    """Refuse early what the lifecycle would refuse when it comes to the step itself; `known` as for `take`."""
    known = known or circumstances(problem)
    if edge_for(State(problem.state), verb, known) is None:
        why = refusal(State(problem.state), verb, known)
        raise Refused(
            why.explain(get_language() or "zh"),
            problem=str(problem.pk),
            state=problem.state,
            accepted_verbs=list(why.accepted_here),
        )
