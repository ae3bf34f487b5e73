"""What no stream says is verified by the room that keeps it: files, and what is counted; it registers how."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bihuan.journal.verify.report import Found

Verifier = Callable[[], Iterable[Found]]
_verifiers: list[Verifier] = []
_recounts: list[Verifier] = []


def register_verifier(verifier: Verifier) -> None:
    """Called from the `ready` of the room whose contents are to be checked."""
    if verifier not in _verifiers:
        _verifiers.append(verifier)


def register_recount(recount: Verifier) -> None:
    """The same for what a room keeps counted: it is counted again together with the derived columns."""
    if recount not in _recounts:
        _recounts.append(recount)


def registered_recounts() -> tuple[Verifier, ...]:
    """All of them, in the order of registration."""
    return tuple(_recounts)


def registered_verifiers() -> tuple[Verifier, ...]:
    """All of them, in the order of registration."""
    return tuple(_verifiers)
