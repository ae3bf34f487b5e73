"""The nouns of the ledger: what was found, what is to be fixed, and by which words they are sorted."""

from __future__ import annotations

from bihuan.ledger.models.batches import Batch, Finding, FindingState
from bihuan.ledger.models.channels import ChannelMember, Clue, ClueState, RestrictedChannel
from bihuan.ledger.models.comparisons import Comparison, Hint, Waiting
from bihuan.ledger.models.counters import Counter, CounterDelta
from bihuan.ledger.models.endings import Ending
from bihuan.ledger.models.problems import (
    PARTY,
    FindingLink,
    Involvement,
    InvolvementRole,
    NumberSeries,
    Problem,
    Readership,
    SavedView,
)
from bihuan.ledger.models.taxonomy import LocalWording, Sector, Source, Term, TermKind

__all__ = [
    "PARTY",
    "Batch",
    "ChannelMember",
    "Clue",
    "ClueState",
    "Comparison",
    "Counter",
    "CounterDelta",
    "Ending",
    "Finding",
    "FindingLink",
    "FindingState",
    "Hint",
    "Involvement",
    "InvolvementRole",
    "LocalWording",
    "NumberSeries",
    "Problem",
    "Readership",
    "RestrictedChannel",
    "SavedView",
    "Sector",
    "Source",
    "Term",
    "TermKind",
    "Waiting",
]
