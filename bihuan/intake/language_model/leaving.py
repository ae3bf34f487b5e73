"""What of a document may leave the program at all: nothing that is restricted, secret or a clue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from bihuan.documents.archives import CONTAINERS
from bihuan.intake.language_model.prompt import Sent
from bihuan.intake.models import Candidate, Disposition, Passage
from bihuan.text.secrecy import clue_about_person, secrecy_marks

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument

OPEN: Final = ("", Disposition.PROBLEM)
_NO_TEXT: Final = (Disposition.HEADING, Disposition.METADATA, Disposition.CLUE)


def may_leave(document: IntakeDocument) -> bool:
    """Whether a language model may be asked about this document."""
    return (
        settings.LANGUAGE_MODEL is not None
        and not document.work_secret
        and document.batch.channel_id is None
        and document.kind not in CONTAINERS
    )


def sendable(document: IntakeDocument) -> list[Sent]:
    """The passages worth asking about: those without a candidate, and those whose sector the program is not sure of.

    Each is looked at once more on its own: a mark of secrecy, or words that look like a clue, keep it here.
    """
    candidates = Candidate.objects.filter(
        document=document, state__in=(Candidate.State.PROPOSED, Candidate.State.CONFIRMED)
    )
    settled = {n for one in candidates if not wants_opinion(one) for n in one.passages}
    rows = Passage.objects.filter(document=document, clue__isnull=True, disposition__in=OPEN)
    return [
        Sent(passage.n, passage.text)
        for passage in rows.exclude(proposed__in=_NO_TEXT).order_by("n")
        if passage.n not in settled and passage.text.strip() and not _held(passage.text)
    ]


def wants_opinion(candidate: Candidate) -> bool:
    """A proposal nobody has touched, whose sector the program is not sure of."""
    return (
        candidate.state == Candidate.State.PROPOSED
        and "sector" not in candidate.choices
        and not candidate.proposals.get("sector_sure", True)
    )


def _held(text: str) -> bool:
    return bool(secrecy_marks(text)) or clue_about_person(text) is not None
