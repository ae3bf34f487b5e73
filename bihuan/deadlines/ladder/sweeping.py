"""The ladder's part of the sweep: what is due today is sent or proposed, once, block by block."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.db import connection

from bihuan.deadlines.ladder.climbing import Climber
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.ladder.telling import tell_of
from bihuan.deadlines.models import Clock, ClockState, LadderStep
from bihuan.deadlines.readings import with_rules
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, action, current, system_only
from bihuan.journal.streams import lock_heads
from bihuan.policies.queries import quote

BLOCK: Final = 500
FIRST: Final = uuid.UUID(int=0)

# As in the sweep of the lights: the heads of the streams are what is locked, or passed by.
DUE_NOW: Final = """
SELECT stream FROM journal_stream_head
WHERE stream > %s AND stream IN (
    SELECT problem_id FROM deadlines_clock WHERE state = 'running' AND next_rung <= %s
)
ORDER BY stream LIMIT %s FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Climbs:
    """One block: the last problem looked at (None: there was none), reminders sent, rungs proposed."""

    last: uuid.UUID | None
    sent: int
    proposed: int


@action(Verb.CLIMB, may=system_only)
def climb(*, after: uuid.UUID = FIRST, size: int = BLOCK, actor: Actor) -> Climbs:
    """Send the reminders and propose the rungs that are due; the rest is not looked at.

    A clock asked once is asked again on a later day, and the database refuses a rung twice: a block that is done again,
    or by two workers at once, proposes nothing twice.
    """
    act = current()
    with connection.cursor() as cursor:
        cursor.execute(DUE_NOW, [after, act.today, size])
        streams = [row[0] for row in cursor.fetchall()]
    if not streams:
        return Climbs(None, 0, 0)
    lock_heads(act, streams)
    due = Clock.objects.filter(problem__in=streams, state=ClockState.RUNNING, next_rung__lte=act.today)
    rows = with_rules(due.order_by("problem", "id"))
    climber = Climber(Terms(act.today), streams)
    steps = [step for row in rows for step in climber.climb(row)]
    for policy in {step.policy_id: step.policy for step in steps}.values():
        quote(policy)
    Clock.objects.save_all(rows)
    LadderStep.objects.bulk_create(steps)
    tell_of(steps)
    sent = sum(step.rung == Rung.REMINDER for step in steps)
    return Climbs(streams[-1], sent, len(steps) - sent)


def climb_all(*, size: int = BLOCK) -> tuple[int, int]:
    """Block by block until nothing is left: reminders sent, rungs proposed. Killed, the next call goes on."""
    actor = Actor.the_system(Verb.CLIMB.value)
    sent, proposed, after = 0, 0, FIRST
    while True:
        done = climb(after=after, size=size, actor=actor)
        sent, proposed = sent + done.sent, proposed + done.proposed
        if done.last is None:
            return sent, proposed
        after = done.last
