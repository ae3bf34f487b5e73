"""How a room above learns that what it asked for is decided.

::

    @reacts_to(*FINAL_VERBS)
    def issue(happened: Happened) -> None:
        for approval in happened_final(happened, "rectification.issue_order"):
            if approval.state == ApprovalState.APPROVED: …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.approvals.models import Approval, ApprovalState
from bihuan.approvals.verbs import FINAL_VERBS, Verb

if TYPE_CHECKING:
    from bihuan.journal.reactions import Happened

__all__ = ["FINAL_VERBS", "WITHDRAWN_VERB", "happened_final", "happened_withdrawn"]

WITHDRAWN_VERB = Verb.WITHDRAW.value


def happened_final(happened: Happened, *matters: str) -> list[Approval]:
    """The approvals of these matters that have just been approved or returned, in the order of their subjects."""
    return _just_in(happened, matters, {ApprovalState.APPROVED.value, ApprovalState.RETURNED.value})


def happened_withdrawn(happened: Happened, *matters: str) -> list[Approval]:
    """The approvals of these matters whose asker has just taken them back."""
    return _just_in(happened, matters, {ApprovalState.WITHDRAWN.value})


def _just_in(happened: Happened, matters: tuple[str, ...], states: set[str]) -> list[Approval]:
    """A later step of the same approval must not be taken for its end, so the event is asked, not the row."""
    ended = {
        event.stream
        for event in happened.events
        if event.body["changes"].get(f"approvals.approval:{event.stream}", {}).get("state", [None, None])[1]
        in states
    }
    return [found for found in happened.of(Approval) if found.pk in ended and found.matter in matters]
