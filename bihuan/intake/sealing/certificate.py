"""What a seal declares: counted inside the seal's own action, kept in its event, written on the certificate.

Nothing here names a clue or a problem of another channel: of held clues there is a number of passages, as in the ledger.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.files import store
from bihuan.files.taking_in import Incoming, take_in
from bihuan.intake.models import Candidate, Certificate, IntakeDocument, Passage, SampledPassage
from bihuan.intake.sealing.sampling_rules import key_of
from bihuan.intake.standing import deciders_of
from bihuan.journal.action import current
from bihuan.journal.models import JournalEvent
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Finding, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from bihuan.intake.models import SealSample
    from bihuan.intake.standing import Standing
    from bihuan.journal.open_action import Actor
    from bihuan.ledger.models import Batch

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUBJECT: Final = "intake_certificate"
_NUMBERED: Final = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Everything the certificate says, as plain values."""

    number: int
    files: tuple[dict[str, Any], ...]
    passages: int
    by_disposition: dict[str, int]
    findings: int
    problems: int
    ranges: tuple[tuple[str, str], ...]
    joined: tuple[str, ...]
    imported: int
    sample: dict[str, Any]
    reviewers: tuple[str, ...]
    sealer: str
    sealed_at: datetime
    seq: int
    previous: str
    mark: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What of it the seal's event keeps, so that it can be counted and drawn again."""
        return {
            "certificate": self.number,
            "documents": [
                {name: file[name] for name in ("id", "sha256", "seq", "hash", "passages")}
                for file in self.files
            ],
            "passages": self.passages,
            "by_disposition": self.by_disposition,
            "findings": self.findings,
            "problems": self.problems,
            "numbers": [list(pair) for pair in self.ranges],
            "joined": list(self.joined),
            "imported": self.imported,
            "sample": self.sample,
        }


def declare(
    batch: Batch, documents: Sequence[IntakeDocument], standing: Standing, sample: SealSample, actor: Actor
) -> Declared:
    """Counted with every stream of the batch held."""
    act = current()
    seq, previous = act.locked[batch.pk]
    numbers = problem_numbers(batch, documents)
    joined = joined_numbers(batch, documents)
    return Declared(
        number=Certificate.objects.filter(batch=batch).count() + 1,
        files=tuple(_files(documents)),
        passages=standing.total,
        by_disposition=standing.by_disposition,
        findings=Finding.objects.filter(batch=batch).count(),
        problems=len(numbers),
        ranges=tuple(ranges_of(numbers)),
        joined=tuple(joined),
        imported=Problem.objects.filter(batch=batch, channel=batch.channel_id)
        .exclude(imported_from="")
        .count(),
        sample=sample_facts(sample),
        reviewers=tuple(_reviewers(batch, documents)),
        sealer=name_and_post(actor.as_json()),
        sealed_at=act.now,
        seq=seq + 1,
        previous=previous.hex(),
        mark=_mark(batch, documents),
    )


def _mark(batch: Batch, documents: Sequence[IntakeDocument]) -> str:
    """How far the paper may go, where that is not as far as others."""
    with for_the_record():
        if batch.channel_id:
            return _("限制知悉")
        return _("工作秘密") if any(document.work_secret for document in documents) else ""


def _files(documents: Sequence[IntakeDocument]) -> Iterable[dict[str, Any]]:
    """In the order they came, with the head of the journal their passages were counted at."""
    locked = current().locked
    for document in sorted(documents, key=lambda one: (one.received_at, one.pk)):
        seq, digest = locked[document.pk]
        yield {
            "id": str(document.pk),
            "name": document.name,
            "pages": document.pages,
            "sha256": document.sha256,
            "passages": Passage.objects.filter(document=document).count(),
            "seq": seq,
            "hash": digest.hex(),
        }


