"""What happened to a problem: its own stream and the streams of its plans, measures, evidence, decisions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.deadlines.models import Conduct, Delisting
from bihuan.desk.problem_effects import Cause, Effects, Key, cause_words, change_words, effects_in
from bihuan.desk.wording import verb_label
from bihuan.journal.models import JournalEvent, Payload
from bihuan.journal.vault import content_of
from bihuan.journal.wording import joined, name_of
from bihuan.ledger.lifecycle import ring_stage
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.lookback.models import Lookback
from bihuan.rectification import models as work
from bihuan.web import components as ui
from bihuan.web import sections

SHOWN_AT_FIRST = 12
CLOSING = 7
RELATED = (
    work.Plan,
    work.ProgressReport,
    work.Evidence,
    work.Acceptance,
    work.AcceptancePanel,
    work.PublicNotice,
    work.ClosureReview,
    work.Deliberation,
    work.Extension,
    work.Suspension,
    Lookback,
    Conduct,
    Delisting,
)


@dataclass(frozen=True)
class Past:
    """One event, as the page needs it. `row`: what it changed of the problem's own row."""

    stream: uuid.UUID
    seq: int
    verb: str
    kind: str
    at: datetime
    who: dict[str, Any]
    body: dict[str, Any]
    digest: str
    state: str
    row: Mapping[str, Sequence[Any]]

    @property
    def key(self) -> Key:
        """Which event of the journal it is."""
        return self.stream, self.seq


def streams_about(problem: Problem) -> list[uuid.UUID]:
    """The problem's stream and those that hang on it, decisions left out; one query."""
    measures = work.Measure.objects.filter(plan__problem=problem).order_by().values_list("pk", flat=True)
    others = [
        model._base_manager.filter(problem=problem).order_by().values_list("pk", flat=True)
        for model in RELATED
    ]
    return [problem.pk, *measures.union(*others, all=True)]


def events_in(streams: Iterable[uuid.UUID], problem: Problem) -> list[Past]:
    """Every event of these streams, newest first."""
    events = JournalEvent.objects.filter(stream__in=list(streams)).order_by("-occurred_at", "-seq")
    return [_past(event, problem) for event in events]


def _past(event: JournalEvent, problem: Problem) -> Past:
    body = event.body
    row = body["changes"].get(problem.row_key, {})
    change = row.get("state")
    verb = body["facts"].get("verb") or event.verb
    return Past(
        stream=event.stream,
        seq=event.seq,
        verb=verb,
        kind=event.kind,
        at=event.occurred_at,
        who=body["who"],
        body=body,
        digest=bytes(event.hash).hex(),
        state=change[1] if change else "",
        row=row,
    )


def stage_days(past: list[Past], round_: int) -> dict[int, date]:
    """The ring's stage -> the day it was first reached in this round."""
    days: dict[int, date] = {}
    turn = 1
    for event in reversed(past):
        for changes in event.body["changes"].values():
            if "round" in changes and event.kind == "problem":
                turn = changes["round"][1]
        if event.state and turn == round_:
            # Closing ends stage 7; stage 8 begins when somebody looks back.
            stage = CLOSING if event.state == State.CLOSED else ring_stage(State(event.state))
            days[stage] = (
                max(days.get(stage, date.min), timezone.localdate(event.at))
                if stage == CLOSING
                else days.get(stage, timezone.localdate(event.at))
            )
    return days


def timeline(
    past: list[Past], labels: Mapping[tuple[str, str], str], *, everything: bool
) -> sections.Timeline:
    """The newest events, or all of them.

    The short list holds what people did, with what followed from it, and what the program did here because of an act
    elsewhere. Its own watching of the days is left out of it.
    """
    told = _Told(past, labels)
    acts = [event for event in told.acts if not event.who["system"] or event.key in told.effects.outside]
    chosen = told.acts if everything else acts[:SHOWN_AT_FIRST]
    reasons = _reasons(chosen)
    hidden = len(told.acts) - len(chosen)
    count = len(told.acts)
    return sections.Timeline(
        entries=[told.entry(event, reasons.get(event.key, ""), alone=everything) for event in chosen],
        note=ngettext("%(all)d 条，显示 %(shown)d 条", "%(all)d 条，显示 %(shown)d 条", count)
        % {"all": count, "shown": len(chosen)},
        more=ui.Link(words=_("看全部 %(count)d 条") % {"count": count}, url="?past=all#past")
        if hidden
        else None,
    )


class _Told:
    """The acts of a past, each once, and what the program did because of them."""

    def __init__(self, past: list[Past], labels: Mapping[tuple[str, str], str]) -> None:
        self.labels = labels
        self.effects: Effects = effects_in(past)
        self._causes = self.effects.outside | {
            effect.key: Cause(event.verb, "", event.who)
            for event in past
            for effect in self.effects.followed.get(event.key, ())
        }
        self._together: dict[Key, list[Past]] = {}
        self.acts = self._one_act_each(past)

    def _one_act_each(self, past: list[Past]) -> list[Past]:
        """An act that changed several streams is one thing to a reader: the problem's own event speaks for it."""
        acts: dict[tuple[datetime, str, object], list[Past]] = {}
        for event in past:
            acts.setdefault((event.at, event.verb, event.who["person"]), []).append(event)
        spoken = []
        for events in acts.values():
            speaks = next((event for event in reversed(events) if event.kind == "problem"), events[0])
            self._together[speaks.key] = events
            spoken.append(speaks)
        return spoken

    def entry(self, event: Past, why: str, *, alone: bool) -> sections.Entry:
        """One line. `alone`: what followed has lines of its own, and is told there."""
        cause = self._causes.get(event.key)
        who = event.who
        hand = " ".join(part for part in (name_of(who), who["unit_name"]) if part)
        followed = [] if alone else self._followed(event)
        said = [cause_words(cause) if cause else hand, why, *change_words(event.row, self.labels)]
        for effect in followed:
            changes = change_words(effect.row, self.labels)
            said += [verb_label(effect.verb), *changes] if effect.state or changes else []
        state = next((one.state for one in (event, *followed) if one.state), "")
        return sections.Entry(
            at=event.at,
            what=verb_label(event.verb),
            by=joined(part for part in said if part),
            stage=ring_stage(State(state)) if state else None,
            digest=f"{event.digest[:4]}…{event.digest[-4:]}",
        )

    def _followed(self, event: Past) -> list[Past]:
        """What the program did because of an act, whichever of its events it names as the cause; oldest first."""
        found = [effect for one in self._together[event.key] for effect in self.effects.followed[one.key]]
        return sorted(found, key=lambda effect: (effect.at, effect.seq))


def _reasons(events: list[Past]) -> dict[tuple[uuid.UUID, int], str]:
    """The reasons people gave, which lie beside the chain; one query."""
    wanted = {
        uuid.UUID(event.body["sealed"]["payload"]): event.key
        for event in events
        if event.body["sealed"] and event.body["sealed"]["why"]
    }
    rows = Payload.objects.filter(pk__in=list(wanted), content__isnull=False).select_related("holder")
    return {wanted[row.pk]: (content_of(row) or {}).get("why", "") for row in rows}
