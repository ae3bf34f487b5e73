"""What verifying finds, and how it is said."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What can be wrong. `ERASED` is no fault: content that went by an expungement, and says so.

    `PAYLOAD_DESTROYED` is the same without anybody having had the right to order it.
    """

    CHAIN_BROKEN = "chain_broken"
    EVENT_MISSING = "event_missing"
    EVENT_CONTRADICTS = "event_contradicts"
    EVENT_NOT_CANONICAL = "event_not_canonical"
    HEAD_DIFFERS = "head_differs"
    ROW_ALTERED = "row_altered"
    ROW_MISSING = "row_missing"
    ROW_WITHOUT_EVENT = "row_without_event"
    ROW_WITHOUT_STREAM = "row_without_stream"
    STREAM_WITHOUT_EVENT = "stream_without_event"
    PAYLOAD_ALTERED = "payload_altered"
    PAYLOAD_DESTROYED = "payload_destroyed"
    PAYLOAD_MISSING = "payload_missing"
    PAYLOAD_WITHOUT_EVENT = "payload_without_event"
    DERIVED_DIFFERS = "derived_differs"
    FILE_ALTERED = "file_altered"
    FILE_MISSING = "file_missing"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    ERASED = "erased"


@dataclass(frozen=True)
class Found:
    """One thing found: what, where (a row key, stream or file), and which columns or why."""

    fault: Fault
    where: str
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Tally:
    """What was looked at and what was found."""

    events: int = 0
    streams: int = 0
    rows: int = 0
    payloads: int = 0
    files: int = 0
    found: list[Found] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.events += other.events
        self.streams += other.streams
        self.rows += other.rows
        self.payloads += other.payloads
        self.files += other.files
        self.found.extend(other.found)

    @property
    def wrong(self) -> list[Found]:
        """All that is not as it was written."""
        return [found for found in self.found if found.fault is not Fault.ERASED]

    @property
    def erased(self) -> int:
        """How many payloads were erased by expungement."""
        return sum(found.fault is Fault.ERASED for found in self.found)
