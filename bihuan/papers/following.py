"""The letter of what the ladder decided: drafted by the program after the decision, for the office to look over and send.

A decision does not wait for a Word file and does not fail with one: a job drafts, once, what the rung calls for; what
cannot be drafted (the problem has moved on meanwhile) is left to the office. Most letters go to the unit that answers, one
for each; a circular is one for all and goes to all; a proposal of accountability is one a unit, and goes to whoever may
decide on it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from bihuan.deadlines.models import Delisting, LadderRequest, LadderStep
from bihuan.journal.action import Actor, Refused, action, system_only
from bihuan.ledger.lifecycle_words import State
from bihuan.papers.drafting import Wish, draft, office_of
from bihuan.papers.kinds import KINDS, MINUTES
from bihuan.papers.models import Paper
from bihuan.papers.verbs import Verb
from bihuan.rectification.models import ClosureSitting, Outcome, SittingCase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.ledger.models import Problem


class Letter(NamedTuple):
    """The kind of a rung's letter, and which of the places a drafter fills in takes the reason of the request.

    `to` is whom it goes to instead of the unit that answers; `together`: one letter for all units of the request.
    """

    kind: str
    place: str
    to: tuple[str, ...] = ()
    together: bool = False


LETTERS: Final[Mapping[str, Letter]] = {
    "supervision_letter": Letter("supervision_letter", "督办意见"),
    "circular": Letter("circular", "通报事由", to=("各整改责任单位",), together=True),
    "admonitory_talk": Letter("talk_notice", "约谈事由"),
    "public_listing": Letter("listing_notice", "督办要求"),
    "accountability": Letter("accountability_letter", "问责事由", to=("有管理权限的党组织",)),
}
LISTED: Final = "listed"
DELISTING: Final = Letter("delisting_notice", "摘牌依据")


@action(Verb.DRAFT_DECIDED, may=system_only)
def draft_decided(*, request: uuid.UUID, actor: Actor) -> list[Paper]:
    """The letters of one granted request; nothing where its rung has none."""
    row = LadderRequest.objects.get(pk=request)
    steps = LadderStep.objects.filter(request=row, state=LadderStep.State.TAKEN).order_by(
        "problem__problem_no"
    )
    letter = LETTERS.get(row.rung)
    if letter is None:
        return []
    found = steps.select_related("problem__lead_unit", "problem__jurisdiction", "problem__channel")
    return _drafted([step.problem for step in found], letter, row.reason)


@action(Verb.DRAFT_DELISTED, may=system_only)
def draft_delisted(*, delisting: uuid.UUID, actor: Actor) -> list[Paper]:
    """The notice that a problem is off the public list; of another level that fell there is none."""
    row = Delisting.objects.select_related("problem__lead_unit", "problem__jurisdiction").get(pk=delisting)
    if row.state != Delisting.State.GRANTED or row.level_before != LISTED or row.problem.lead_unit is None:
        return []
    return _drafted([row.problem], DELISTING, row.reason)


def _drafted(problems: Sequence[Problem], letter: Letter, reason: str) -> list[Paper]:
    """One paper for those that belong together; restricted ones go by their channel and to nobody but their unit."""
    fitting: dict[tuple[uuid.UUID | None, uuid.UUID | None], list[Problem]] = defaultdict(list)
    for problem in problems:
        if State(problem.state) in KINDS[letter.kind].states and problem.lead_unit_id is not None:
            alone = not letter.together or problem.channel_id is not None
            fitting[problem.channel_id, problem.lead_unit_id if alone else None].append(problem)
    return [_one(group, letter, reason) for group in fitting.values()]


def _one(group: Sequence[Problem], letter: Letter, reason: str) -> Paper:
    first = group[0]
    unit = first.lead_unit
    to_unit = not letter.to or (letter.together and first.channel_id is not None)
    wish = Wish(
        kind=letter.kind,
        recipients=[unit] if to_unit and unit is not None else (),
        others=() if to_unit else letter.to,
        given={letter.place: reason},
    )
    return draft(group, wish, sender=office_of(first.jurisdiction))


@action(Verb.DRAFT_SITTING, may=system_only)
def draft_sitting(*, sitting: uuid.UUID, actor: Actor) -> list[Paper]:
    """What a decided sitting calls for: its minutes, a closure notice for each unit, the form to tell the superior."""
    cases = SittingCase.objects.filter(sitting=sitting, sitting__state=ClosureSitting.State.DECIDED)
    rows = list(
        cases.select_related("problem__lead_unit", "problem__jurisdiction", "problem__channel").order_by(
            "problem__problem_no"
        )
    )
    if not rows:
        return []
    closed = [
        row.problem for row in rows if row.outcome == Outcome.APPROVE and row.problem.state == State.CLOSED
    ]
    sender = office_of(rows[0].problem.jurisdiction)
    made = [draft([row.problem for row in rows], Wish(kind=MINUTES), sender=sender)]
    by_unit: dict[uuid.UUID, list[Problem]] = defaultdict(list)
    for problem in closed:
        if problem.lead_unit_id is not None:
            by_unit[problem.lead_unit_id].append(problem)
    for group in by_unit.values():
        unit = group[0].lead_unit
        wish = Wish(kind="closure_notice", recipients=[unit] if unit is not None else ())
        made.append(draft(group, wish, sender=sender))
    if closed:
        made.append(draft(closed, Wish(kind="filing_form"), sender=sender))
    return made


def draft_once(verb: str, subject: uuid.UUID) -> int:
    """What the job does: under a key of its own, so that a job that runs again drafts nothing twice."""
    actor = Actor.the_system(verb)
    try:
        if verb == Verb.DRAFT_SITTING:
            return len(draft_sitting.call(key=f"{verb}:{subject}")(sitting=subject, actor=actor) or ())
        if verb == Verb.DRAFT_DECIDED:
            return len(draft_decided.call(key=f"{verb}:{subject}")(request=subject, actor=actor) or ())
        return len(draft_delisted.call(key=f"{verb}:{subject}")(delisting=subject, actor=actor) or ())
    except Refused:
        # Marks of secrecy in a title, a template that asks too much: the office drafts by hand and is told why then.
        return 0
