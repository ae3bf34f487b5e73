"""What the machinery may refuse.

ActionError
├── WriteOutsideAction     a business row was written with no action open (a programming error)
├── Refused                the rules say no; says what would be accepted instead
│   ├── NotAllowed         the actor may see the subject but may not do this (403)
│   ├── NotVisible         the subject does not exist for this actor (404)
│   ├── Stale              somebody else changed the subject meanwhile; carries their changes (409)
│   └── KeyReused          the idempotency key was used for another call (409)
└── RetryAction            another transaction got in between; the machinery runs the body again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ActionError(Exception):
    """Root of everything the journal room raises."""


class WriteOutsideAction(ActionError):
    """A business row may only be written while an action is open."""


class RetryAction(ActionError):
    """A row read before its stream was locked has changed since; the action starts again."""


class Refused(ActionError):
    """A business refusal in the user's language.

    `message` says what is wrong, `accepted` what would be right, `data` carries the facts for programs.
    """

    status = 422

    def __init__(
        self, message: str | _StrPromise, *, accepted: str | _StrPromise = "", field: str = "", **data: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.accepted = accepted
        self.field = field
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} {self.accepted}".strip()


class NotAllowed(Refused):
    """The actor sees the subject but has no authority for this verb."""

    status = 403


class NotVisible(Refused):
    """For this actor the subject does not exist; the answer must not differ from a missing one."""

    status = 404


@dataclass(frozen=True)
class ForeignChange:
    """One field somebody else changed after the caller last looked."""

    record: str
    field: str
    before: Any
    after: Any
    who: str
    verb: str
    at: str


class Stale(Refused):
    """The subject changed since the caller saw it; nothing was written."""

    status = 409

    def __init__(self, message: str | _StrPromise, *, changes: list[ForeignChange]) -> None:
        super().__init__(message)
        self.changes = changes


class KeyReused(Refused):
    """The idempotency key already stands for a different call."""

    status = 409
