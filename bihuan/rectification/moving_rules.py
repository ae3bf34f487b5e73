"""Which roles a successor takes over from a unit that is no more. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bihuan.ledger.models import InvolvementRole as Role

if TYPE_CHECKING:
    from collections.abc import Mapping

MOVED: Final = (
    Role.LEAD,
    Role.SUPPORTING,
    Role.HANDED_DOWN,
    Role.SECTOR_AUTHORITY,
    Role.TERRITORIAL,
    Role.SOURCE,
)
"""What goes to the successor. Who accepts is asked anew, for the successor may have done the work."""
HELPS: Final = (Role.SUPPORTING, Role.HANDED_DOWN)
WHOLE: Final = 100


@dataclass(frozen=True)
class Taken:
    """What the successor stands in afterwards: roles to add with their share, and own ones that end."""

    added: Mapping[str, int | None] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()


def taken_over(old: Mapping[str, int | None], own: Mapping[str, int | None]) -> Taken:
    """What comes of the roles of the closed unit (`old`) where the successor has its `own` already.

    Nobody helps themselves: who leads neither supports nor is handed down to. Two shares of support become one.
    """
    leads = Role.LEAD in old or Role.LEAD in own
    added: dict[str, int | None] = {}
    ended: set[str] = set()
    for role in MOVED:
        if role not in old or (leads and role in HELPS):
            continue
        if role not in own:
            added[role] = old[role]
        elif role == Role.SUPPORTING and old[role] is not None:
            ended.add(role)
            added[role] = min(WHOLE, (old[role] or 0) + (own[role] or 0))
    if Role.LEAD in added:
        ended |= {role for role in HELPS if role in own}
    return Taken(added, frozenset(ended))
