"""Telling units and offices that the ladder moved: a count and a link, nothing of any case.

One message a person and a kind: what comes while it lies unread is counted up in it, so that a night in which a hundred
deadlines pass is one line in the morning and not a hundred.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.ladder.rules import Rung
from bihuan.journal.action import current
from bihuan.messages.kinds import Matter, register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.models import Role, RoleGrant, StandIn, Tenure
from bihuan.organizations.seats import receivers_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.deadlines.models import LadderStep
    from bihuan.ledger.models import Problem

COMING: Final = "deadlines.coming"
OVERDUE: Final = "deadlines.overdue"
PROPOSED: Final = "deadlines.proposed"
SUPERVISED: Final = "deadlines.supervised"
CONDUCT: Final = "deadlines.conduct"

register_kind(COMING, _("有 %(count)s 项时限快要到期。"), Matter.COMING)
register_kind(OVERDUE, _("有 %(count)s 项时限已经逾期。"), Matter.OVERDUE)
register_kind(PROPOSED, _("程序提出了 %(count)s 项督办，等整改办提请。"), Matter.SUPERVISION)
register_kind(SUPERVISED, _("有 %(count)s 项对您单位的督办已经批准。"), Matter.SUPERVISION)
register_kind(CONDUCT, _("有 %(count)s 项整改行为认定等您单位申辩。"), Matter.SUPERVISION)


def tell_of(steps: Sequence[LadderStep]) -> None:
    """Remind the units of their deadlines (heads too once they have passed), and tell the offices what was proposed."""
    coming: Counter[uuid.UUID] = Counter()
    overdue: Counter[uuid.UUID] = Counter()
    offices: Counter[uuid.UUID] = Counter()
    for step in steps:
        if step.rung != Rung.REMINDER:
            offices[step.problem.jurisdiction_id] += 1
        elif step.clock.unit_id is not None:
            (coming if step.number <= 0 else overdue)[step.clock.unit_id] += 1
    desk = reverse("desk:home") + "#queue-due"
    _tell_units(coming, COMING, desk, heads=False)
    _tell_units(overdue, OVERDUE, desk, heads=True)
    _tell_offices(offices, steps)


def tell_units_of(problems: Iterable[Problem], kind: str, link: str) -> None:
    """Tell the lead units of these problems, heads too."""
    units = Counter(problem.lead_unit_id for problem in problems if problem.lead_unit_id is not None)
    _tell_units(units, kind, link, heads=True)


def _tell_units(units: Counter[uuid.UUID], kind: str, link: str, *, heads: bool) -> None:
    if not units:
        return
    receivers = receivers_of(units, heads=heads)
    people: Counter[uuid.UUID] = Counter()
    for unit, count in units.items():
        for person in receivers[unit]:
            people[person] += count
    for person in sorted(people):
        queue_message(to_person=person, kind=kind, link=link, count=people[person])


def _tell_offices(places: Counter[uuid.UUID], steps: Sequence[LadderStep]) -> None:
    if not places:
        return
    jurisdictions = {step.problem.jurisdiction_id: step.problem.jurisdiction for step in steps}
    day = current().today
    for pk, count in sorted(places.items()):
        place = jurisdictions[pk]
        grants = RoleGrant.objects.filter(
            in_force(day), role=Role.COORDINATOR, post__closed_on=None, post__unit__path__under=place.path
        ).select_related("post__unit")
        posts = [grant.post_id for grant in grants if nearest_jurisdiction(grant.post.unit) == place]
        told = {
            person
            for model in (Tenure, StandIn)
            for person in model.objects.filter(in_force(day), post__in=posts).values_list("person", flat=True)
        }
        for person in sorted(told):
            queue_message(to_person=person, kind=PROPOSED, link=reverse("deadlines:proposals"), count=count)
