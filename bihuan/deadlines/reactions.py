"""Clocks follow the life of a problem: this room asks nobody to start or stop one."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from bihuan.deadlines.keeping import Notices, keep
from bihuan.deadlines.reapplying import reapply
from bihuan.deadlines.terms import CODES, LIGHTS
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.lifecycle import VERBS
from bihuan.ledger.models import Problem
from bihuan.policies.outcomes import REAPPLIED, reapplied

# Steps are also taken under the names of what led to them: a decision elsewhere entered here, an approved ending.
BESIDE_THE_TABLE: Final = (
    "intake.confirm_candidates",
    "ledger.apply_ending",
    "rectification.record_external_acceptance",
)
NOTICE_ROW: Final = "rectification.publicnotice:"
NOTICE_RUNNING: Final = "running"


@reacts_to(*sorted(VERBS), *BESIDE_THE_TABLE)
def keep_clocks(happened: Happened) -> None:
    """Start, stop, suspend, resume and put off clocks as the problems now stand."""
    problems = [problem.pk for problem in happened.of(Problem)]
    if problems:
        keep(problems, _notices(happened))


@reacts_to(REAPPLIED)
def reapply_policy(happened: Happened) -> None:
    """Put the clocks of the named problems under the version an approved decision applies to them."""
    for policy, cases in reapplied(happened, *CODES, LIGHTS):
        reapply(policy, cases)


def _notices(happened: Happened) -> Notices:
    """Read off the events which public notices began or ended; their rows belong to a neighbouring room."""
    begun: dict[uuid.UUID, date] = {}
    ended: set[uuid.UUID] = set()
    owners = {problem.pk for problem in happened.of(Problem)}
    for event in happened.events:
        for key, changes in event.body["changes"].items():
            state = changes.get("state", [None, None])[1]
            if not key.startswith(NOTICE_ROW) or state is None:
                continue
            if state == NOTICE_RUNNING:
                begun[uuid.UUID(changes["problem_id"][1])] = date.fromisoformat(changes["until"][1])
            else:
                # One step ends the notices of the problems it moves.
                ended |= owners
    return Notices(begun, frozenset(ended))
