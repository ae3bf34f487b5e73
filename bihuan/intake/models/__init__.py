"""Rows of this room."""

from __future__ import annotations

from bihuan.intake.models.documents import (
    Candidate,
    Certificate,
    Consultation,
    Decided,
    Disposition,
    IntakeDocument,
    Passage,
    SampledPassage,
    SealSample,
)
from bihuan.intake.models.forms import ReportingForm, ReportingFormVersion, SourceColumns
from bihuan.intake.models.imports import ImportBlock, ImportRun, StagedRow
from bihuan.intake.scans.scan import Scan

__all__ = [
    "Candidate",
    "Certificate",
    "Consultation",
    "Decided",
    "Disposition",
    "ImportBlock",
    "ImportRun",
    "IntakeDocument",
    "Passage",
    "ReportingForm",
    "ReportingFormVersion",
    "SampledPassage",
    "Scan",
    "SealSample",
    "SourceColumns",
    "StagedRow",
]
