"""From a document to passages with dispositions and candidate problems. Pure: no database, no clock, no settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bihuan.documents.model import BlockKind
from bihuan.intake.extraction.candidates import Candidate, candidate_of, common_deadline
from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.passages import cut
from bihuan.intake.extraction.prose import read_prose
from bihuan.intake.extraction.records import read_records, record_labels
from bihuan.intake.extraction.tables import read_tables
from bihuan.text.radicals import mend_radicals
from bihuan.text.units import UnitIndex

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from bihuan.documents.model import Document
    from bihuan.intake.extraction.passages import Part, Passage
    from bihuan.intake.extraction.prose import Finding
    from bihuan.text.classifier import Classifier
    from bihuan.text.units import KnownUnit


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document, its passages in order, and the candidates; candidate k refers to passages by their index."""

    document: Document
    passages: tuple[Passage, ...]
    candidates: tuple[Candidate, ...]

    @property
    def unaccounted(self) -> int:
        """Passages nobody has said anything about yet."""
        return sum(passage.disposition is Disposition.UNDECIDED for passage in self.passages)


def extract(
    document: Document,
    *,
    units: Sequence[KnownUnit] = (),
    base_date: dt.date | None = None,
    classifier: Classifier | None = None,
    remembered: Mapping[str, str] | None = None,
) -> Extraction:
    """Passages and candidates. `base_date` is the day relative deadlines count from, where one is known.

    `remembered`: what the columns of this source's tables are called, header -> our fact.
    """
    document = document.mapped(mend_radicals)
    parts = cut(document)
    findings = _findings(parts, remembered)
    passages = tuple(passage for part in parts for passage in part.passages)
    index = {id(passage): number for number, passage in enumerate(passages)}
    known = UnitIndex.of(units)
    context = " ".join(part.text for part in parts if part.is_title and "://" not in part.text)
    candidates = []
    for number, finding in enumerate(findings, start=1):
        for passage in finding.passages:
            passage.candidate = number
        candidates.append(
            candidate_of(
                finding,
                number,
                index,
                units=known,
                base_date=base_date,
                classifier=classifier,
                context=context,
            )
        )
    return Extraction(document, passages, _with_common_deadline(candidates, passages, base_date))


def _with_common_deadline(
    candidates: list[Candidate], passages: tuple[Passage, ...], base_date: dt.date | None
) -> tuple[Candidate, ...]:
    demands = [passage.text for passage in passages if passage.disposition is Disposition.REQUIREMENT]
    deadline = common_deadline(demands, base_date)
    if deadline is None:
        return tuple(candidates)
    return tuple(
        candidate if candidate.deadline else replace(candidate, deadline=deadline) for candidate in candidates
    )


def _findings(parts: list[Part], remembered: Mapping[str, str] | None) -> list[Finding]:
    """Tables by their header row, exports of messages record by record, everything else as prose."""
    # Of a page nobody could read nothing is proposed: a person has to say what is on it.
    parts = [part for part in parts if part.block.kind is not BlockKind.UNREAD]
    labels = record_labels(parts)
    if labels:
        return read_records(parts, labels)
    rows = [part for part in parts if part.block.kind is BlockKind.ROW]
    found = read_prose([part for part in parts if part.block.kind is not BlockKind.ROW])
    return _in_order(parts, [*found, *read_tables(rows, remembered)])


def _in_order(parts: list[Part], findings: list[Finding]) -> list[Finding]:
    order = {
        id(passage): at for at, passage in enumerate(passage for part in parts for passage in part.passages)
    }
    return sorted(findings, key=lambda finding: order[id(finding.passages[0])])
