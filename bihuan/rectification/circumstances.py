"""What the lifecycle has to know of a problem, the facts this room keeps included, and taking a step with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import edge_for, refusal
from bihuan.ledger.lifecycle_facts import Notice
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Readership
from bihuan.ledger.steps import facts_of, step
from bihuan.organizations.remembering import remembered
from bihuan.rectification.models import PublicNotice
from bihuan.rectification.terms import decline_limit_passed

if TYPE_CHECKING:
    from bihuan.ledger.lifecycle import Edge
    from bihuan.ledger.lifecycle_facts import Facts
    from bihuan.ledger.lifecycle_words import Who
    from bihuan.ledger.models import Problem


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
    notice = running_notice(problem)
    known = facts_of(
        problem,
        notice_running=notice is not None,
        notice_period_over=notice is not None and notice.until < today(),
    )
    if problem.readership == Readership.WORK_SECRET or problem.channel_id is not None:
        known = replace(known, notice=Notice.NONE)
    return replace(known, decline_limit_passed=decline_limit_passed(problem))


def take(problem: Problem, verb: str) -> Edge:
    """Take the step, or refuse with what would be accepted. The caller saves."""
    return step(problem, verb, circumstances(problem))


def capacity_by_facts(verb: str, problem: Problem) -> Who | None:
    """In which capacity the verb is taken as things stand; None where it is not open at all."""
    edge = edge_for(State(problem.state), verb, circumstances(problem))
    return edge.who if edge else None


def refuse_unless_open(problem: Problem, verb: str) -> None:
    """Refuse early what the lifecycle would refuse when it comes to the step itself."""
    known = circumstances(problem)
    if edge_for(State(problem.state), verb, known) is None:
        why = refusal(State(problem.state), verb, known)
        raise Refused(
            why.explain(get_language() or "zh"),
            problem=str(problem.pk),
            state=problem.state,
            accepted_verbs=list(why.accepted_here),
        )
