"""What the second person sees: may they seal, and the sample they look at again, passage by passage."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.intake.models import Candidate, Passage, SampledPassage
from bihuan.intake.queries import PassageView, passage_views
from bihuan.intake.sealing.sampling import last_sample
from bihuan.intake.sealing.sampling_rules import seed_of
from bihuan.intake.standing import deciders_of, is_second_person, live_documents
from bihuan.journal.models import StreamHead
from bihuan.journal.wording import strung
from bihuan.ledger.models import Batch, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from bihuan.intake.meters import Meter
    from bihuan.intake.models import IntakeDocument, SealSample
    from bihuan.journal.action import Actor


@dataclass(frozen=True)
class SealOffer:
    """The seal button: may this person look again and seal, and if not, why not."""

    sealed: bool
    possible: bool
    why_not: str


def seal_offer(batch: Batch, meter: Meter, actor: Actor) -> SealOffer:
    """Obstacles first; then whether this person may be the second one."""
    if batch.state == Batch.State.SEALED:
        return SealOffer(sealed=True, possible=False, why_not="")
    if meter.obstacles:
        return SealOffer(sealed=False, possible=False, why_not=strung(meter.obstacles))
    if not is_second_person(actor, deciders_of(batch)):
        return SealOffer(
            sealed=False, possible=False, why_not=_("您参与过交代或确认，须由另一位同志复核后封账")
        )
    return SealOffer(sealed=False, possible=True, why_not="")


@dataclass(frozen=True)
class Became:
    """What a passage called a problem became in the ledger."""

    number: str
    title: str


@dataclass(frozen=True)
class SampleItem:
    """One passage of the sample with what stands around it; `drawn_as` is what it was called when it was drawn."""

    place: int
    passage: PassageView
    document: IntakeDocument
    before: str
    after: str
    drawn_as: str
    answer: str
    answer_label: str
    reason: str
    became: tuple[Became, ...]

    @property
    def moved(self) -> bool:
        """Whether it was decided anew after it was drawn."""
        return self.passage.disposition != self.drawn_as


@dataclass(frozen=True)
class SampleView:
    """The sample as its drawer works through it. `stale`: the batch has moved on since it was drawn."""

    sample: SealSample
    items: tuple[SampleItem, ...]
    stale: bool
    mine: bool

    @property
    def waiting(self) -> int:
        """Passages without an answer."""
        return sum(not item.answer for item in self.items)

    @property
    def differing(self) -> int:
        """Passages answered “differs”."""
        return sum(item.answer == SampledPassage.Answer.DIFFERS for item in self.items)

    @property
    def carries(self) -> bool:
        """Whether the batch can be sealed on it."""
        return self.mine and not (self.waiting or self.differing or self.stale)


def sample_view(batch: Batch, actor: Actor) -> SampleView | None:
    """The sample that counts, ready to be drawn on the page; a fixed number of queries."""
    sample = last_sample(batch)
    if sample is None:
        return None
    rows = list(SampledPassage.objects.filter(sample=sample).select_related("passage__document"))
    return SampleView(
        sample=sample,
        items=tuple(_items(batch, rows)),
        stale=_has_moved(batch, sample),
        mine=sample.drawn_by == actor.person,
    )


def _has_moved(batch: Batch, sample: SealSample) -> bool:
    """The same question the seal asks, without holding the streams."""
    heads = StreamHead.objects.filter(pk__in=[document.pk for document in live_documents(batch)])
    now = sorted([str(head.pk), str(head.seq), bytes(head.hash).hex()] for head in heads)
    return seed_of(batch.pk, sample.drawn_by, now) != sample.seed


def _items(batch: Batch, rows: Sequence[SampledPassage]) -> Iterable[SampleItem]:
    passages = [row.passage for row in rows]
    around = _neighbours(passages)
    became = _became(batch, passages)
    views = passage_views(passages, [])
    for row, view in zip(rows, views, strict=True):
        document, n = row.passage.document, row.passage.n
        yield SampleItem(
            place=row.place,
            passage=view,
            document=document,
            before=around.get((document.pk, n - 1), ""),
            after=around.get((document.pk, n + 1), ""),
            drawn_as=row.disposition,
            answer=row.answer,
            answer_label=row.get_answer_display(),
            reason=row.reason,
            became=tuple(became[document.pk, n]),
        )


def _neighbours(passages: Sequence[Passage]) -> dict[tuple[UUID, int], str]:
    """The words before and after each passage, for a sentence cut off from its neighbours says little."""
    numbers = {n for passage in passages for n in (passage.n - 1, passage.n + 1)}
    documents = {passage.document_id for passage in passages}
    rows = Passage.objects.filter(document__in=documents, n__in=numbers)
    return {(document, n): text.strip() for document, n, text in rows.values_list("document", "n", "text")}


def _became(batch: Batch, passages: Sequence[Passage]) -> dict[tuple[UUID, int], list[Became]]:
    """Numbers and titles of the problems that stand on each passage; of the batch's own channel alone."""
    documents = {passage.document_id for passage in passages}
    confirmed = Candidate.objects.filter(document__in=documents, state=Candidate.State.CONFIRMED)
    candidates = list(confirmed.only("document", "passages", "problem"))
    problems = Problem.objects.filter(
        pk__in=[one.problem for one in candidates if one.problem], channel=batch.channel_id
    )
    known = {
        pk: Became(number, title) for pk, number, title in problems.values_list("pk", "problem_no", "title")
    }
    found: dict[tuple[UUID, int], list[Became]] = defaultdict(list)
    for candidate in candidates:
        for n in candidate.passages:
            if candidate.problem in known:
                found[candidate.document_id, n].append(known[candidate.problem])
    return found
