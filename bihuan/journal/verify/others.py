"""What lies outside the database is verified by the room that keeps it; it registers how, and verify asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bihuan.journal.verify.report import Found

Verifier = Callable[[], Iterable[Found]]
_verifiers: list[Verifier] = []


def register_verifier(verifier: Verifier) -> None:
    """Called from the `ready` of the room whose contents are to be checked."""
    if verifier not in _verifiers:
        _verifiers.append(verifier)


def registered_verifiers() -> tuple[Verifier, ...]:
    """All of them, in the order of registration."""
    return tuple(_verifiers)
