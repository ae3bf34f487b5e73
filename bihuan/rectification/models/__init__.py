"""The nouns of the working middle and the end: order, plan, measure, progress, evidence, acceptance, notice, closure."""

from __future__ import annotations

from bihuan.rectification.models.acceptance import (
    Acceptance,
    ClosureReview,
    Objection,
    PublicNotice,
    StandingCheck,
)
from bihuan.rectification.models.deliberation import Deliberation
from bihuan.rectification.models.leading import (
    EnteredAs,
    FocusEntry,
    LeaderInstruction,
    LeadersAct,
    Visit,
    VisitFile,
)
from bihuan.rectification.models.money import MoneyEntry
from bihuan.rectification.models.moves import DutyMove
from bihuan.rectification.models.orders import AssignmentOrder, Decline, OrderItem, Pressing
from bihuan.rectification.models.panels import AcceptanceLevel, AcceptancePanel, Panellist
from bihuan.rectification.models.plans import Extension, Measure, Plan, Suspension
from bihuan.rectification.models.sittings import ClosureSitting, Outcome, SittingCase
from bihuan.rectification.models.work import Evidence, EvidenceUse, EvidenceVersion, ProgressReport

__all__ = [
    "Acceptance",
    "AcceptanceLevel",
    "AcceptancePanel",
    "AssignmentOrder",
    "ClosureReview",
    "ClosureSitting",
    "Decline",
    "Deliberation",
    "DutyMove",
    "EnteredAs",
    "Evidence",
    "EvidenceUse",
    "EvidenceVersion",
    "Extension",
    "FocusEntry",
    "LeaderInstruction",
    "LeadersAct",
    "Measure",
    "MoneyEntry",
    "Objection",
    "OrderItem",
    "Outcome",
    "Panellist",
    "Plan",
    "Pressing",
    "ProgressReport",
    "PublicNotice",
    "SittingCase",
    "StandingCheck",
    "Suspension",
    "Visit",
    "VisitFile",
]
