"""How a room that runs clocks learns that a version is to be applied to running cases.

::

    @reacts_to(REAPPLIED)
    def restart(happened: Happened) -> None:
        for policy, cases in reapplied(happened, "deadline.plan"): …
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from bihuan.policies.models import Policy
from bihuan.policies.verbs import Verb

if TYPE_CHECKING:
    from bihuan.journal.reactions import Happened

REAPPLIED: Final = Verb.REAPPLY.value


def reapplied(happened: Happened, *codes: str) -> list[tuple[Policy, list[uuid.UUID]]]:
    """The versions (of these codes, or of any) that were just re-applied, each with the cases named."""
    cases = {event.stream: event.body["facts"].get("cases", []) for event in happened.events}
    return [
        (policy, [uuid.UUID(case) for case in cases.get(policy.pk, [])])
        for policy in happened.of(Policy)
        if not codes or policy.code in codes
    ]
