"""The nouns of the deadlines: clocks, the ladder that follows from them, and determinations of conduct."""

from __future__ import annotations

from bihuan.deadlines.models.clocks import (
    ACHIEVABILITY_LABELS,
    PRESSES,
    Clock,
    ClockKind,
    ClockState,
    Reapplication,
)
from bihuan.deadlines.models.conduct import Conduct
from bihuan.deadlines.models.ladder import Delisting, LadderRequest, LadderStep
from bihuan.deadlines.models.trials import PolicyTrial

__all__ = [
    "ACHIEVABILITY_LABELS",
    "PRESSES",
    "Clock",
    "ClockKind",
    "ClockState",
    "Conduct",
    "Delisting",
    "LadderRequest",
    "LadderStep",
    "PolicyTrial",
    "Reapplication",
]
