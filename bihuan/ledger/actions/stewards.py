"""The sight of stewards, brought in line for many problems by the program itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from bihuan.journal.action import Actor, action, system_only
from bihuan.ledger.following import follow
from bihuan.ledger.models import Problem
from bihuan.ledger.verbs import LedgerVerb


@action(LedgerVerb.FOLLOW_STEWARDS, may=system_only)
def follow_stewards(problems: Sequence[Problem], *, former: Sequence[uuid.UUID] = (), actor: Actor) -> int:
    """One block of what a change of stewardship reaches; doing it again changes nothing."""
    return follow(problems, former=former)