def problem_numbers(batch: Batch, documents: Iterable[IntakeDocument]) -> list[str]:
    """Numbers of the problems these documents brought into the ledger, in the batch's own channel alone."""
    return _numbers(_stand_for(batch, documents).filter(batch=batch))


def joined_numbers(batch: Batch, documents: Iterable[IntakeDocument]) -> list[str]:
    """Numbers of the problems that stood already, which findings of these documents joined."""
    return _numbers(_stand_for(batch, documents).exclude(batch=batch))


def _stand_for(batch: Batch, documents: Iterable[IntakeDocument]) -> QuerySet[Problem]:
    """The problems the confirmed candidates became or joined."""
    entered = Candidate.objects.filter(document__in=list(documents), state=Candidate.State.CONFIRMED)
    found: QuerySet[Problem] = Problem.objects.filter(
        pk__in=entered.values("problem"), channel=batch.channel_id
    )
    return found


def _numbers(problems: QuerySet[Problem]) -> list[str]:
    return sorted(problems.values_list("problem_no", flat=True))


def ranges_of(numbers: Sequence[str]) -> list[tuple[str, str]]:
    """Consecutive numbers as first and last; a number that stands alone is both."""
    found: list[tuple[str, str]] = []
    for number in numbers:
        if found and _follows(found[-1][1], number):
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def _follows(one: str, other: str) -> bool:
    first, second = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    if first is None or second is None or first[1] != second[1]:
        return False
    return int(first[2]) + 1 == int(second[2])


def sample_facts(sample: SealSample) -> dict[str, Any]:
    """The sample as the event keeps it: seed, what it was made of, every passage with its answer."""
    rows = SampledPassage.objects.filter(sample=sample).select_related("passage")
    earlier = SampledPassage.objects.filter(batch=sample.batch_id, sample__number__lt=sample.number)
    differed = earlier.filter(answer=SampledPassage.Answer.DIFFERS).select_related("passage")
    return {
        "number": sample.number,
        "seed": sample.seed,
        "drawn_by": str(sample.drawn_by),
        "heads": sample.heads,
        "rule": sample.rule,
        "total": sample.total,
        "answers": [[key_of(row.passage.document_id, row.passage.n), row.answer] for row in rows],
        "again": sorted(key_of(row.passage.document_id, row.passage.n) for row in differed),
    }


def _reviewers(batch: Batch, documents: Sequence[IntakeDocument]) -> Iterable[str]:
    """Who decided, in the post they decided in, by the names of the day."""
    events = JournalEvent.objects.filter(
        stream__in=[document.pk for document in documents], person__in=deciders_of(batch)
    )
    last = events.order_by("person", "-recorded_at").distinct("person")
    return sorted(name_and_post(body["who"]) for body in last.values_list("body", flat=True))


def name_and_post(who: dict[str, Any]) -> str:
    """林晓（市整改办 整改办经办）."""
    seat = " ".join(part for part in (who["unit_name"], who["post_name"]) if part)
    return f"{who['person_name']}（{seat}）" if seat else str(who["person_name"])


def issue(batch: Batch, declared: Declared, sample: SealSample) -> str:
    """Write the paper, keep it under its digest, and make its row; returns the digest for the seal's event.

    The paper is ours, not handed in: it need not pass the gate that reads what others send.
    """
    from bihuan.intake.sealing.certificate_words import paper_of

    with for_the_record():
        content = paper_of(batch, declared)
        name = _("封账完整性证明（%(batch)s，第%(number)s次）.docx") % {
            "batch": batch.code,
            "number": declared.number,
        }
    sha256 = hashlib.sha256(content).hexdigest()
    store.write(store.name_of(sha256), content)
    certificate = Certificate(
        batch=batch, number=declared.number, sample=sample, seq=declared.seq, made_at=current().now
    )
    certificate.file = take_in(
        Incoming(name, sha256, len(content), WORD), subject_kind=SUBJECT, subject=batch.pk
    )
    certificate.save()
    return sha256
