"""Taking back the last decision: read out of the journal, not out of a second memory that could differ from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.intake.candidacy import reopen
from bihuan.intake.disposing import refuse_if_closed
from bihuan.intake.models import Candidate, IntakeDocument, Passage
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import Refused, current
from bihuan.journal.models import JournalEvent

if TYPE_CHECKING:
    from bihuan.journal.open_action import Actor

UNDOABLE: Final = frozenset(
    {
        IntakeVerb.DISPOSE,
        IntakeVerb.ACCEPT_PROPOSALS,
        IntakeVerb.ADD_CANDIDATE,
        IntakeVerb.SPLIT_CANDIDATE,
        IntakeVerb.MERGE_CANDIDATES,
        IntakeVerb.DROP_CANDIDATE,
        IntakeVerb.COMPARE_CANDIDATE,
    }
)
PASSAGE, CANDIDATE = "intake.passage:", "intake.candidate:"
TAKEN_BACK: Final = ("disposition", "decided_by", "decided_for", "state", "passages", "compared")


def undo(document: IntakeDocument, actor: Actor) -> str:
    """The body of `intake.undo`; returns the verb that was taken back."""
    refuse_if_closed(document)
    event = _last_of(document, actor)
    if event is None:
        raise Refused(
            _("在这份文件里没有可以撤销的操作。"),
            accepted=_("可以撤销的是您自己对片段和候选的交代；已入账的问题请在台账里办理。"),
        )
    changes: dict[str, dict[str, list[Any]]] = event.body["changes"]
    if any("clue" in change for change in changes.values()):
        raise Refused(_("线索封存以后不能撤销。"), accepted=_("由线索接收岗办理。"))
    current().fact(document, undoes=event.seq)
    passages = _taken_back(Passage, PASSAGE, changes)
    candidates = _taken_back(Candidate, CANDIDATE, changes)
    for row in passages:
        row.reason = ""
    Passage.objects.save_all(passages)
    Candidate.objects.save_all(candidates)
    reopen(document, [n for candidate in candidates for n in candidate.passages])
    return event.verb


def _last_of(document: IntakeDocument, actor: Actor) -> JournalEvent | None:
    """The actor's latest event on this document that can be taken back and has not been."""
    undone: set[int] = set()
    events = JournalEvent.objects.filter(stream=document.pk, person=actor.person).order_by("-seq")
    for event in events.iterator():
        if event.verb == IntakeVerb.UNDO:
            undone.add(event.body["facts"]["undoes"])
        elif event.verb in UNDOABLE and event.seq not in undone:
            return event
        elif event.verb == IntakeVerb.CONFIRM_CANDIDATES:
            return None
    return None


def _taken_back(model: Any, prefix: str, changes: dict[str, dict[str, list[Any]]]) -> list[Any]:
    """The rows as they were before; a row made then is put aside, for rows are never deleted unseen."""
    wanted = {
        UUID(key.removeprefix(prefix)): change for key, change in changes.items() if key.startswith(prefix)
    }
    rows = list(model.objects.filter(pk__in=wanted))
    for row in rows:
        change = wanted[row.pk]
        made_then = "document_id" in change
        if made_then:
            _refuse_if_moved(row, "state", Candidate.State.PROPOSED)
            row.state = Candidate.State.DROPPED
            continue
        for name in TAKEN_BACK:
            if name in change:
                before, after = change[name]
                _refuse_if_moved(row, name, after)
                setattr(row, name, UUID(before) if before and name.startswith("decided") else before)
    return rows


def _refuse_if_moved(row: Any, name: str, expected: Any) -> None:
    value = getattr(row, name)
    if (str(value) if isinstance(value, UUID) else value) != expected:
        raise Refused(
            _("您那次操作之后，别人又改过，不能撤销。"),
            accepted=_("请直接改成您要的交代。"),
        )
