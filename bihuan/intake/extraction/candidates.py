"""What is proposed for each finding: title, number, classification, units, deadline, amount, with reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.intake.extraction.axes import Axes, axes_of
from bihuan.text.classifier import Prediction, starting_classifier
from bihuan.text.deadlines_in_text import Deadline, DeadlineKind, deadlines_in
from bihuan.text.legal_basis import legal_basis
from bihuan.text.money import Amount, amounts_in, main_amount
from bihuan.text.normalise import joined
from bihuan.text.outline import marker_of
from bihuan.text.places import places_in
from bihuan.text.secrecy import clue_about_person
from bihuan.text.units import KnownUnit, UnitIndex, UnitMatch, without_unit_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from bihuan.intake.extraction.prose import Finding
    from bihuan.text.classifier import Classifier

_TITLE_LENGTH = 60
_SETS_DEADLINE = re.compile(r"整改|办结|时限|期限|限期|完成(?!情况)|报送|落实到位|解决")
_FOR_ALL = re.compile(
    r"(?:以上|上述|所有|全部|各项|反馈|通报)[^。]{0,12}问题[^。]{0,40}(?:整改|办结|完成|解决)|(?:全部|全面)(?:整改)?(?:到位|完成)"
)
_MOST_UNITS = 8
_SEPARATORS = re.compile(r"[、，,;；\n]|(?<=[局委办厅府会司院校心队县区市镇])\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed problem; `k` counts from 1, `passages` are indices from 0 into the extraction's passages."""

    k: int
    title: str
    text: str
    passages: tuple[int, ...]
    source_no: str
    section: tuple[str, ...]
    sector: Prediction
    axes: Axes
    units: tuple[UnitMatch, ...]
    deadline: Deadline | None
    amount: Amount | None
    legal_basis: tuple[str, ...]
    places: tuple[str, ...]
    clue: str | None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def restricted(self) -> bool:
        """Held back from view: it looks like a clue about a person."""
        return self.clue is not None


_STARTING = starting_classifier()


def candidate_of(
    finding: Finding,
    k: int,
    index: Mapping[int, int],
    *,
    units: Sequence[KnownUnit] | UnitIndex = (),
    base_date: dt.date | None = None,
    classifier: Classifier | None = None,
    context: str = "",
) -> Candidate:
    """`index` maps passage identities to their place in the document; `context` is the document's title."""
    text = _text(finding)
    known = units if isinstance(units, UnitIndex) else UnitIndex.of(units)
    row = finding.row
    described = row.text if row is not None else text
    deadline = _deadline(finding, described, base_date)
    sector = _sector(classifier or _STARTING, finding, described, context)
    written = amounts_in(row.facts["amount"]) if row is not None and "amount" in row.facts else []
    return Candidate(
        k=k,
        title=_title(finding, described),
        text=text,
        passages=tuple(index[id(passage)] for passage in finding.passages),
        source_no=finding.source_no,
        section=finding.section,
        sector=sector,
        axes=axes_of(described, sector.best, deadline.kind if deadline else None),
        units=_units(finding, described, known),
        deadline=deadline,
        amount=written[0] if written else main_amount(described),
        legal_basis=legal_basis(described),
        places=tuple(places_in(described)[:5]),
        clue=clue_about_person(described),
        facts=row.facts if row is not None else {},
    )


def _sector(classifier: Classifier, finding: Finding, described: str, context: str) -> Prediction:
    """By the finding's own words; where they say too little, with the headings and the title above them."""
    own = classifier.predict(without_unit_names(f"{finding.title} {described}"))
    if own.label is not None:
        return own
    wider = classifier.predict(without_unit_names(f"{described} {' '.join(finding.section)} {context}"))
    return wider if wider.confidence > own.confidence else own


def _text(finding: Finding) -> str:
    """The passages as they stand, a line break between blocks."""
    text, block = "", None
    for passage in finding.passages:
        text += ("\n" if block is not None and passage.block != block else "") + passage.text
        block = passage.block
    return text.strip()


def _title(finding: Finding, described: str) -> str:
    """The heading that names the finding, else its first sentence; long ones end at a comma."""
    named = finding.title.strip()
    lead = described.strip()
    own = finding.passages[0].text.strip() if finding.row is None else lead
    # A numbered item that holds several findings names none of them.
    source = (
        named
        if named and (named == own or finding.row is not None or own not in named) and _names(finding)
        else own
    )
    marker = marker_of(source)
    if marker is not None:
        source = source[source.find(marker.printed) + len(marker.printed) :]
    source = re.sub(
        r"^(?:[一二三四五六七八九十]{1,3}是|主要是|同时[，,]|此外[，,]|另外[，,])", "", joined(source).strip()
    )
    source = re.split(r"[。；！？\n]", source, maxsplit=1)[0].rstrip("，,：:、")
    if len(source) <= _TITLE_LENGTH:
        return source or lead[:_TITLE_LENGTH]
    cut = source.rfind("，", 12, _TITLE_LENGTH)
    return source[:cut] if cut > 0 else source[: _TITLE_LENGTH - 1] + "…"


def _names(finding: Finding) -> bool:
    first = finding.passages[0].text
    return re.match(r"\s*(?:[一二三四五六七八九十]{1,3}是|从|在)", first) is None


def _units(finding: Finding, described: str, known: UnitIndex) -> tuple[UnitMatch, ...]:
    row = finding.row
    if row is not None:
        written = [row.facts.get("lead_unit", ""), row.facts.get("supporting_units", "")]
        names = [name.strip() for value in written for name in _SEPARATORS.split(value) if name.strip()]
        if names:
            return tuple(known.match(name) for name in dict.fromkeys(names))
    found = known.in_text(f"{finding.title}\n{described}")
    if not found and finding.section:
        # A list of findings often stands under the name of the unit it is about.
        found = known.in_text(finding.section[-1])
    return tuple(found[:_MOST_UNITS])


def _deadline(finding: Finding, described: str, base_date: dt.date | None) -> Deadline | None:
    row = finding.row
    if row is not None and row.facts.get("deadline"):
        found = deadlines_in(row.facts["deadline"], base_date)
        kind = found[-1].kind if found else row.deadline_kind or DeadlineKind.DATE
        date = row.deadline or (found[-1].date if found else None)
        return Deadline(row.facts["deadline"], date, kind, 0)
    for deadline in deadlines_in(described, base_date):
        around = described[max(0, deadline.start - 12) : deadline.start + len(deadline.text) + 12]
        if deadline.kind is DeadlineKind.IMMEDIATE or _SETS_DEADLINE.search(around):
            return deadline
    return None


def common_deadline(demands: Sequence[str], base_date: dt.date | None) -> Deadline | None:
    """The one deadline the document's demands set for all its problems (“以上问题于10月15日前整改到位”)."""
    found = {
        deadline.text: deadline
        for text in demands
        if _FOR_ALL.search(text)
        for deadline in deadlines_in(text, base_date)
    }
    return next(iter(found.values())) if len(found) == 1 else None
