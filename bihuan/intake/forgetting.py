"""Words that were set apart as a clue after they had been taken in: they must not stay in any row or payload beside it.

The document's stream may have held them several times over: in the passage, in the headings of passages below it, in
every candidate that ever stood on it. Rows are mended first, then every payload that held the old columns is destroyed
and what shared it is said again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.intake.keeping import HEADING_MARKER, MARKER
from bihuan.intake.models import Candidate, IntakeDocument, Passage, SampledPassage
from bihuan.intake.quoting import text_of, title_of
from bihuan.intake.rereading import read_again
from bihuan.journal.action import Refused
from bihuan.journal.erasing import erase_sealed
from bihuan.journal.models import JournalEvent
from bihuan.journal.open_action import current
from bihuan.text.normalise import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.ledger.models import Batch

CANDIDATE: Final = "intake.candidate:"
CANDIDATE_WORDS: Final = ("title", "text", "proposals", "choices")
SPOKEN_CHOICES: Final = ("source_no", "site", "concerned_party", "basis")
SHORTEST_EXTRACT: Final = 2


def forget_words(document: IntakeDocument, sealed: Sequence[tuple[Passage, str]]) -> None:
    """Inside an action: mend every row of the document that holds these words, and erase what held them before.

    `sealed`: passages whose words have just been put under a key of their own, and the words.
    """
    columns: dict[str, tuple[str, ...]] = {passage.row_key: ("text", "reason") for passage, _words in sealed}
    for words in (words for _passage, words in sealed):
        columns |= dict.fromkeys(_mend_headings(document, words), ("heading",))
    columns |= dict.fromkeys(_mend_candidates(document, sealed), CANDIDATE_WORDS)
    by = next(passage.clue or document.pk for passage, _words in sealed)
    current().fact(document, erased=erase_sealed(document.pk, columns, by=by))
    _forget_answers(document.batch, [passage for passage, _words in sealed], by)


def _forget_answers(batch: Batch, passages: Sequence[Passage], by: UUID) -> None:
    """Who looked at a sample may have quoted the words in saying why a passage differs; that lies in the batch's stream."""
    said = SampledPassage.objects.filter(passage__in=passages).exclude(reason="")
    if not said.exists():
        return
    current().lock([batch])
    rows = list(said.all())
    for row in rows:
        row.reason = MARKER
    SampledPassage.objects.save_all(rows)
    columns = {row.row_key: ("reason",) for row in rows}
    current().fact(batch, erased=erase_sealed(batch.pk, columns, by=by))


def _mend_headings(document: IntakeDocument, words: str) -> list[str]:
    """A heading is repeated with every passage below it."""
    mended = []
    for passage in Passage.objects.filter(document=document):
        above = [HEADING_MARKER if joined(one) == joined(words) else one for one in passage.heading]
        if above != passage.heading:
            passage.heading = above
            mended.append(passage)
    Passage.objects.save_all(mended)
    return [passage.row_key for passage in mended]


def _mend_candidates(document: IntakeDocument, sealed: Sequence[tuple[Passage, str]]) -> list[str]:
    numbers = {passage.n for passage, _words in sealed}
    said = joined("".join(words for _passage, words in sealed))
    stood_on = _ever_on(document, numbers)
    mended = []
    for candidate in Candidate.objects.filter(document=document):
        sections = candidate.proposals.get("section", [])
        if candidate.pk in stood_on or any(_is_extract(section, said) for section in sections):
            _mend(document, candidate, said)
            mended.append(candidate)
    Candidate.objects.save_all(mended)
    return [candidate.row_key for candidate in mended]


def _mend(document: IntakeDocument, candidate: Candidate, said: str) -> None:
    """What still stands is read again from the passages it stands on; what was put aside keeps nothing but its number."""
    if candidate.state == Candidate.State.CONFIRMED:
        raise Refused(
            _("第 %(k)s 条候选已经入账，当时用到了这段文字。") % {"k": candidate.k},
            accepted=_("请由两位管理员按“清除”办理，台账里的文字一并清除。"),
            k=candidate.k,
        )
    if candidate.state != Candidate.State.PROPOSED:
        candidate.title = candidate.text = MARKER
        candidate.proposals, candidate.choices = {}, {}
        return
    passages = list(Passage.objects.filter(document=document, n__in=candidate.passages).order_by("n"))
    candidate.text = text_of(passages)
    candidate.title = title_of(candidate.text)[:200]
    candidate.proposals = read_again(document.batch, passages)
    candidate.choices = {
        name: value
        for name, value in candidate.choices.items()
        if name not in SPOKEN_CHOICES or not _is_extract(value, said)
    }


def _is_extract(value: object, said: str) -> bool:
    """Whether a short text was taken from these words, or contains them."""
    short = joined(str(value or "")).rstrip("…")
    return len(short) >= SHORTEST_EXTRACT and (short in said or said in short)


def _ever_on(document: IntakeDocument, numbers: Iterable[int]) -> set[UUID]:
    """The candidates that stand on one of these passages, or did at any time: the journal knows."""
    wanted, found = set(numbers), set[UUID]()
    bodies = JournalEvent.objects.filter(stream=document.pk).values_list("body", flat=True)
    for body in bodies.iterator():
        changes: dict[str, dict[str, list[Any]]] = body["changes"]
        for key, change in changes.items():
            before, after = change.get("passages", (None, None))
            if key.startswith(CANDIDATE) and wanted & {*(before or ()), *(after or ())}:
                found.add(UUID(key.removeprefix(CANDIDATE)))
    return found
