"""The verbs of intake: from a file somebody hands in to problems in the ledger and a sealed batch.

    receive_documents([Handed("反馈意见.docx", content)], batch, actor=actor)
    accept_proposals(document, passages=[1, 2, 3], actor=actor)
    confirm_candidates(document, candidates=[1, 2], actor=actor)
    draw_sample(batch, actor=second_person)
    check_passages(batch, places=[1, 2, 3], agrees=True, actor=second_person)
    seal_batch(batch, actor=second_person)

Passages and candidates are named by their numbers in the document, so that a program can name them too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.files import store
from bihuan.files.taking_in import Incoming, prepare
from bihuan.intake import candidacy, comparing, confirming, disposing, keeping, undoing, unpacking
from bihuan.intake.imports import applying, importing
from bihuan.intake.imports.staging import StagedBlock
from bihuan.intake.language_model import hearing
from bihuan.intake.models import Candidate, Consultation, IntakeDocument, Passage
from bihuan.intake.policy import may_compare, may_seal, may_work
from bihuan.intake.reading import Reading, read
from bihuan.intake.reporting.reporting_forms import keep_form, match_form, withdraw_form
from bihuan.intake.rereading import known_units
from bihuan.intake.scans import recognising
from bihuan.intake.sealing import declaring as sealing
from bihuan.intake.sealing import sampling
from bihuan.intake.source_columns import known_columns, match_columns
from bihuan.intake.unpacking import Handed, Received
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.journal.errors import ActionError
from bihuan.learning.classifiers import classifier_for
from bihuan.ledger.models import Batch, Clue, ClueState, Problem
from bihuan.ledger.policy import may_prepare

if TYPE_CHECKING:
    from bihuan.learning.classifiers import OfficeClassifier
    from bihuan.text.units import KnownUnit

__all__ = ["keep_form", "match_columns", "match_form", "withdraw_form"]


def receive_each(files: Iterable[Handed | Path], batch: Batch, *, actor: Actor) -> Iterator[Received]:
    """Take in files one by one, each whole or not at all; what is inside an archive or letter comes before it.

    Reading happens outside any transaction, writing inside one short one; a bad file costs only itself.
    """
    may_work(actor, [batch], {})
    known = _Known(known_units(batch.jurisdiction), classifier_for(batch.jurisdiction), known_columns(batch))

    def receive(file: Handed) -> Received:
        try:
            return _receive_one(file, batch, known, actor)
        except Refused as refusal:
            return Received(file.name, None, refusal)

    for given in files:
        file = Handed(given.name, given.read_bytes()) if isinstance(given, Path) else given
        if unpacking.holds_files(file.name, file.content):
            yield from unpacking.receive_with_contents(file, batch, receive)
        else:
            yield receive(file)


def receive_documents(
    files: Iterable[Handed | Path], batch: Batch | str, *, actor: Actor
) -> list[IntakeDocument]:
    """Take in all files, of a batch or of the batch with this code; then refuse, naming every file that was not."""
    results = list(receive_each(files, _batch_of(batch), actor=actor))
    refused = [result for result in results if result.refusal is not None]
    if refused:
        raise Refused(
            "\n".join(str(result.refusal) for result in refused),
            received=[result.name for result in results if result.document is not None],
            refused=[result.name for result in refused],
        )
    return [result.document for result in results if result.document is not None]


@dataclass(frozen=True)
class _Known:
    """What a place knows before it reads: its units, what its labels taught, what the source calls its columns."""

    units: Sequence[KnownUnit]
    classifier: OfficeClassifier | None
    columns: Mapping[str, str]


def _receive_one(file: Handed, batch: Batch, known: _Known, actor: Actor) -> Received:
    """Pages that are pictures are recognised, as far as that is installed."""
    keeping.refuse_if_sealed(batch)
    try:
        reading = read(
            file.name,
            file.content,
            units=known.units,
            base_date=batch.received_on,
            classifier=known.classifier,
            columns=known.columns,
        )
    except Refused as refusal:
        if refusal.data.get("pages"):
            return recognising.recognise(file, refusal.data["pages"], batch, actor)
        raise
    if reading.unread:
        return recognising.recognise(file, reading.unread, batch, actor)
    keeping.refuse_twice(batch, reading.sha256, reading.name)
    incoming = prepare(BytesIO(file.content), name=reading.name, is_source=True)
    document = receive_document(batch, reading=reading, incoming=incoming, actor=actor)
    return Received(file.name, document, None)


def _batch_of(batch: Batch | str) -> Batch:
    if isinstance(batch, Batch):
        return batch
    found: Batch | None = Batch.objects.filter(code=batch).first()
    if found is None:
        raise Refused(
            _("没有代码为“%(code)s”的批次。") % {"code": batch},
            accepted=_("请先在“摸底”里建立批次，或核对批次代码。"),
        )
    return found


@action(IntakeVerb.RECEIVE_DOCUMENT, may=may_work)
def receive_document(batch: Batch, *, reading: Reading, incoming: Incoming, actor: Actor) -> IntakeDocument:
    """Write one document that was read and checked before (see `receive_documents`)."""
    keeping.refuse_if_sealed(batch)
    keeping.refuse_twice(batch, reading.sha256, reading.name)
    return keeping.keep(batch, reading, incoming)


def _read_file(arguments: Mapping[str, Any]) -> Reading:
    """The file of `receive_file`, read with nothing locked; for somebody who may not work there nothing is read."""
    batch, file = arguments["batch"], arguments["file"]
    may_work(arguments["actor"], [batch], {})
    keeping.refuse_if_sealed(batch)
    keeping.refuse_twice(batch, file.sha256, file.name)
    with store.open_stored(store.name_of(file.sha256)) as kept:
        content = kept.read()
    unpacking.refuse_files_inside(file.name, content)
    return read(
        file.name,
        content,
        units=known_units(batch.jurisdiction),
        base_date=batch.received_on,
        classifier=classifier_for(batch.jurisdiction),
        columns=known_columns(batch),
    )


@action(IntakeVerb.RECEIVE_FILE, may=may_work, ahead=_read_file)
def receive_file(batch: Batch, *, file: Incoming, actor: Actor) -> IntakeDocument:
    """For programs: one file in one call. It was read ahead; what came to stand meanwhile is asked for again."""
    reading = current().found_ahead
    if not isinstance(reading, Reading):
        raise ActionError(f"{IntakeVerb.RECEIVE_FILE}: nothing was read ahead")
    keeping.refuse_if_sealed(batch)
    keeping.refuse_twice(batch, reading.sha256, reading.name)
    return keeping.keep(batch, reading, file)


@action(IntakeVerb.WITHDRAW_DOCUMENT, may=may_work)
def withdraw_document(document: IntakeDocument, *, reason: str, actor: Actor) -> None:
    """A file that does not belong here; only while nothing of it stands in the ledger and no clue is held."""
    disposing.refuse_if_closed(document)
    if not reason.strip():
        raise Refused(_("请写明为什么撤回。"), accepted=_("一句话即可，例如“传错了文件”。"), field="reason")
    if Candidate.objects.filter(document=document, state=Candidate.State.CONFIRMED).exists():
        raise Refused(_("这份文件已有问题入账，不能撤回。"), accepted=_("入账的问题请在台账里办理。"))
    clues = Passage.objects.filter(document=document, clue__isnull=False).values("clue")
    if Clue.objects.filter(pk__in=clues, state=ClueState.HELD).exists():
        raise Refused(_("这份文件里封存着线索，不能撤回。"), accepted=_("由线索接收岗办理移交以后再说。"))
    current().because(reason.strip())
    document.state = IntakeDocument.State.WITHDRAWN
    document.save()


@action(IntakeVerb.DISPOSE, may=may_work)
def dispose(
    document: IntakeDocument,
    *,
    passages: Sequence[int],
    disposition: str,
    reason: str = "",
    shown: Mapping[str, str] | None = None,
    actor: Actor,
) -> None:
    """Say what passages are. `shown` is the disposition each had on the page, by number: if it changed, refused."""
    disposing.dispose_of(document, passages, disposition, reason=reason, shown=shown or {}, actor=actor)


@action(IntakeVerb.ACCEPT_PROPOSALS, may=may_work)
def accept_proposals(document: IntakeDocument, *, passages: Sequence[int], actor: Actor) -> int:
    """Confirm what the program proposed for these passages; returns how many that settled."""
    return disposing.accept_proposals_of(document, passages, actor)


@action(IntakeVerb.ADD_CANDIDATE, may=may_work)
def add_candidate(document: IntakeDocument, *, passages: Sequence[int], title: str = "", actor: Actor) -> int:
    """A problem the program did not propose; returns the candidate's number."""
    return candidacy.add_to(document, passages, title, actor).k


