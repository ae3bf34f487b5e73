"""What the pages of intake show: batches with their meters, and one document ready for review."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from bihuan.intake.disposing import LIVE, standing_on
from bihuan.intake.lighting import Box, places_of
from bihuan.intake.meters import COLOUR_OF, Meter, meter_of
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.page_images import page_letters
from bihuan.intake.policy import visible_batches
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.intake.standing import Standing, standing_of
from bihuan.ledger.models import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor

# A document of 300 pages is reviewed in parts, so that a page stays a page.
PART = 200
LONGEST_HEADING = 40
SENTENCE_ENDS = ("。", "；", "，", "：")
RUNNING = frozenset({"header", "footer", "page_mark"})


@dataclass(frozen=True)
class BatchRow:
    """A batch in the list."""

    batch: Batch
    meter: Meter
    documents: int
    problems: int


def batch_rows(actor: Actor) -> list[BatchRow]:
    """Every batch the actor works on, newest first; the number of queries does not grow with it."""
    batches = list(visible_batches(actor).select_related("source").order_by("-received_on", "-pk"))
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    live = Passage.objects.filter(document__batch__in=batches).exclude(
        document__state=IntakeDocument.State.WITHDRAWN
    )
    for batch, disposition, n in (
        live.order_by().values_list("document__batch", "disposition").annotate(n=Count("pk"))
    ):
        counts[batch][disposition] = n
    documents = _count(
        IntakeDocument.objects.filter(batch__in=batches).exclude(state=IntakeDocument.State.WITHDRAWN),
        "batch",
    )
    pending = _count(
        Candidate.objects.filter(document__batch__in=batches, state=Candidate.State.PROPOSED).exclude(
            document__state=IntakeDocument.State.WITHDRAWN
        ),
        "document__batch",
    )
    scans = _count(Scan.objects.filter(batch__in=batches, state__in=MOVING), "batch")
    problems = _count(
        Batch.objects.filter(pk__in=[batch.pk for batch in batches], problems__isnull=False), "pk"
    )
    return [
        BatchRow(
            batch,
            meter_of(
                _standing(
                    counts[batch.pk],
                    documents.get(batch.pk, 0),
                    pending.get(batch.pk, 0),
                    scans.get(batch.pk, 0),
                )
            ),
            documents.get(batch.pk, 0),
            problems.get(batch.pk, 0),
        )
        for batch in batches
    ]


def _standing(counts: dict[str, int], documents: int, pending: int, scans: int) -> Standing:
    unaccounted = counts.get("", 0)
    told = {name: n for name, n in counts.items() if name}
    return Standing(documents, sum(counts.values()), told, unaccounted, pending, 0, scans)


def _count(rows: Any, by: str) -> dict[UUID, int]:
    return dict(rows.order_by().values_list(by).annotate(n=Count("*")))


def waiting_batches(actor: Actor | None) -> int:
    """How many batches are not sealed yet, for the navigation."""
    return visible_batches(actor).filter(state=Batch.State.OPEN).count()


@dataclass(frozen=True)
class DocumentRow:
    """A document in its batch."""

    document: IntakeDocument
    passages: int
    open: int
    candidates: int
    pending: int


def document_rows(batch: Batch) -> list[DocumentRow]:
    """The documents of a batch with what is left to do in each."""
    documents = list(IntakeDocument.objects.filter(batch=batch).select_related("file"))
    passages = _count(Passage.objects.filter(document__batch=batch), "document")
    opened = _count(Passage.objects.filter(document__batch=batch, disposition=""), "document")
    found = _count(Candidate.objects.filter(document__batch=batch, state__in=LIVE), "document")
    pending = _count(
        Candidate.objects.filter(document__batch=batch, state=Candidate.State.PROPOSED), "document"
    )
    return [
        DocumentRow(
            document,
            passages.get(document.pk, 0),
            opened.get(document.pk, 0),
            found.get(document.pk, 0),
            pending.get(document.pk, 0),
        )
        for document in documents
    ]


def scans_of(batch: Batch) -> list[Scan]:
    """The scans of a batch that are being recognised, or could not be."""
    shown = (Scan.State.WAITING, Scan.State.READING, Scan.State.FAILED)
    return list(Scan.objects.filter(batch=batch, state__in=shown).order_by("asked_at"))


@dataclass(frozen=True)
class PassageView:
    """A passage as its line in the middle pane and its mark in the left one."""

    n: int
    text: str
    where: str
    page: int | None
    disposition: str
    label: str
    colour: str
    proposed: str
    proposed_label: str
    reason: str
    held: bool
    candidates: tuple[int, ...]
    section: tuple[str, ...]
    block: int
    kind: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def state(self) -> str:
        """How it is marked: accounted for or open."""
        return "done" if self.disposition else "open"


@dataclass(frozen=True)
class Section:
    """Consecutive passages under one heading."""

    heading: str
    path: str
    passages: tuple[PassageView, ...]

    @property
    def open_numbers(self) -> list[int]:
        return [passage.n for passage in self.passages if not passage.disposition]

    @property
    def acceptable(self) -> list[int]:
        """Open passages the program has a proposal for, so that one key settles them."""
        return [
            passage.n
            for passage in self.passages
            if not passage.disposition
            and passage.proposed
            and (passage.proposed != Disposition.PROBLEM or passage.candidates)
        ]


@dataclass(frozen=True)
class BlockView:
    """A paragraph, heading, row or running line of the typeset text."""

    kind: str
    page: int | None
    passages: tuple[PassageView, ...]


@dataclass(frozen=True)
class Review:
    """One part of a document, ready for review."""

    document: IntakeDocument
    sections: tuple[Section, ...]
    blocks: tuple[BlockView, ...]
    now: PassageView | None
    candidates: tuple[Candidate, ...]
    part: int
    parts: int
    total: int
    elsewhere: int | None
    clue_pages: frozenset[int] = field(default_factory=frozenset)

    @property
    def next_first(self) -> int | None:
        """Where the next part begins."""
        return self.part * PART + 1 if self.part < self.parts else None

    @property
    def previous_last(self) -> int | None:
        """Where the part before ends."""
        return (self.part - 1) * PART if self.part > 1 else None

    @property
    def passages(self) -> list[PassageView]:
        return [passage for section in self.sections for passage in section.passages]


def review_of(document: IntakeDocument, *, n: int | None = None, part: int | None = None) -> Review:
    """The part that holds passage `n`, or the given part, or the first one with something open."""
    total = Passage.objects.filter(document=document).count()
    next_open = next_open_after(document, n or 0)
    if part is None:
        part = ((n or next_open or 1) - 1) // PART + 1
    parts = max(1, -(-total // PART))
    part = min(max(part, 1), parts)
    rows = list(Passage.objects.filter(document=document, n__gt=(part - 1) * PART, n__lte=part * PART))
    candidates = standing_on(document, range(rows[0].n, rows[-1].n + 1) if rows else ())
    views = passage_views(rows, candidates)
    wanted = n or next_open or (views[0].n if views else None)
    now = next((view for view in views if view.n == wanted), views[0] if views else None)
    clues = Passage.objects.filter(document=document, clue__isnull=False, page__isnull=False)
    return Review(
        document=document,
        sections=_sections(views),
        blocks=_blocks(views),
        now=now,
        candidates=tuple(sorted(candidates, key=lambda one: (min(one.passages, default=0), one.k))),
        part=part,
        parts=parts,
        total=total,
        elsewhere=_open_outside(document, rows),
        clue_pages=frozenset(clues.values_list("page", flat=True)),
    )


def places_on(document: IntakeDocument, number: int) -> dict[int, list[Box]]:
    """Where the passages of a page stand on it, in per cent: of a scan as recognised, else found by their letters."""
    rows = Passage.objects.filter(document=document, page=number, clue__isnull=True).order_by("n")
    passages = list(rows.values_list("n", "text", "place"))
    found = {n: _per_cent(place["boxes"]) for n, _text, place in passages if "boxes" in place}
    left = [(n, text) for n, text, _place in passages if n not in found]
    if left and document.kind == "pdf":
        found |= places_of(page_letters(document, number), left)
    return found


def _per_cent(boxes: Iterable[Sequence[int]]) -> list[Box]:
    return [(left / 10, top / 10, width / 10, height / 10) for left, top, width, height in boxes]


def next_open_after(document: IntakeDocument, n: int) -> int | None:
    """The next passage still unaccounted for, going round at the end."""
    opened = _open_numbers(document)
    return opened.filter(n__gt=n).first() or opened.first()


def _open_outside(document: IntakeDocument, rows: Sequence[Passage]) -> int | None:
    """An open passage in another part, the following ones first: where to go on when this part is done."""
    if not rows:
        return None
    opened = _open_numbers(document)
    return opened.filter(n__gt=rows[-1].n).first() or opened.filter(n__lt=rows[0].n).first()


def _open_numbers(document: IntakeDocument) -> QuerySet[Any, int]:
    return Passage.objects.filter(document=document, disposition="").order_by("n").values_list("n", flat=True)  # type: ignore[no-any-return]


def passage_views(rows: Iterable[Passage], candidates: Iterable[Candidate]) -> list[PassageView]:
    """Passages with the numbers of the candidates that stand on them."""
    standing: dict[int, list[int]] = defaultdict(list)
    for candidate in candidates:
        for n in candidate.passages:
            standing[n].append(candidate.k)
    return [_view(passage, tuple(standing[passage.n])) for passage in rows]


def _view(passage: Passage, candidates: tuple[int, ...]) -> PassageView:
    place = passage.place if isinstance(passage.place, dict) else {}
    labels = dict(Disposition.choices)
    return PassageView(
        n=passage.n,
        text=passage.text.strip(),
        where=_where(passage, place),
        page=passage.page,
        disposition=passage.disposition,
        label=str(labels.get(passage.disposition, "")),
        colour=COLOUR_OF.get(passage.disposition, "open"),
        proposed=passage.proposed,
        proposed_label=str(labels.get(passage.proposed, "")),
        reason=passage.reason,
        held=passage.clue is not None,
        candidates=candidates,
        section=_section_of(passage.heading),
        block=place.get("block", 0),
        kind=place.get("kind", "paragraph"),
        pieces=pieces_of(passage.text, [] if passage.clue else place.get("doubtful", [])),
    )


def pieces_of(text: str, doubtful: Sequence[Sequence[int]]) -> tuple[tuple[str, bool], ...]:
    """A passage's text in pieces, those the recogniser was not sure of marked."""
    pieces, at = [], 0
    for begins, length in sorted(tuple(piece) for piece in doubtful):
        pieces += [(text[at:begins], False), (text[begins : begins + length], True)]
        at = begins + length
    pieces.append((text[at:], False))
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if not doubtful:
        return ((text[first:last], False),)
    return tuple((piece, is_doubtful) for piece, is_doubtful in pieces if piece)


