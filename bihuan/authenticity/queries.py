"""Reading doubts: those somebody may know of, and what beside them may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.policy import sees_doubts, sees_weighed
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor


def flags_seen(actor: Actor, problem: Problem) -> QuerySet[AuthenticityFlag]:
    """The doubts about a problem this person may know of, the present round and what waits first."""
    found: QuerySet[AuthenticityFlag] = AuthenticityFlag.objects.filter(problem=problem)
    if not sees_doubts(actor, problem):
        if not sees_weighed(actor, problem):
            return found.none()
        found = found.exclude(weight=AuthenticityFlag.Weight.OPEN)
    return found.select_related("evidence__file__blob", "report").order_by("-round", "id")


def flag_seen(actor: Actor, pk: UUID) -> AuthenticityFlag | None:
    """One doubt, if this person may know of it."""
    found = (
        AuthenticityFlag.objects.select_related("problem__jurisdiction", "problem__lead_unit")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        return None
    return flags_seen(actor, found.problem).filter(pk=pk).first()


def others_seen(actor: Actor, flags: Iterable[AuthenticityFlag]) -> dict[str, Problem]:
    """Of the other problems the doubts point to, those this person may know of, by id; one query."""
    ids = {flag.facts["other_problem"] for flag in flags if "other_problem" in flag.facts}
    if not ids:
        return {}
    return {str(one.pk): one for one in visible(actor, Problem.objects.filter(pk__in=ids))}
