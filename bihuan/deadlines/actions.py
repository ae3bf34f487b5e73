"""The verbs of the clocks: the sweep that lets lights change with the days, and the light raised by hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils.translation import gettext as _

from bihuan.deadlines import changing, rules
from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.ladder.climbing import look_again
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.readings import facts_of, read, thresholds_of
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current, run_in_blocks, system_only
from bihuan.journal.identity import new_id
from bihuan.journal.streams import lock_heads
from bihuan.journal.wording import listed
from bihuan.ledger.models import Problem
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.steps import refuse_empty

if TYPE_CHECKING:
    from django.db.models import QuerySet

BLOCK: Final = 200
FIRST: Final = uuid.UUID(int=0)
LONGEST_REASON: Final = 300
RELATED: Final = ("problem__jurisdiction", "policy", "lights_policy", "ladder_policy")

# The heads of the streams are what writers queue for, so they are what is locked or passed by; a locked clock row
# with a head still to be waited for could stand against a writer who holds that head and waits for the row.
DUE_NOW: Final = """
SELECT stream FROM journal_stream_head
WHERE stream > %s AND stream IN (
    SELECT problem_id FROM deadlines_clock
    WHERE state = 'running' AND next_change <= %s AND (next_change_at IS NULL OR next_change_at <= %s)
)
ORDER BY stream LIMIT %s FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Swept:
    """One block of the sweep: the last problem looked at (None: there was none), and how many lights changed."""

    last: uuid.UUID | None
    changed: int


@action(Verb.SWEEP, may=system_only)
def sweep(*, after: uuid.UUID = FIRST, size: int = BLOCK, actor: Actor) -> Swept:
    """Read again the clocks whose light changes today or should have changed before; the rest are not looked at.

    What somebody is writing to just now is passed by, for the next run. A clock read once has its next change in the
    future, so a block done twice, or by two workers, changes nothing twice.
    """
    act = current()
    with connection.cursor() as cursor:
        cursor.execute(DUE_NOW, [after, act.today, act.now, size])
        streams = [row[0] for row in cursor.fetchall()]
    if not streams:
        return Swept(None, 0)
    lock_heads(act, streams)
    rows = Clock.objects.filter(problem__in=streams, state=ClockState.RUNNING, next_change__lte=act.today)
    changed = [row for row in rows.select_related(*RELATED).order_by("id") if read(row, act.today, act.now)]
    look_again(changed, Terms(act.today))
    Clock.objects.save_all(changed)
    return Swept(streams[-1], len(changed))


def sweep_all(*, size: int = BLOCK) -> int:
    """Sweep block by block until nothing is left; killed in between, the next call goes on where this one stopped."""
    actor = Actor.the_system(Verb.SWEEP.value)
    changed, after = 0, FIRST
    while True:
        swept = sweep(after=after, size=size, actor=actor)
        changed += swept.changed
        if swept.last is None:
            return changed
        after = swept.last


@action(Verb.RECOUNT, may=system_only)
def recount(problems: Sequence[Problem], *, actor: Actor) -> None:
    """Count provisional days again by the calendar as it stands. A unit never loses a day it was told it had."""
    act = current()
    terms = Terms(act.today)
    rows = provisional().filter(problem__in=problems)
    changed = []
    for row in rows.select_related(*RELATED).order_by("id"):
        found = terms.counted_again(row.problem, row.explanation["basis"])
        if found.day > row.due:
            # The count was marked as provisional, so the first day told is corrected with it: nothing was put off.
            row.first_due = found.day if row.first_due == row.due else row.first_due
            row.due, row.due_at = found.day, found.at
        row.explanation = {**row.explanation, "basis": found.basis}
        read(row, act.today, act.now)
        changed.append(row)
    look_again(changed, terms)
    Clock.objects.save_all(changed)


def provisional() -> QuerySet[Clock]:
    """Running clocks whose day was counted across a year without announced holidays."""
    found: QuerySet[Clock] = Clock.objects.filter(
        state=ClockState.RUNNING, explanation__basis__contains={"from": "policy", "provisional": True}
    )
    return found


def recount_all(year: int) -> int:
    """Count again, in blocks, everything provisional that touches a year; returns how many problems."""
    touching = provisional().filter(started_on__lte=date(year, 12, 31), due__gte=date(year, 1, 1))
    problems = Problem.objects.filter(pk__in=touching.values("problem"))
    actor = Actor.the_system(Verb.RECOUNT.value)
    return sum(
        block.count
        for block in run_in_blocks(recount, problems, batch=new_id(), size=BLOCK, actor=actor)
        if block.refusal is None
    )


@action(Verb.RAISE_LIGHT, may=may_prepare)
def raise_light(problem: Problem, *, kind: str, to: str, reason: str, actor: Actor) -> None:
    """Make a clock's light worse than the rules do, for a reason. Better it becomes only by facts."""
    act = current()
    if kind not in ClockKind.values:
        raise Refused(_("没有这种时限。"), accepted=listed(str(one.label) for one in ClockKind), field="kind")
    if to not in {light.value for light in rules.Light} - {rules.Light.OFF.value}:
        raise Refused(_("没有这种灯。"), accepted=_("蓝灯、黄灯、橙灯或红灯。"), field="to")
    row = (
        Clock.objects.filter(problem=problem, kind=kind, state=ClockState.RUNNING)
        .select_related(*RELATED)
        .first()
    )
    if row is None:
        raise Refused(
            _("这个问题现在没有这样的时限在走。"), accepted=_("停表或已停的时限不能升级亮灯。"), field="kind"
        )
    why = refuse_empty(reason, _("理由"))
    if len(why) > LONGEST_REASON:
        raise Refused(
            _("理由太长。"), accepted=_("不超过 %(most)s 字。") % {"most": LONGEST_REASON}, field="reason"
        )
    try:
        changing.raised(facts_of(row), rules.Light(to), act.today, thresholds_of(row))
    except changing.NotHigher as error:
        read(row, act.today, act.now)
        raise Refused(
            _("现在已是%(light)s，手工只能升级，不能降低或持平。") % {"light": light_words(row.light)},
            accepted=_("降灯要靠进展、验收或经批准的延期。"),
            field="to",
        ) from error
    act.because(why)
    row.raised_to, row.raised_why = to, why
    read(row, act.today, act.now)
    look_again([row], Terms(act.today))
    row.save()
