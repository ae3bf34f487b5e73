"""The lines of a record: each is one journal event of the loop, found again by the row it made or the hand that did it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Manner, Step, StepState
from bihuan.approvals.verbs import Verb as Approving
from bihuan.desk.duties.about import Subjects
from bihuan.desk.duties.hands import names_of, principal_of, whose_hand
from bihuan.desk.wording import verb_label
from bihuan.journal.models import JournalEvent
from bihuan.journal.wording import strung
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Person, StandIn
from bihuan.rectification.models import Deliberation, LeaderInstruction, Visit
from bihuan.rectification.verbs import Verb as Loop
from bihuan.rectification.withdrawing import withdrawn_words
from bihuan.reviews.verbs import Verb as Review

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date

    from bihuan.desk.duties.periods import Period
    from bihuan.journal.action import Actor


class Kind(StrEnum):
    """What sort of act."""

    MEETING = "meeting"
    INSTRUCTION = "instruction"
    VISIT = "visit"
    APPROVAL = "approval"
    CLOSURE = "closure"
    COORDINATION = "coordination"


KIND_WORDS: Final = {
    Kind.MEETING: _("会议研究"),
    Kind.INSTRUCTION: _("领导批示"),
    Kind.VISIT: _("现场督导"),
    Kind.APPROVAL: _("审批"),
    Kind.CLOSURE: _("审定销号"),
    Kind.COORDINATION: _("调度、协调"),
}
OWN_HAND: Final = {
    Loop.CLOSE: Kind.CLOSURE,
    Loop.TO_STANDING_DUTY: Kind.CLOSURE,
    Loop.RETURN_CLOSURE: Kind.CLOSURE,
    Loop.DECIDE_SITTING: Kind.CLOSURE,
    Loop.DECIDE_REDUCTION: Kind.APPROVAL,
    Loop.PUT_ON_FOCUS: Kind.COORDINATION,
    Loop.TAKE_OFF_FOCUS: Kind.COORDINATION,
    Review.PASS: Kind.COORDINATION,
    Review.ANSWER_REQUEST: Kind.COORDINATION,
    Review.ACCEPT_REQUEST: Kind.COORDINATION,
    Review.REFUSE_REQUEST: Kind.COORDINATION,
    Review.PASS_UP_REQUEST: Kind.COORDINATION,
}
"""Verbs that are a leader's act by themselves, whoever of the leaders does them."""
MADE_BY: Final = (
    Loop.RECORD_VISIT,
    Loop.RECORD_INSTRUCTION,
    Approving.DECIDE,
    Approving.RETURN,
    Approving.CONFIRM_PAPER,
)
"""Verbs whose events hold the rows of visits, instructions and decided steps."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One act: when, about what, in which words, who wrote it down, and the event that says so.

    What was `withdrawn` says when, by whom and why; it is read and not counted.
    """

    kind: Kind
    on: date
    problem: Problem | None
    words: str
    by: str
    stream: uuid.UUID
    seq: int
    digest: str
    url: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, kw_only=True)
class Raw:
    """An act before anybody asked who may see it. `row` finds its event: the row of that name, made in that stream."""

    kind: Kind
    on: date
    stream: uuid.UUID
    row: str
    problem: uuid.UUID | None = None
    approval: uuid.UUID | None = None
    words: str = ""
    by: str = ""
    withdrawn: str = ""


def lines_of(looker: Actor, person: Person, period: Period) -> list[Line]:
    """What the person did in the period about problems the looker sees, newest first. The number of statements is fixed."""
    raw = [*_meetings(person, period), *_acts(person, period), *_steps(person, period)]
    events = _events_of(raw)
    own = _own_hand(person, period)
    subjects = Subjects.of(
        looker,
        approvals={one.approval for one in raw if one.approval},
        streams={(event.kind, event.stream) for event in own},
    )
    ids = {one.problem for one in raw if one.problem} | subjects.problem_ids
    seen = visible(looker, Problem.objects.filter(pk__in=ids)).in_bulk()
    lines = [*_of_rows(raw, events, subjects, seen), *_of_events(person, own, subjects, seen)]
    return sorted(lines, key=lambda line: (line.on, line.seq, str(line.stream)), reverse=True)


def _meetings(person: Person, period: Period) -> Iterable[Raw]:
    within = (period.since, period.until)
    rows = list(Deliberation.objects.filter(principal=person.pk, approved_on__range=within).order_by())
    names = dict(Person.objects.filter(pk__in={row.recorded_by for row in rows}).values_list("pk", "name"))
    for row in rows:
        yield Raw(
            kind=Kind.MEETING,
            on=row.approved_on,
            stream=row.pk,
            row=row.row_key,
            problem=row.problem_id,
            words=strung((row.get_about_display(), row.get_body_display(), row.document_no)),
            by=names.get(row.recorded_by, ""),
        )


