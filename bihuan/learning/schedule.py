"""When a training is due without anybody asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone

from bihuan.journal.action import Actor, Refused
from bihuan.journal.timesource import today
from bihuan.learning.actions import POLICY, ask_training
from bihuan.learning.lessons import confirmed
from bihuan.learning.models import LearnedModel
from bihuan.learning.rules import is_due
from bihuan.organizations.models import Unit
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from datetime import date

SYSTEM: Final = Actor.the_system("learning.ask_when_due")


def ask_where_due() -> int:
    """Ask in every place with an office of its own; a place without the policy, or at work already, is passed over."""
    asked = 0
    for place in Unit.objects.filter(is_jurisdiction=True, closed_on__isnull=True).order_by("path"):
        try:
            every_days = policy_for(POLICY, jurisdiction=place, on=today()).body["every_days"]
            last = last_asked(place)
            if is_due(last, today(), every_days, fresh=fresh_labels(place, last)):
                ask_training(jurisdiction=place, actor=SYSTEM)
                asked += 1
        except Refused:
            continue
    return asked


def last_asked(place: Unit) -> date | None:
    """The local day of the last training."""
    found = LearnedModel.objects.filter(jurisdiction=place).order_by("-version").first()
    return timezone.localdate(found.asked_at) if found else None


def fresh_labels(place: Unit, since: date | None) -> int:
    """How many problems whose label may be learnt were registered since a day."""
    rows = confirmed(place)
    return (rows.filter(registered_on__gte=since) if since else rows).count()