@action(IntakeVerb.EDIT_CANDIDATE, may=may_work)
def edit_candidate(
    document: IntakeDocument,
    *,
    candidate: int,
    title: str | None = None,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    shown: Mapping[str, Any] | None = None,
    actor: Actor,
) -> None:
    """Put a person's words and choices in place of what was read; the finding keeps the source's own words.

    `facts`: sector, nature, impact, urgency, rectification_kind (codes), lead_unit (id), supporting_units (ids),
    deadline (ISO day), amount (yuan), source_no, site, concerned_party, basis. `shown`: what of it the caller had
    before their eyes; if somebody changed that meanwhile, refused.
    """
    disposing.refuse_if_closed(document)
    candidacy.change(candidacy.candidate_of(document, candidate), title, text, facts or {}, shown or {})


@action(IntakeVerb.SPLIT_CANDIDATE, may=may_work)
def split_candidate(
    document: IntakeDocument,
    *,
    candidate: int,
    first: Mapping[str, str],
    second: Mapping[str, str],
    shown: Mapping[str, Any] | None = None,
    actor: Actor,
) -> list[int]:
    """One passage, two problems: each half has `text` and perhaps `title`. Returns the new numbers."""
    return [made.k for made in candidacy.split(document, candidate, (first, second), shown or {}, actor)]


