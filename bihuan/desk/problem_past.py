"""What happened to a problem: its own stream and the streams of its plans, measures, evidence, decisions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.deadlines.models import Conduct, Delisting
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
    """One event, as the page needs it."""

    stream: uuid.UUID
    seq: int
    verb: str
    kind: str
    at: datetime
    who: dict[str, Any]
    body: dict[str, Any]
    digest: str
    state: str


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
    change = body["changes"].get(problem.row_key, {}).get("state")
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


def timeline(past: list[Past], *, everything: bool) -> sections.Timeline:
    """The newest events, or all of them; what the program did by itself is left out of the short list."""
    past = _one_act_each(past)
    people = [event for event in past if not event.who["system"]]
    chosen = past if everything else people[:SHOWN_AT_FIRST]
    reasons = _reasons(chosen)
    hidden = len(past) - len(chosen)
    return sections.Timeline(
        entries=[_entry(event, reasons.get((event.stream, event.seq), "")) for event in chosen],
        note=ngettext("%(all)d 条，显示 %(shown)d 条", "%(all)d 条，显示 %(shown)d 条", len(past))
        % {"all": len(past), "shown": len(chosen)},
        more=ui.Link(words=_("看全部 %(count)d 条") % {"count": len(past)}, url="?past=all#past")
        if hidden
        else None,
    )


def _one_act_each(past: list[Past]) -> list[Past]:
    """An act that changed several streams is one thing to a reader: the problem's own event speaks for it."""
    acts: dict[tuple[datetime, str, object], Past] = {}
    for event in past:
        key = (event.at, event.verb, event.who["person"])
        if key not in acts or event.kind == "problem":
            acts[key] = event
    return list(acts.values())


def _entry(event: Past, why: str) -> sections.Entry:
    who = event.who
    name = " ".join(part for part in (name_of(who), who["unit_name"]) if part)
    return sections.Entry(
        at=event.at,
        what=verb_label(event.verb),
        by=joined(part for part in (name, why) if part),
        stage=ring_stage(State(event.state)) if event.state else None,
        digest=f"{event.digest[:4]}…{event.digest[-4:]}",
    )


def _reasons(events: list[Past]) -> dict[tuple[uuid.UUID, int], str]:
    """The reasons people gave, which lie beside the chain; one query."""
    wanted = {
        uuid.UUID(event.body["sealed"]["payload"]): (event.stream, event.seq)
        for event in events
        if event.body["sealed"] and event.body["sealed"]["why"]
    }
    rows = Payload.objects.filter(pk__in=list(wanted), content__isnull=False).select_related("holder")
    return {wanted[row.pk]: (content_of(row) or {}).get("why", "") for row in rows}
