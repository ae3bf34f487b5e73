"""What an act was about: one problem, or several of which the looker has to see one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from bihuan.approvals.models import Approval
from bihuan.deadlines.models import LadderStep
from bihuan.journal.records import record_models
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.rectification.models import OrderItem
from bihuan.reviews.models import ReviewRow, ReviewSheet

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from bihuan.journal.action import Actor

PROBLEM = Problem.Stream.kind
SEVERAL = {
    "assignment_order": (OrderItem, "order"),
    "ladder_request": (LadderStep, "request"),
    "review_sheet": (ReviewRow, "sheet"),
}
"""Streams about several problems: whose rows name them."""


@dataclass(frozen=True, kw_only=True)
class About:
    """One problem; or several, which are `open` to a looker who sees one of them."""

    problem: uuid.UUID | None = None
    open: bool = False
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Subjects:
    """Approval, or stream -> what it is about."""

    approvals: Mapping[uuid.UUID, About] = field(default_factory=dict)
    streams: Mapping[uuid.UUID, About] = field(default_factory=dict)

    @classmethod
    def of(
        cls, looker: Actor, *, approvals: Iterable[uuid.UUID], streams: Iterable[tuple[str, uuid.UUID]]
    ) -> Subjects:
        """Read once for all; one statement a kind of subject."""
        rows = list(Approval.objects.filter(pk__in=list(approvals)))
        wanted = {(row.subject_kind, row.subject) for row in rows} | set(streams)
        about = _about(looker, wanted)
        of_approvals = {
            row.pk: About(
                problem=found.problem,
                open=found.open,
                title=row.title,
                url=reverse("approvals:detail", args=[row.pk]),
            )
            for row in rows
            if (found := about.get(row.subject)) is not None
        }
        return cls(of_approvals, about)

    def of_approval(self, approval: uuid.UUID) -> About | None:
        """What a decision was about."""
        return self.approvals.get(approval)

    def of_stream(self, stream: uuid.UUID) -> About | None:
        """What happened to this stream."""
        return self.streams.get(stream)

    @property
    def problem_ids(self) -> set[uuid.UUID]:
        """Every problem that stands alone."""
        everything = (*self.approvals.values(), *self.streams.values())
        return {about.problem for about in everything if about.problem is not None}


def _about(looker: Actor, wanted: set[tuple[str, uuid.UUID]]) -> dict[uuid.UUID, About]:
    found: dict[uuid.UUID, About] = {}
    for kind in {kind for kind, _pk in wanted}:
        ids = [pk for one, pk in wanted if one == kind]
        if kind == PROBLEM:
            found |= {pk: About(problem=pk) for pk in ids}
        elif kind in SEVERAL:
            found |= _of_several(looker, kind, ids)
        else:
            found |= _of_one(kind, ids)
    return found


def _of_one(kind: str, ids: list[uuid.UUID]) -> dict[uuid.UUID, About]:
    model: Any = record_models().get(kind)
    if model is None or not any(one.name == "problem" for one in model._meta.concrete_fields):
        return {}
    rows = model._base_manager.filter(pk__in=ids).values_list("pk", "problem_id")
    return {pk: About(problem=problem) for pk, problem in rows}


def _of_several(looker: Actor, kind: str, ids: list[uuid.UUID]) -> dict[uuid.UUID, About]:
    """Open to whoever sees one of the problems; a sheet is its unit's."""
    model: Any
    model, name = SEVERAL[kind]
    seen = visible(looker, Problem.objects.all())
    rows = model._base_manager.filter(Q(**{f"{name}__in": ids}), problem__in=seen)
    open_ids = set(rows.order_by().values_list(name, flat=True))
    titles = {}
    if kind == ReviewSheet.Stream.kind:
        sheets = ReviewSheet.objects.filter(pk__in=open_ids).select_related("review")
        titles = {sheet.pk: sheet.review.title for sheet in sheets}
    return {pk: About(open=True, title=titles.get(pk, "")) for pk in open_ids}
