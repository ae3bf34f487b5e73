"""Declaring a batch complete, and why it cannot be declared yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import strung
from bihuan.ledger.models import Batch

if TYPE_CHECKING:
    from uuid import UUID

    from bihuan.journal.open_action import Actor


@dataclass(frozen=True)
class Standing:
    """How far a batch is: passages by disposition, and what is still to be done before it can be sealed."""

    documents: int
    total: int
    by_disposition: dict[str, int]
    unaccounted: int
    pending: int
    without_unit: int

    @property
    def accounted(self) -> int:
        return self.total - self.unaccounted

    @property
    def obstacles(self) -> list[str]:
        """Why it cannot be sealed, as sentences; empty when it can."""
        found = []
        if not self.documents:
            found.append(_("还没有收下任何文件"))
        if self.unaccounted:
            found.append(_("先交代 %(n)s 段") % {"n": self.unaccounted})
        if self.without_unit:
            found.append(_("为 %(n)s 条候选定牵头单位") % {"n": self.without_unit})
        if self.pending:
            found.append(_("确认或不采用 %(n)s 条候选") % {"n": self.pending})
        return found


def standing_of(batch: Batch) -> Standing:
    """Counted afresh; three queries, whatever the size."""
    documents = IntakeDocument.objects.filter(batch=batch).exclude(state=IntakeDocument.State.WITHDRAWN)
    rows = (
        Passage.objects.filter(document__in=documents)
        .order_by()
        .values_list("disposition")
        .annotate(n=Count("pk"))
    )
    counts = dict(rows)
    unaccounted = counts.pop("", 0)
    pending = Candidate.objects.filter(document__in=documents, state=Candidate.State.PROPOSED)
    waiting = list(pending.only("proposals", "choices"))
    without_unit = sum(1 for candidate in waiting if not candidate.values.get("lead_unit"))
    return Standing(
        documents=documents.count(),
        total=sum(counts.values()) + unaccounted,
        by_disposition={name: counts[name] for name in Disposition.values if name in counts},
        unaccounted=unaccounted,
        pending=len(waiting),
        without_unit=without_unit,
    )


def deciders_of(batch: Batch) -> set[UUID]:
    """Everybody who accounted for a passage or decided a candidate of the batch, and whom they stood in for."""
    found: set[UUID] = set()
    for model in (Passage, Candidate):
        rows = model.objects.filter(document__batch=batch, decided_by__isnull=False).order_by()
        for pair in rows.values_list("decided_by", "decided_for").distinct():
            found.update(one for one in pair if one is not None)
    return found


def is_second_person(actor: Actor, deciders: set[UUID]) -> bool:
    """Sealing needs somebody who decided nothing here, neither in person nor through a stand-in."""
    return not deciders.intersection(one for one in (actor.person, actor.on_behalf_of) if one is not None)


def seal(batch: Batch, actor: Actor) -> None:
    """The body of `intake.seal_batch`."""
    refuse_if_sealed(batch)
    act = current()
    documents = list(
        IntakeDocument.objects.filter(batch=batch)
        .exclude(state=IntakeDocument.State.WITHDRAWN)
        .order_by("pk")
    )
    # With the documents' streams held, nobody can reopen a passage while we count.
    act.lock(documents)
    standing = standing_of(batch)
    if standing.obstacles:
        raise Refused(
            _("这个批次还不能封账：%(why)s。") % {"why": strung(standing.obstacles)},
            accepted=_("每一段都有交代、每条候选都有结论以后再封账。"),
            unaccounted=standing.unaccounted,
            pending=standing.pending,
        )
    if not is_second_person(actor, deciders_of(batch)):
        raise Refused(
            _("您参与过本批次的交代或确认，不能由您封账。"),
            accepted=_("请另一位没有参与的同志复核后封账。"),
        )
    batch.state, batch.sealed_at, batch.sealed_by = Batch.State.SEALED, act.now, actor.person
    batch.save()
    act.fact(batch, **_certificate(standing, documents))
    for document in documents:
        document.state = IntakeDocument.State.DONE
    IntakeDocument.objects.save_all(documents)


def reopen_batch(batch: Batch) -> None:
    """Inside an action: what the seal declared is no longer so; it takes a second person again to seal it."""
    if batch.state != Batch.State.SEALED:
        return
    batch.state, batch.sealed_at, batch.sealed_by = Batch.State.OPEN, None, None
    batch.save()
    documents = list(IntakeDocument.objects.filter(batch=batch, state=IntakeDocument.State.DONE))
    current().lock(documents)
    for document in documents:
        document.state = IntakeDocument.State.REVIEWING
    IntakeDocument.objects.save_all(documents)


def _certificate(standing: Standing, documents: list[IntakeDocument]) -> dict[str, object]:
    """What the seal declares, kept in the batch's own event."""
    return {
        "documents": [{"id": str(document.pk), "sha256": document.sha256} for document in documents],
        "passages": standing.total,
        "by_disposition": standing.by_disposition,
    }
