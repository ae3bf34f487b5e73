"""What an actor may do to the clocks of a problem, for the buttons of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.ladder.offers import ladder_offers
from bihuan.deadlines.models import ClockKind, ClockState
from bihuan.deadlines.queries import clocks_of
from bihuan.deadlines.readings import reading_of
from bihuan.deadlines.rules import Light
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.journal.timesource import now, today
from bihuan.ledger.offers import Offer, refused_by_authority
from bihuan.ledger.policy import may_prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.deadlines.models import Clock
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem


def raisable(problem: Problem) -> list[Clock]:
    """The running clocks whose light is not the worst already."""
    running = [row for row in clocks_of(problem) if row.state == ClockState.RUNNING]
    found = [row for row in running if reading_of(row, today(), now()).light is not Light.RED]
    return sorted(found, key=lambda row: (row.due, row.kind))


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """What the ladder holds for this reader; raising a light, where one runs that can be raised."""
    ladder = list(ladder_offers(actor, problem))
    judging = list(_judging(actor, problem))
    if not raisable(problem):
        return [*ladder, *judging]
    return [
        *ladder,
        *judging,
        Offer(
            verb=Verb.RAISE_LIGHT,
            label=LABELS[Verb.RAISE_LIGHT],
            url=reverse("deadlines:raise_light", args=[problem.pk]),
            consequence=_("灯只能升级；理由留痕，一直亮到这个时限办结。"),
            why_not=refused_by_authority(may_prepare, actor, problem),
        ),
    ]


def _judging(actor: Actor, problem: Problem) -> Iterator[Offer]:
    """The office's word on whether the rectification deadline can be kept, while its clock runs."""
    if not any(
        row.kind == ClockKind.RECTIFICATION and row.state == ClockState.RUNNING for row in clocks_of(problem)
    ):
        return
    yield Offer(
        verb=Verb.JUDGE_ACHIEVABILITY,
        label=LABELS[Verb.JUDGE_ACHIEVABILITY],
        url=reverse("deadlines:judge", args=[problem.pk]),
        consequence=_("灯按“亮灯”规则随之变化，只会变差，不会变好。"),
        why_not=refused_by_authority(may_prepare, actor, problem),
    )
