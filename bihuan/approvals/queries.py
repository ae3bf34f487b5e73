"""What waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.approvals.models import Approval, ApprovalState, Step, StepState
from bihuan.organizations.models import Post, Unit
from bihuan.organizations.registry import OpenItem
from bihuan.organizations.vacancies import posts_covered_by

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from bihuan.journal.action import Actor


def waiting_for(actor: Actor) -> QuerySet[Step]:
    """Steps that wait on the actor's post, or on a vacant one it covers, the longest waiting first.

    Without those the actor asked for.
    """
    if actor.post is None:
        return Step.objects.none()  # type: ignore[no-any-return]
    persons = [person for person in (actor.person, actor.on_behalf_of) if person]
    mine = Q(post=actor.post) | Q(post__in=posts_covered_by(actor.post))
    found: QuerySet[Step] = Step.objects.filter(mine, state=StepState.PENDING)
    found = found.exclude(approval__asked_by__in=persons)
    for person in persons:
        found = found.exclude(approval__excluded__contains=[str(person)])
    return found.select_related("approval__asked_unit", "approval__asked_post", "post").order_by(
        "pending_since", "id"
    )


def to_confirm_by(actor: Actor) -> QuerySet[Step]:
    """Paper decisions recorded by somebody else that the actor's unit may confirm."""
    if actor.unit is None:
        return Step.objects.none()  # type: ignore[no-any-return]
    persons = [person for person in (actor.person, actor.on_behalf_of) if person]
    near = Q(approval__asked_unit=actor.unit) | Q(post__unit=actor.unit)
    found: QuerySet[Step] = Step.objects.filter(near, state=StepState.TO_CONFIRM)
    found = found.exclude(recorded_by__in=persons).exclude(decided_by__in=persons)
    return found.select_related("approval", "post").order_by("pending_since", "id")


def waited_for_by(actor: Actor) -> QuerySet[Approval]:
    """What the actor asked for and is not decided yet, oldest first."""
    found: QuerySet[Approval] = Approval.objects.filter(asked_by=actor.person, state=ApprovalState.PENDING)
    return found.order_by("asked_at", "id")


def steps_of(approval: Approval) -> list[Step]:
    """The route in order, with posts, units and signed copies; one query."""
    return list(approval.steps.select_related("post__unit", "signed_copy").order_by("number"))


def approvals_of(subjects: Iterable[uuid.UUID], *matters: str) -> QuerySet[Approval]:
    """All approvals about these subjects, newest first, with their steps."""
    found: QuerySet[Approval] = Approval.objects.filter(subject__in=list(subjects))
    if matters:
        found = found.filter(matter__in=matters)
    return found.prefetch_related("steps__post__unit").order_by("-asked_at", "-id")


@dataclass(frozen=True)
class Route:
    """An approval with its steps in order."""

    approval: Approval
    steps: list[Step]


def routes_about(subjects: Iterable[uuid.UUID]) -> list[Route]:
    """All decisions about these subjects, newest first, with the posts and units of their steps; one query."""
    steps = Step.objects.filter(approval__subject__in=list(subjects)).select_related("approval", "post__unit")
    found: dict[Approval, list[Step]] = {}
    for step in steps.order_by("-approval__asked_at", "-approval_id", "number"):
        found.setdefault(step.approval, []).append(step)
    return [Route(approval, route) for approval, route in found.items()]


def pending_of(subject: uuid.UUID, matter: str) -> Approval | None:
    """The approval of this matter that is under way for the subject."""
    found: Approval | None = Approval.objects.filter(
        subject=subject, matter=matter, state=ApprovalState.PENDING
    ).first()
    return found


def open_items(post: Post) -> list[OpenItem]:
    """What a post's holder must hand over: the steps that wait on it."""
    steps = Step.objects.filter(post=post, state=StepState.PENDING).order_by("pending_since", "id")
    return [OpenItem("approval", step.approval_id, waits_for=step.name) for step in steps]


def units_waited_on(approvals: Iterable[Approval]) -> QuerySet[Unit]:
    """The units whose posts hold these approvals up."""
    return Unit.objects.filter(  # type: ignore[no-any-return]
        posts__in=Step.objects.filter(approval__in=list(approvals), state=StepState.PENDING).values("post")
    ).distinct()


def posts_waited_on() -> Q:
    """Posts a decision waits for."""
    return Q(Exists(Step.objects.filter(post=OuterRef("pk"), state=StepState.PENDING)))
