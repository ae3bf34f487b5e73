"""How far a batch is, who decided in it, and so who may seal it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage, SampledPassage
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.journal.action import Refused
from bihuan.journal.wording import strung

if TYPE_CHECKING:
    from uuid import UUID

    from bihuan.journal.open_action import Actor
    from bihuan.ledger.models import Batch


@dataclass(frozen=True)
class Standing:
    """How far a batch is: passages by disposition, and what is still to be done before it can be sealed."""

    documents: int
    total: int
    by_disposition: dict[str, int]
    unaccounted: int
    pending: int
    without_unit: int
    scans: int = 0

    @property
    def accounted(self) -> int:
        return self.total - self.unaccounted

    @property
    def obstacles(self) -> list[str]:
        """Why it cannot be sealed, as sentences; empty when it can."""
        found = []
        if not self.documents:
            found.append(_("还没有收下任何文件"))
        if self.scans:
            found.append(_("等 %(n)s 份扫描件识别完") % {"n": self.scans})
        if self.unaccounted:
            found.append(_("先交代 %(n)s 段") % {"n": self.unaccounted})
        if self.without_unit:
            found.append(_("为 %(n)s 条候选定牵头单位") % {"n": self.without_unit})
        if self.pending:
            found.append(_("确认或不采用 %(n)s 条候选") % {"n": self.pending})
        return found


def _no_unit(column: str) -> Q:
    at = f"{column}__lead_unit"
    return Q(**{f"{at}__isnull": True}) | Q(**{at: None}) | Q(**{at: ""})


# What a person chose counts before what was read, as in `Candidate.values`; a choice may also be none.
_CHOSEN = Q(choices__has_key="lead_unit")
_WITHOUT_UNIT = (_CHOSEN & _no_unit("choices")) | (~_CHOSEN & _no_unit("proposals"))


def standing_of(batch: Batch) -> Standing:
    """Counted afresh; the number of queries does not grow with the batch."""
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
    waiting = pending.aggregate(all=Count("pk"), without_unit=Count("pk", filter=_WITHOUT_UNIT))
    return Standing(
        documents=documents.count(),
        total=sum(counts.values()) + unaccounted,
        by_disposition={name: counts[name] for name in Disposition.values if name in counts},
        unaccounted=unaccounted,
        pending=waiting["all"],
        without_unit=waiting["without_unit"],
        scans=Scan.objects.filter(batch=batch, state__in=MOVING).count(),
    )


def deciders_of(batch: Batch) -> set[UUID]:
    """Everybody who accounted for a passage or decided a candidate of the batch, and whom they stood in for.

    Whoever had decided a passage that a sample sent back is one of them, though the passage forgets it.
    """
    found: set[UUID] = set()
    for model, batch_of in (
        (Passage, "document__batch"),
        (Candidate, "document__batch"),
        (SampledPassage, "batch"),
    ):
        rows = model.objects.filter(**{batch_of: batch}, decided_by__isnull=False).order_by()
        for pair in rows.values_list("decided_by", "decided_for").distinct():
            found.update(one for one in pair if one is not None)
    return found


def is_second_person(actor: Actor, deciders: set[UUID]) -> bool:
    """Sealing needs somebody who decided nothing here, neither in person nor through a stand-in."""
    return not deciders.intersection(one for one in (actor.person, actor.on_behalf_of) if one is not None)


def live_documents(batch: Batch) -> list[IntakeDocument]:
    """The documents that count, in the order of their ids, in which their streams are locked."""
    found = IntakeDocument.objects.filter(batch=batch).exclude(state=IntakeDocument.State.WITHDRAWN)
    return list(found.order_by("pk"))


def refuse_unless_ready(batch: Batch) -> Standing:
    """Zero unaccounted and nothing undecided; with the documents' streams held nobody changes that while we count."""
    standing = standing_of(batch)
    if standing.obstacles:
        raise Refused(
            _("这个批次还不能封账：%(why)s。") % {"why": strung(standing.obstacles)},
            accepted=_("每一段都有交代、每条候选都有结论以后再封账。"),
            unaccounted=standing.unaccounted,
            pending=standing.pending,
        )
    return standing


def refuse_unless_second(batch: Batch, actor: Actor) -> None:
    """Whoever decided something here neither looks again nor seals."""
    if not is_second_person(actor, deciders_of(batch)):
        raise Refused(
            _("您参与过本批次的交代或确认，不能由您封账。"),
            accepted=_("请另一位没有参与的同志复核后封账。"),
        )
