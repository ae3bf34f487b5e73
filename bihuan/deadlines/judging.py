"""Whether a rectification deadline can be kept: the unit's word, the office's judgment, and the light that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.deadlines.achievability import Achievability
from bihuan.deadlines.ladder.climbing import look_again
from bihuan.deadlines.models import ACHIEVABILITY_LABELS, Clock, ClockKind, ClockState
from bihuan.deadlines.readings import read
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.models import Problem
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

LONGEST_REASON: Final = 300
RELATED: Final = ("policy", "lights_policy", "ladder_policy")


def pressing_clocks(problems: Iterable[Problem]) -> dict[UUID, Clock]:
    """The running rectification clock of each problem that has one, tied to the problems given."""
    by_id = {problem.pk: problem for problem in problems}
    rows = Clock.objects.filter(
        problem__in=by_id, kind=ClockKind.RECTIFICATION, state=ClockState.RUNNING
    ).select_related(*RELATED)
    found = {}
    for row in rows:
        row.problem = by_id[row.problem_id]
        found[row.problem_id] = row
    return found


@action(Verb.JUDGE_ACHIEVABILITY, may=may_prepare)
def judge_achievability(problem: Problem, *, word: str, reason: str, actor: Actor) -> None:
    """The office says whether the deadline can be kept; the light follows the policy, and never becomes better by it."""
    word = known_word(word)
    row = pressing_clocks([problem]).get(problem.pk)
    if row is None:
        raise Refused(_("这个问题现在没有整改时限在走。"), accepted=_("停表或已停的时限不用判断能否按期。"))
    why = refuse_empty(reason, _("理由"))
    if len(why) > LONGEST_REASON:
        raise Refused(
            _("理由太长。"), accepted=_("不超过 %(most)s 字。") % {"most": LONGEST_REASON}, field="reason"
        )
    refuse_marks_above(why)
    current().because(why)
    row.office_word, row.office_word_on, row.office_word_why = word, current().today, why
    settle([row])


def note_unit_words(words: Iterable[tuple[Clock, str]]) -> None:
    """Write down what units say of their own deadlines; inside the action of a room above."""
    rows = []
    for row, word in words:
        row.unit_word, row.unit_word_on = known_word(word), current().today
        rows.append(row)
    settle(rows)


def known_word(word: str) -> str:
    """One of the three words."""
    if word not in set(Achievability):
        raise Refused(
            _("没有“%(word)s”这种判断。") % {"word": word},
            accepted=listed(str(label) for label in ACHIEVABILITY_LABELS.values()),
            field="word",
        )
    return word


def settle(rows: list[Clock]) -> None:
    """Read the lights again and keep the rows."""
    act = current()
    for row in rows:
        read(row, act.today, act.now)
    look_again(rows, Terms(act.today))
    Clock.objects.save_all(rows)
