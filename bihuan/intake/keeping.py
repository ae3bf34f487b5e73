"""Writing what was read: document, passages, candidates and held clues, inside the action that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.files.taking_in import take_in
from bihuan.intake.language_model.leaving import may_leave
from bihuan.intake.models import Candidate, Consultation, Disposition, IntakeDocument, Passage
from bihuan.journal.action import Refused, current
from bihuan.ledger.actions.channels import hold_clue
from bihuan.ledger.models import Batch, Clue

if TYPE_CHECKING:
    from bihuan.files.taking_in import Incoming
    from bihuan.intake.reading import ReadCandidate, Reading, ReadPassage

MARKER = "〔此处文字涉及问题线索，已封存，待移交〕"
HEADING_MARKER = "〔线索〕"


class AlreadyReceived(Refused):
    """The same content stands in the batch already; `data` names the document."""

    status = 409


def refuse_if_sealed(batch: Batch) -> None:
    """A sealed batch stays as it was declared."""
    if batch.state == Batch.State.SEALED:
        raise Refused(
            _("批次“%(batch)s”已经封账，不能再改。") % {"batch": batch.title},
            accepted=_("有漏记的问题，请另建一个补充批次。"),
        )


def refuse_twice(batch: Batch, sha256: str, name: str) -> None:
    """The same file twice is recognised by its content, whatever its name."""
    known = IntakeDocument.objects.filter(batch=batch, sha256=sha256).first()
    if known is not None:
        raise AlreadyReceived(
            _("“%(file)s”与本批次已有的“%(known)s”内容完全相同，没有重复收。")
            % {"file": name, "known": known.name},
            accepted=_("请直接打开已收的那一份。"),
            field="files",
            file=name,
            code="twice",
            document=str(known.pk),
        )


def keep(batch: Batch, reading: Reading, incoming: Incoming) -> IntakeDocument:
    """Everything of one document, or nothing."""
    act = current()
    document = IntakeDocument(
        batch=batch,
        name=reading.name,
        sha256=reading.sha256,
        kind=reading.kind,
        pages=reading.pages,
        work_secret=reading.work_secret,
        received_at=act.now,
    )
    document.file = take_in(incoming, subject_kind="intake_document", subject=document.pk)
    if may_leave(document):
        from bihuan.intake.jobs import consult

        document.consulted = Consultation.ASKED
        act.defer(consult, document=str(document.pk))
    document.save()
    act.fact(document, passages=len(reading.passages), candidates=len(reading.candidates), clues=reading.held)
    Passage.objects.bulk_create([_passage(document, passage) for passage in reading.passages])
    Candidate.objects.bulk_create(
        [_candidate(document, k, candidate) for k, candidate in enumerate(reading.candidates, start=1)]
    )
    return document


def _passage(document: IntakeDocument, read: ReadPassage) -> Passage:
    passage = Passage(
        document=document,
        n=read.n,
        text=read.text,
        page=read.page,
        heading=list(read.heading),
        place=dict(read.place),
        proposed=read.proposed,
    )
    if read.clue:
        seal_off(passage, document)
    return passage


def seal_off(passage: Passage, document: IntakeDocument) -> Clue:
    """Put a clue's words under a key of their own; in the passage a marker takes their place. The caller saves."""
    clue = hold_clue(passage.text, jurisdiction=document.batch.jurisdiction, origin=document.pk)
    passage.text = MARKER
    passage.clue = clue.pk
    passage.disposition = Disposition.CLUE
    return clue


def _candidate(document: IntakeDocument, k: int, read: ReadCandidate) -> Candidate:
    return Candidate(
        document=document,
        k=k,
        title=read.title,
        text=read.text,
        passages=list(read.passages),
        origins=[k],
        proposals=dict(read.proposals),
    )


def next_k(document: IntakeDocument) -> int:
    """The next candidate's number; the document's stream is locked, so nobody else takes it."""
    last = Candidate.objects.filter(document=document).order_by("-k").values_list("k", flat=True).first()
    return (last or 0) + 1
