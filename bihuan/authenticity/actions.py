"""Looking at what proves a round, and weighing each doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.authenticity.examining import look_into_files, raise_doubts
from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.policy import may_examine, may_weigh
from bihuan.authenticity.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.actions.acceptance import fit_to_judge
from bihuan.rectification.policy import person_of

ANSWERS = tuple(one for one in AuthenticityFlag.Weight if one is not AuthenticityFlag.Weight.OPEN)


def _look_ahead(arguments: Mapping[str, Any]) -> None:
    may_examine(arguments["actor"], [arguments["problem"]], arguments)
    look_into_files(arguments["problem"])


@action(Verb.EXAMINE, may=may_examine, ahead=_look_ahead)
def examine(problem: Problem, *, actor: Actor) -> int:
    """Look again at everything that proves the present round; how many new doubts that raised."""
    _refuse_unless_judged(problem)
    return len(raise_doubts(problem))


def _refuse_unless_judged(problem: Problem) -> None:
    if State(problem.state) is not State.ACCEPTING:
        raise Refused(
            _("这个问题不在待验收，不检查佐证、不判断疑点。"), accepted=_("申请验收以后、作出结论以前。")
        )


@action(Verb.WEIGH_FLAG, may=may_weigh)
def weigh_flag(flag: AuthenticityFlag, *, weight: str, reason: str, actor: Actor) -> None:
    """Say of a doubt whether it is true, explained or unfounded, and why. It may be said again until the verdict."""
    if weight not in {one.value for one in ANSWERS}:
        raise Refused(
            _("没有写明疑点是否属实。"), accepted=listed(str(one.label) for one in ANSWERS), field="weight"
        )
    reason = refuse_empty(reason, _("判断理由"))
    problem = flag.problem
    _refuse_unless_judged(problem)
    if flag.round != problem.round:
        raise Refused(_("这是以前一轮的疑点。"), accepted=_("请判断本轮的疑点。"))
    fit_to_judge(problem, actor)
    act = current()
    act.because(reason)
    flag.weight, flag.reason = weight, reason
    flag.weighed_by, flag.weighed_principal, flag.weighed_on = person_of(actor), actor.on_behalf_of, act.today
    flag.save()
