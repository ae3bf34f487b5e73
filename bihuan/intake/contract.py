"""The JSON that `bihuan intake --json` prints; its keys are a contract with other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.text.starting_taxonomy import sector_label

if TYPE_CHECKING:
    from bihuan.intake.extraction.candidates import Candidate
    from bihuan.intake.extraction.extracting import Extraction


def as_json(extraction: Extraction) -> dict[str, Any]:
    """Plain values. Units carry the id they were matched to (null without a list), duplicates are the ledger's matter."""
    document = extraction.document
    return {
        "document": {
            "name": document.name,
            "sha256": document.sha256,
            "kind": document.kind,
            "pages": document.pages,
        },
        "passages": [
            {
                "n": number,
                "text": passage.text,
                "page": passage.page,
                "heading": list(passage.heading),
                "disposition": str(passage.disposition),
                "candidate": passage.candidate,
            }
            for number, passage in enumerate(extraction.passages, start=1)
        ],
        "candidates": [_candidate(candidate) for candidate in extraction.candidates],
        "unaccounted": extraction.unaccounted,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    sector, axes, deadline, amount = candidate.sector, candidate.axes, candidate.deadline, candidate.amount
    return {
        "k": candidate.k,
        "title": candidate.title,
        "text": candidate.text,
        "passages": [index + 1 for index in candidate.passages],
        "source_no": candidate.source_no,
        "sector": {
            "code": sector.best,
            "label": sector_label(sector.best),
            "confidence": sector.confidence,
            "abstained": sector.label is None,
            "reasons": list(sector.reasons),
        },
        "nature": axes.nature,
        "impact": axes.impact,
        "urgency": axes.urgency,
        "grade": axes.grade,
        "kind": axes.kind,
        "reasons": dict(axes.reasons),
        "units": [
            {"name": match.name, "unit": match.unit, "alternatives": list(match.alternatives)}
            for match in candidate.units
        ],
        "deadline": {"text": deadline.text, "date": deadline.date.isoformat() if deadline.date else None}
        if deadline
        else None,
        "amount": {"text": amount.text, "yuan": format(amount.yuan, "f") if amount.yuan is not None else None}
        if amount
        else None,
        "legal_basis": list(candidate.legal_basis),
        "places": list(candidate.places),
        "restricted": candidate.restricted,
        "duplicates": [],
    }
