"""What the policy `messaging` of a place says: when messages leave, and what each matter weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.calendars.queries import calendar_for
from bihuan.organizations.tree import ids_on
from bihuan.outlets.timing import Hours
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bihuan.messages.kinds import Matter
    from bihuan.organizations.models import Unit

POLICY: Final = "messaging"


@dataclass(frozen=True)
class Terms:
    """The policy of a place on a day."""

    hours: Hours
    weights: Mapping[str, str]

    def is_urgent(self, matter: Matter) -> bool:
        """Whether it leaves in quiet hours too."""
        return self.weights[matter] == "urgent"

    def is_compulsory(self, matter: Matter) -> bool:
        """Whether nobody may switch it off for themselves."""
        return self.weights[matter] != "free"


def terms_at(place: Unit, on: date) -> Terms:
    """The terms that hold at a unit; refused where no level has any."""
    body = policy_for(POLICY, jurisdiction=place, on=on).body
    calendar = calendar_for(*reversed(ids_on(place.path)))
    return Terms(Hours.of(body, calendar.is_working), body)
