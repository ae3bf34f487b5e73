"""A file's content read into passages and proposals, before any transaction begins and before anything is stored.

The order matters: the name is asked for marks of secrecy before the content is looked at, the text before a word of
it is kept, and whatever looks like a clue about a person is set apart before passages are made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bihuan.documents.errors import DocumentError
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.documents.scanning import pages_to_recognise
from bihuan.files.names import BadName, clean_name
from bihuan.files.wording import refusal_of_name
from bihuan.intake.extraction.cues import Disposition as Cue
from bihuan.intake.extraction.extracting import extract
from bihuan.intake.keeping import HEADING_MARKER
from bihuan.intake.refusals import refusal_of
from bihuan.intake.scans.placing import places_in_scans
from bihuan.learning.classifiers import starting_version
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.text.secrecy import SecrecyLevel, clue_about_person, secrecy_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bihuan.documents.limits import Limits
    from bihuan.documents.scanned import ScannedPage
    from bihuan.intake.extraction.candidates import Candidate
    from bihuan.intake.extraction.extracting import Extraction
    from bihuan.intake.extraction.passages import Passage
    from bihuan.learning.classifiers import OfficeClassifier
    from bihuan.text.units import KnownUnit, UnitMatch

LONGEST_TITLE = 200


@dataclass(frozen=True)
class ReadPassage:
    """One passage as read. `clue`: its words are not for the ledger."""

    n: int
    text: str
    page: int | None
    heading: tuple[str, ...]
    place: Mapping[str, Any]
    proposed: str
    clue: bool = False


@dataclass(frozen=True)
class ReadCandidate:
    """One proposed problem; `passages` are numbers of passages, `written` the cells of its row by our names."""

    title: str
    text: str
    passages: tuple[int, ...]
    proposals: Mapping[str, Any]
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A document as it would be stored. `held` is the number of passages set apart as clues.

    `unread` are pages that are pictures, which text recognition could read here.
    """

    name: str
    sha256: str
    kind: str
    pages: int | None
    work_secret: bool
    passages: tuple[ReadPassage, ...]
    candidates: tuple[ReadCandidate, ...]
    notes: tuple[str, ...] = field(default=())
    unread: tuple[int, ...] = ()

    def __str__(self) -> str:
        """What an idempotency key compares."""
        return f"{self.sha256}/{self.name}"

    @property
    def held(self) -> int:
        return sum(passage.clue for passage in self.passages)


def read(
    name: str,
    content: bytes,
    *,
    units: Sequence[KnownUnit] = (),
    base_date: date | None = None,
    limits: Limits | None = None,
    classifier: OfficeClassifier | None = None,
    scanned: Mapping[int, ScannedPage] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Reading:
    """Read one file; raises `Refused` with the words a person needs, and has then stored nothing.

    `scanned`: what was recognised on its pages that are pictures; without it those stay unread.
    `columns`: what columns of its source's tables are known to be called (`source_columns.known_columns`).
    """
    try:
        name = clean_name(name)
    except BadName as error:
        raise refusal_of_name(name, error) from error
    refuse_marks_above("", name=name)
    try:
        document = read_in_sandbox(content, name=name, limits=limits, scanned=scanned)
    except DocumentError as error:
        raise refusal_of(error, name, content) from error
    refuse_marks_above(document.text, name=name)
    extraction = extract(
        document, units=units, base_date=base_date, classifier=classifier, remembered=columns
    )
    clues = _clues_in(extraction)
    more = places_in_scans(extraction.passages, scanned or {})
    marks = secrecy_marks(document.text, name=name)
    return Reading(
        name=name,
        sha256=document.sha256,
        kind=document.kind,
        pages=document.pages,
        work_secret=any(mark.level is SecrecyLevel.WORK_SECRET for mark in marks),
        passages=tuple(
            _passage(n, passage, more.get(n - 1, {}), clue=n in clues)
            for n, passage in enumerate(extraction.passages, start=1)
        ),
        candidates=tuple(
            _candidate(candidate, classifier)
            for candidate in extraction.candidates
            if not clues.intersection(index + 1 for index in candidate.passages)
        ),
        notes=document.notes,
        unread=pages_to_recognise(document) if scanned is None else (),
    )


def _clues_in(extraction: Extraction) -> frozenset[int]:
    """Numbers of the passages set apart: each that looks like a clue itself, and all of a candidate that does."""
    found = {n for n, passage in enumerate(extraction.passages, start=1) if clue_about_person(passage.text)}
    for candidate in extraction.candidates:
        own = {index + 1 for index in candidate.passages}
        if candidate.clue is not None and not own & found:
            found |= own
    return frozenset(found)


def _passage(n: int, passage: Passage, more: Mapping[str, Any], *, clue: bool) -> ReadPassage:
    place = {
        "part": passage.place.part,
        "number": passage.place.number,
        "row": passage.place.row,
        "name": passage.place.name,
        "block": passage.block,
        "kind": str(passage.kind),
        **more,
    }
    proposed = "" if passage.disposition is Cue.UNDECIDED else str(passage.disposition)
    # A heading is repeated with every passage below it, so a clue in one would leak through all of them.
    heading = tuple(HEADING_MARKER if clue_about_person(above) else above for above in passage.heading)
    return ReadPassage(n, passage.text, passage.page, heading, place, proposed, clue)


def _candidate(candidate: Candidate, classifier: OfficeClassifier | None) -> ReadCandidate:
    return ReadCandidate(
        title=candidate.title[:LONGEST_TITLE],
        text=candidate.text,
        passages=tuple(index + 1 for index in candidate.passages),
        proposals=proposals_of(candidate, classifier),
        written=candidate.facts,
    )


def proposals_of(candidate: Candidate, classifier: OfficeClassifier | None) -> dict[str, Any]:
    """Everything read out of the words, as plain values an event may hold: no floats, dates as ISO text."""
    sector, axes, deadline, amount = candidate.sector, candidate.axes, candidate.deadline, candidate.amount
    matched = [match for match in candidate.units if match.unit]
    facts = candidate.facts
    return {
        "source_no": candidate.source_no[:60],
        "section": list(candidate.section),
        "sector": sector.best,
        "sector_percent": round(sector.confidence * 100),
        "sector_reasons": list(sector.reasons),
        "sector_sure": sector.label is not None,
        "sector_model": str(classifier.model) if classifier else None,
        "sector_version": classifier.version if classifier else starting_version(),
        "nature": axes.nature,
        "impact": axes.impact,
        "urgency": axes.urgency,
        "rectification_kind": axes.kind,
        "reasons": dict(axes.reasons),
        "units": [_unit(match) for match in candidate.units],
        "lead_unit": matched[0].unit if matched else None,
        "supporting_units": [match.unit for match in matched[1:]] if facts.get("supporting_units") else [],
        "deadline": deadline.date.isoformat() if deadline and deadline.date else None,
        "deadline_text": deadline.text if deadline else "",
        "amount": format(amount.yuan, "f") if amount and amount.yuan is not None else None,
        "amount_text": amount.text if amount else "",
        "basis": "；".join(candidate.legal_basis),
        "site": (facts.get("site") or "、".join(candidate.places))[:200],
        "concerned_party": facts.get("concerned_party", "")[:200],
    }


def _unit(match: UnitMatch) -> dict[str, Any]:
    return {"name": match.name, "unit": match.unit, "alternatives": list(match.alternatives)}
