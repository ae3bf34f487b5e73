"""What every record of a case file is made with: who did it and when by the journal, covered words, files one may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from bihuan.approvals.models import Approval
from bihuan.desk.problem_past import Past, events_in, streams_about
from bihuan.files.policy import may_see_subject
from bihuan.journal.models import StreamHead
from bihuan.ledger.models import Ending, FindingLink, Problem
from bihuan.organizations.models import Person
from bihuan.rectification.models import OrderItem, StandingCheck
from bihuan.text.personal import cover_personal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.documents.binding import Piece
    from bihuan.files.models import FileReference
    from bihuan.journal.action import Actor


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file as it is kept, with the words under which it was handed in."""

    reference: FileReference
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One record of the file: what was done, when, by whom, and the stream whose events prove it."""

    title: str
    on: date | None
    who: str
    pieces: Sequence[Piece]
    stream: uuid.UUID | None
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Head:
    """The newest event of a stream, by which the record can be found in the journal again."""

    stream: uuid.UUID
    kind: str
    seq: int
    digest: str


@dataclass
class Reading:
    """One problem as one actor may read it. Counts what it covers, so that the closing note can say so."""

    actor: Actor
    problem: Problem
    past: list[Past]
    other: list[Past]
    heads: Mapping[uuid.UUID, Head]
    covered: int = 0
    _names: dict[uuid.UUID, str] = field(default_factory=dict)
    _seen: dict[tuple[str, uuid.UUID], bool] = field(default_factory=dict)
    _first: dict[uuid.UUID, Past] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for event in sorted([*self.past, *self.other], key=lambda one: one.seq):
            self._first.setdefault(event.stream, event)

    def first(self, stream: uuid.UUID) -> tuple[date | None, str]:
        """The day a stream began and who began it, by the names of that day."""
        event = self._first.get(stream)
        return (timezone.localdate(event.at), who_of(event)) if event else (None, "")

    def acts(self, verb: str) -> list[Past]:
        """The problem's own events of a verb, oldest first."""
        return [event for event in reversed(self.past) if event.verb == verb and event.kind == "problem"]

    def say(self, text: object) -> str:
        """Words as they may leave the program."""
        covered = cover_personal("" if text is None else str(text))
        self.covered += covered.count
        return covered.text

    def name(self, person: uuid.UUID | None) -> str:
        """The person's name; who is unknown here (an authority outside) has none."""
        if person is None:
            return ""
        if person not in self._names:
            found = Person.objects.filter(pk=person).values_list("name", flat=True).first()
            self._names[person] = found or ""
        return self._names[person]

    def files(self, *references: tuple[FileReference | None, str]) -> list[Attachment]:
        """Those of the files the actor may open; the others leave no trace."""
        return [
            Attachment(reference=reference, caption=self.say(caption))
            for reference, caption in references
            if reference is not None and self._may_see(reference)
        ]

    def _may_see(self, reference: FileReference) -> bool:
        key = (reference.subject_kind, reference.subject)
        if key not in self._seen:
            self._seen[key] = may_see_subject(self.actor, *key)
        return self._seen[key]


def who_of(event: Past) -> str:
    """林晓（市整改办）."""
    who = event.who
    name, unit = who["person_name"], who["unit_name"]
    return f"{name}（{unit}）" if name and unit else name or unit or ""


def read(actor: Actor, problem: Problem) -> Reading:
    """Everything the records share; the caller has asked for sight of the problem."""
    own = streams_about(problem)
    decisions = Approval.objects.filter(subject__in=own).values_list("pk", flat=True)
    past = events_in([*own, *decisions], problem)
    other = events_in(_streams_beside(problem), problem)
    streams = {event.stream for event in [*past, *other]}
    return Reading(actor, problem, past, other, heads_of(streams))


def heads_of(streams: Iterable[uuid.UUID]) -> dict[uuid.UUID, Head]:
    """The heads of streams as they stand now."""
    rows = StreamHead.objects.filter(pk__in=list(streams)).order_by("kind", "stream")
    return {row.stream: Head(row.stream, row.kind, row.seq, bytes(row.hash).hex()) for row in rows}


def _streams_beside(problem: Problem) -> list[uuid.UUID]:
    """Streams that are not the problem's alone, or that its page does not tell of."""
    found: list[uuid.UUID] = list(
        OrderItem.objects.filter(problem=problem).values_list("order_id", flat=True).distinct()
    )
    found += FindingLink.objects.filter(problem=problem).values_list("finding_id", flat=True)
    found += Ending.objects.filter(problem=problem).values_list("pk", flat=True)
    found += StandingCheck.objects.filter(problem=problem).values_list("pk", flat=True)
    found += Approval.objects.filter(subject__in=found).values_list("pk", flat=True)
    return found
