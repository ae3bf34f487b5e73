"""The job: what may leave is asked about, part by part; whatever happens, the review goes on.

Before a part leaves, the access log gets a line: where to, which passages, how many characters, and not a word of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.conf import settings

from bihuan.intake import actions
from bihuan.intake.language_model.endpoint import NoAnswer, ask
from bihuan.intake.language_model.leaving import may_leave, sendable
from bihuan.intake.language_model.prompt import Suggestion, heard, messages, parts_of
from bihuan.intake.models import Consultation, IntakeDocument
from bihuan.journal import access
from bihuan.journal.action import Actor, Refused
from bihuan.ledger.models import Sector
from bihuan.ledger.taxonomy import in_tree_order, offered
from bihuan.organizations.models import Person
from bihuan.text.masking import Masker

if TYPE_CHECKING:
    from uuid import UUID

    from bihuan.installation.language_model import LanguageModel
    from bihuan.intake.language_model.prompt import Question

SYSTEM: Final = Actor.the_system("intake.consult")
WHAT: Final = "sent:language_model"
MOST_TOKENS: Final = 4000


@dataclass
class Consulted:
    """What came of asking."""

    outcome: str = Consultation.ANSWERED
    suggestions: list[Suggestion] = field(default_factory=list)
    parts: int = 0
    characters: int = 0
    thrown_away: int = 0


def consult(pk: UUID) -> str:
    """Ask about one document, once; returns what came of it."""
    document = IntakeDocument.objects.select_related("batch").get(pk=pk)
    if document.consulted != Consultation.ASKED:
        return str(document.consulted)
    model: LanguageModel | None = settings.LANGUAGE_MODEL
    found = _asked(document, model) if model and may_leave(document) else Consulted(Consultation.OFF)
    try:
        actions.hear_language_model(
            document,
            suggestions=[one.as_plain() for one in found.suggestions],
            outcome=str(found.outcome),
            model=model.name if model else "",
            asked={"parts": found.parts, "characters": found.characters, "thrown_away": found.thrown_away},
            actor=SYSTEM,
        )
    except Refused:
        # Sealed or withdrawn meanwhile: then nobody needs the suggestions any more.
        return str(found.outcome)
    return str(found.outcome)


def _asked(document: IntakeDocument, model: LanguageModel) -> Consulted:
    found = Consulted()
    sectors = {row.code: row.zh for row in in_tree_order(offered(Sector.objects.all()))}
    masker = Masker(Person.objects.values_list("name", flat=True))
    for question in parts_of(sendable(document), masker):
        found.parts += 1
        found.characters += len(question.masked.text)
        _note(document, model, question)
        try:
            answer = ask(model, messages(question, sectors), most_tokens=MOST_TOKENS)
        except NoAnswer as silent:
            found.outcome = silent.why
            break
        said = heard(answer, question, sectors)
        if said is None:
            found.outcome = Consultation.NONSENSE
            break
        found.suggestions += said.suggestions
        found.thrown_away += said.thrown_away
    return found


def _note(document: IntakeDocument, model: LanguageModel, question: Question) -> None:
    numbers = [passage.n for passage in question.passages]
    access.record(
        SYSTEM,
        WHAT,
        outcome="sent",
        subjects=[document],
        passages=numbers,
        characters=len(question.masked.text),
        masked=len(question.masked.pieces),
        host=model.host,
        model=model.name,
    )
