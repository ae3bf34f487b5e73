"""What the doctor says: one finding per thing looked at, with the way to mend it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """WRONG makes the doctor's exit code 1; UNREACHED could not be looked at because of something above it."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Finding:
    """`check` is a stable name for programs; label, message and mend are in the reader's language."""

    check: str
    level: Level
    label: str
    message: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "check": self.check,
            "level": self.level.value,
            "label": self.label,
            "message": self.message,
            "mend": self.mend,
        }


def ok(check: str, label: str, message: str) -> Finding:
    return Finding(check, Level.OK, label, message)


def warning(check: str, label: str, message: str, *, mend: str) -> Finding:
    return Finding(check, Level.WARNING, label, message, mend)


def wrong(check: str, label: str, message: str, *, mend: str) -> Finding:
    return Finding(check, Level.WRONG, label, message, mend)


def unreached(check: str, label: str, message: str) -> Finding:
    return Finding(check, Level.UNREACHED, label, message)