@action(IntakeVerb.MERGE_CANDIDATES, may=may_work)
def merge_candidates(
    document: IntakeDocument, *, candidates: Sequence[int], title: str = "", actor: Actor
) -> int:
    """Several candidates say one problem; their findings stay apart. Returns the new number."""
    return candidacy.merge(document, candidates, title, actor).k


@action(IntakeVerb.DROP_CANDIDATE, may=may_work)
def drop_candidate(document: IntakeDocument, *, candidate: int, reason: str = "", actor: Actor) -> None:
    """Not a problem after all; its passages must be accounted for in another way."""
    candidacy.drop(document, candidate, reason, actor)


@action(IntakeVerb.COMPARE_CANDIDATE, may=may_compare)
def compare_candidate(
    document: IntakeDocument, *, candidate: int, problem: Problem, outcome: str = "", actor: Actor
) -> None:
    """Say what a candidate is to a problem of the ledger: merge, recurrence, apart, or nothing decided any more."""
    disposing.refuse_if_closed(document)
    comparing.compare(document, candidacy.candidate_of(document, candidate), problem, outcome)


@action(IntakeVerb.CONFIRM_CANDIDATES, may=may_work)
def confirm_candidates(
    document: IntakeDocument,
    *,
    candidates: Sequence[int],
    shown: Mapping[str, str] | None = None,
    actor: Actor,
) -> list[Problem]:
    """Enter candidates in the ledger, all or none: findings verbatim, problems with number, unit and deadline.

    `shown`: the mark of each card as it was seen, by number; one that changed since is refused.
    """
    return confirming.confirm(document, candidates, shown or {}, actor)


@action(IntakeVerb.HEAR_LANGUAGE_MODEL, may=system_only)
def hear_language_model(
    document: IntakeDocument,
    *,
    suggestions: Sequence[Mapping[str, Any]],
    outcome: str,
    model: str,
    asked: Mapping[str, int],
    actor: Actor,
) -> None:
    """What came of asking a language model: its suggestions as marked candidates, or only that it did not answer."""
    disposing.refuse_if_closed(document)
    document.consulted = Consultation(outcome)
    document.save()
    counts = hearing.hear(document, suggestions, model)
    current().fact(document, language_model=model, **asked, **counts)


@action(IntakeVerb.UNDO, may=may_work)
def undo(document: IntakeDocument, *, actor: Actor) -> str:
    """Take back one's own last decision on this document; returns the verb taken back."""
    return undoing.undo(document, actor)


@action(IntakeVerb.DRAW_SAMPLE, may=may_seal)
def draw_sample(batch: Batch, *, actor: Actor) -> int:
    """Draw the passages this person looks at again before sealing; returns the sample's number in the batch."""
    return sampling.draw_sample(batch, actor).number


@action(IntakeVerb.CHECK_PASSAGES, may=may_seal)
def check_passages(
    batch: Batch, *, places: Sequence[int], agrees: bool, reason: str = "", actor: Actor
) -> int:
    """Answer for passages of the sample, named by their places in it; a difference (with its reason) opens them again.

    Returns how many are still to be looked at.
    """
    return sampling.check(batch, places, agrees=agrees, reason=reason, actor=actor)


@action(IntakeVerb.SEAL_BATCH, may=may_seal)
def seal_batch(batch: Batch, *, actor: Actor) -> None:
    """Declare that nothing is left behind; by somebody who decided nothing in the batch and looked at its sample."""
    sealing.seal(batch, actor)


@action(IntakeVerb.IMPORT_ROWS, may=may_work, shares=True)
def import_rows(batch: Batch, *, block: StagedBlock, file_name: str, actor: Actor) -> int:
    """Enter rows of a running ledger in their own state and with their own dates, all of the block or none."""
    return len(importing.enter(batch, block, file_name))


@action(IntakeVerb.APPLY_CHANGES, may=may_prepare)
def apply_changes(
    problems: Sequence[Problem],
    *,
    changes: Mapping[str, Sequence[Mapping[str, Any]]],
    file_name: str,
    actor: Actor,
) -> list[uuid.UUID]:
    """Take over cells of a newer ledger a person confirmed: problem id -> cells with column, ours and theirs.

    A cell that says now what it said on the page is written; one that has changed since is left. Returns the problems
    of which something was left.
    """
    return applying.apply(problems, changes, file_name)


@action(IntakeVerb.ASK_AFTER, may=may_prepare)
def ask_after(problems: Sequence[Problem], *, file_name: str, note: str = "", actor: Actor) -> None:
    """Write down that a newer ledger no longer holds these problems. Nothing ends by that; somebody is to ask."""
    applying.ask_after(problems, file_name, note)
