"""The letter of what the ladder decided: drafted by the program after the decision, for the office to look over and send.

A decision does not wait for a Word file and does not fail with one: a job drafts, once, what the rung calls for, one paper
for each unit and route; what cannot be drafted (the problem has moved on meanwhile) is left to the office.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.models import Delisting, LadderRequest, LadderStep
from bihuan.journal.action import Actor, Refused, action, system_only
from bihuan.ledger.lifecycle_words import State
from bihuan.papers.drafting import Wish, draft, office_of
from bihuan.papers.kinds import KINDS
from bihuan.papers.models import Paper
from bihuan.papers.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.ledger.models import Problem

# Rung -> the kind of its letter, and which of the places the drafter fills in takes the reason of the request. A circular
# and a proposal of accountability speak to others than the unit, in words nobody can make ready.
LETTERS: Final[Mapping[str, tuple[str, str]]] = {
    "supervision_letter": ("supervision_letter", "督办意见"),
    "admonitory_talk": ("talk_notice", "约谈事由"),
    "public_listing": ("listing_notice", "督办要求"),
}
LISTED: Final = "listed"
DELISTING: Final = ("delisting_notice", "摘牌依据")


@action(Verb.DRAFT_DECIDED, may=system_only)
def draft_decided(*, request: uuid.UUID, actor: Actor) -> list[Paper]:
    """The letters of one granted request, one for each lead unit; nothing where its rung has none."""
    row = LadderRequest.objects.get(pk=request)
    steps = LadderStep.objects.filter(request=row, state=LadderStep.State.TAKEN).order_by(
        "problem__problem_no"
    )
    letter = LETTERS.get(row.rung)
    by_unit: dict[uuid.UUID, list[Problem]] = defaultdict(list)
    for step in steps.select_related("problem__lead_unit", "problem__jurisdiction", "problem__channel"):
        if step.problem.lead_unit_id is not None:
            by_unit[step.problem.lead_unit_id].append(step.problem)
    if letter is None:
        return []
    made = [_drafted(problems, letter, row.reason) for problems in by_unit.values()]
    return [paper for group in made for paper in group]


@action(Verb.DRAFT_DELISTED, may=system_only)
def draft_delisted(*, delisting: uuid.UUID, actor: Actor) -> list[Paper]:
    """The notice that a problem is off the public list; of another level that fell there is none."""
    row = Delisting.objects.select_related("problem__lead_unit", "problem__jurisdiction").get(pk=delisting)
    if row.state != Delisting.State.GRANTED or row.level_before != LISTED or row.problem.lead_unit is None:
        return []
    return _drafted([row.problem], DELISTING, row.reason)


def _drafted(problems: list[Problem], letter: tuple[str, str], reason: str) -> list[Paper]:
    """One paper for those that belong together: restricted ones go by their channel, each alone with its own."""
    kind, place = letter
    fitting: dict[uuid.UUID | None, list[Problem]] = defaultdict(list)
    for problem in problems:
        if State(problem.state) in KINDS[kind].states:
            fitting[problem.channel_id].append(problem)
    return [
        draft(
            group,
            Wish(kind=kind, recipients=[unit], given={place: reason}),
            sender=office_of(group[0].jurisdiction),
        )
        for group in fitting.values()
        if (unit := group[0].lead_unit) is not None
    ]


def draft_once(verb: str, subject: uuid.UUID) -> int:
    """What the job does: under a key of its own, so that a job that runs again drafts nothing twice."""
    actor = Actor.the_system(verb)
    try:
        if verb == Verb.DRAFT_DECIDED:
            return len(draft_decided.call(key=f"{verb}:{subject}")(request=subject, actor=actor) or ())
        return len(draft_delisted.call(key=f"{verb}:{subject}")(delisting=subject, actor=actor) or ())
    except Refused:
        # Marks of secrecy in a title, a template that asks too much: the office drafts by hand and is told why then.
        return 0