def _acts(person: Person, period: Period) -> Iterable[Raw]:
    within = {"leader": person.pk, "on__range": (period.since, period.until)}
    for visit in Visit.objects.filter(**within).order_by():
        yield _act(Kind.VISIT, visit, strung((visit.place, visit.found)))
    for one in LeaderInstruction.objects.filter(**within).order_by():
        words = (one.document_no, one.words)
        yield _act(Kind.INSTRUCTION, one, strung(part for part in words if part))


def _act(kind: Kind, row: Visit | LeaderInstruction, words: str) -> Raw:
    from bihuan.desk.problem_leading import entered_words

    return Raw(
        kind=kind,
        on=row.on,
        stream=row.stream,
        row=row.row_key,
        problem=row.stream,
        words=words,
        by=entered_words(row),
        withdrawn=withdrawn_words(row),
    )


def _steps(person: Person, period: Period) -> Iterable[Raw]:
    """The decided steps of approvals, in the program or from paper.

    What a stand-in decided stands in both records: the stand-in's own, and that of whom they stood in for.
    """
    decided = Step.objects.filter(
        Q(decided_by=person.pk) | Q(decided_for=person.pk),
        state__in=[StepState.DONE, StepState.RETURNED],
        decided_at__isnull=False,
    )
    steps = list(decided.select_related("approval").order_by())
    names = names_of({step.decided_for for step in steps} - {person.pk})
    for step in steps:
        on = timezone.localdate(step.decided_at)
        if period.since <= on <= period.until:
            said = StepState(step.state).label
            yield Raw(
                kind=Kind.APPROVAL,
                on=on,
                stream=step.approval_id,
                row=step.row_key,
                approval=step.approval_id,
                words=strung(part for part in (step.name, said, step.opinion) if part),
                by=str(Manner.PAPER.label)
                if step.manner == Manner.PAPER
                else whose_hand(person, step.decided_for, step.decided_by_name, names),
            )


def _events_of(raw: Iterable[Raw]) -> dict[str, JournalEvent]:
    """Row -> the event that holds it."""
    wanted = {one.row: one.stream for one in raw}
    first = [one.stream for one in raw if one.kind is Kind.MEETING]
    events = JournalEvent.objects.filter(
        Q(stream__in=set(wanted.values()), verb__in=MADE_BY) | Q(stream__in=first, seq=1)
    )
    found: dict[str, JournalEvent] = {}
    for event in events.order_by("stream", "seq"):
        for row in event.body["changes"].keys() & wanted.keys():
            found[row] = event
    return found


def _own_hand(person: Person, period: Period) -> list[JournalEvent]:
    """The events of the person's own acts, which no row of theirs names; those a stand-in did for them among them."""
    hands = set(StandIn.objects.filter(principal=person).values_list("person", flat=True))
    events = JournalEvent.objects.filter(
        person__in=hands | {person.pk},
        verb__in=list(OWN_HAND),
        kind__in=["problem", "coordination_request", "review_sheet"],
    )
    # A sheet let pass also writes progress into its problems: the act is the sheet's.
    return [
        one
        for one in events
        if period.since <= timezone.localdate(one.occurred_at) <= period.until
        and (one.person == person.pk or principal_of(one) == person.pk)
        and (one.kind == Problem.Stream.kind) == one.verb.startswith("rectification.")
    ]


def _of_rows(
    raw: Iterable[Raw],
    events: dict[str, JournalEvent],
    subjects: Subjects,
    seen: dict[uuid.UUID, Problem],
) -> Iterable[Line]:
    for one in raw:
        event = events.get(one.row)
        if event is None:
            continue
        problem, url, title = seen.get(one.problem) if one.problem else None, "", ""
        if one.approval is not None:
            about = subjects.of_approval(one.approval)
            problem = seen.get(about.problem) if about and about.problem else None
            if about is None or (problem is None and not about.open):
                continue
            url, title = about.url, about.title
        elif problem is None:
            continue
        yield Line(
            kind=one.kind,
            on=one.on,
            problem=problem,
            words=strung(part for part in (title, one.words) if part),
            by=one.by,
            stream=event.stream,
            seq=event.seq,
            digest=bytes(event.hash).hex(),
            url=url,
            withdrawn=one.withdrawn,
        )


def _of_events(
    person: Person, events: list[JournalEvent], subjects: Subjects, seen: dict[uuid.UUID, Problem]
) -> Iterable[Line]:
    names = names_of({principal_of(event) for event in events} - {person.pk})
    for event in events:
        about = subjects.of_stream(event.stream)
        problem = seen.get(about.problem) if about and about.problem else None
        if about is None or (problem is None and not about.open):
            continue
        yield Line(
            kind=OWN_HAND[event.verb],  # type: ignore[index]  # a StrEnum equals its text
            on=timezone.localdate(event.occurred_at),
            problem=problem,
            words=strung(part for part in (verb_label(event.verb), about.title) if part),
            by=whose_hand(person, principal_of(event), event.body["who"]["person_name"], names),
            stream=event.stream,
            seq=event.seq,
            digest=bytes(event.hash).hex(),
            url=about.url,
        )