def _where(passage: Passage, place: dict[str, Any]) -> str:
    if passage.page:
        return _("第 %(page)s 页") % {"page": passage.page}
    if place.get("row") or place.get("part") == "line":
        where = _("第 %(row)s 行") % {"row": place.get("row") or place["number"]}
        return f"{place['name']} {where}" if place.get("name") else where
    return _("第 %(number)s 自然段") % {"number": place["number"]} if place.get("number") else ""


def _section_of(heading: object) -> tuple[str, ...]:
    """The headings above a passage that are headings: a numbered sentence names its item, not a section."""
    path = heading if isinstance(heading, list) else []
    return tuple(
        above
        for above in path
        if len(above) <= LONGEST_HEADING and not above.rstrip().endswith(SENTENCE_ENDS)
    )


def _sections(views: Sequence[PassageView]) -> tuple[Section, ...]:
    return tuple(
        Section(
            heading=path[-1] if path else "",
            path=" / ".join(path),
            passages=tuple(passages),
        )
        for path, passages in groupby(views, key=lambda view: view.section)
    )


def _blocks(views: Sequence[PassageView]) -> tuple[BlockView, ...]:
    blocks = []
    for _block, passages in groupby(views, key=lambda view: view.block):
        held = tuple(passages)
        kind = "running" if held[0].kind in RUNNING else held[0].kind
        blocks.append(BlockView(kind, held[0].page, held))
    return tuple(blocks)


__all__ = [
    "BatchRow",
    "DocumentRow",
    "Meter",
    "PassageView",
    "Review",
    "batch_rows",
    "document_rows",
    "meter_of",
    "passage_views",
    "review_of",
    "standing_of",
    "waiting_batches",
]
