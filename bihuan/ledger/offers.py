"""What an actor may do to a problem now, and why the rest may not be done: for buttons, computed without writing.

The answer comes from the very table and authorities the actions ask; an action asks them again, under the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused
from bihuan.ledger.lifecycle import edge_for, refusal
from bihuan.ledger.lifecycle_facts import Facts
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.policy import may_prepare, may_review
from bihuan.ledger.steps import facts_of
from bihuan.ledger.verbs import LABELS, LedgerVerb


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One verb for one problem. `why_not` is empty where it may be done."""

    verb: str
    label: Any
    url: str
    consequence: Any = ""
    why_not: Any = ""
    primary: bool = False


CONSEQUENCES = {
    LedgerVerb.PROPOSE: _("写明谁牵头、谁配合、何时完成；批准交办单以后才生效。"),
    LedgerVerb.RETURN_PROPOSAL: _("退回经办岗重新研判，须写明理由。"),
    LedgerVerb.EDIT_FACTS: _("补充或更正事实；等级按矩阵重新得出，改动留痕。"),
    LedgerVerb.REQUEST_ENDING: _("并案、移送、不属实或终止：由另一人审批后才办结。"),
    LedgerVerb.MERGE: _(
        "批准后本问题以并案办结、停止计时，期限、牵头单位、方案和任务以并入的问题为准，原有材料留在本问题；"
        "各条反馈问题转到并入的问题，仍按各自的期限分别答复来源。"
    ),
    LedgerVerb.KEEP_APART: _("这一对不再提示；任何一方的文字大改以后会再问。"),
    LedgerVerb.LINK_RECURRENCE: _("先前的问题办结如故，这一次另行整改；两件记为同一事项反复，计入反复次数。"),
}
URLS = {
    LedgerVerb.PROPOSE: "ledger:propose_one",
    LedgerVerb.RETURN_PROPOSAL: "ledger:return_proposal",
    LedgerVerb.EDIT_FACTS: "ledger:edit_facts",
    LedgerVerb.REQUEST_ENDING: "ledger:request_ending",
}


def refused_by_authority(check: Callable[..., None], actor: Actor, problem: Problem) -> str:
    """The refusal an authority would speak, or nothing."""
    try:
        check(actor, [problem], {})
    except Refused as refused:
        return str(refused)
    return ""


def refused_by_lifecycle(problem: Problem, verb: str, facts: Facts) -> str:
    """The refusal the table would speak, or nothing."""
    state = State(problem.state)
    if edge_for(state, verb, facts) is not None:
        return ""
    return refusal(state, verb, facts).explain(get_language() or "zh")


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """The verbs of the ledger for this problem, those that may be done first."""
    facts = facts_of(problem)
    wanted = (
        (LedgerVerb.PROPOSE, may_prepare, (LedgerVerb.PROPOSE,)),
        (LedgerVerb.RETURN_PROPOSAL, may_review, (LedgerVerb.RETURN_PROPOSAL,)),
        (LedgerVerb.REQUEST_ENDING, may_prepare, (LedgerVerb.TERMINATE,)),
        (LedgerVerb.EDIT_FACTS, may_prepare, ()),
    )
    return [
        Offer(
            verb=verb,
            label=LABELS[verb],
            url=reverse(URLS[verb], args=[problem.pk]),
            consequence=CONSEQUENCES[verb],
            why_not=refused_by_authority(check, actor, problem)
            or next(filter(None, (refused_by_lifecycle(problem, step, facts) for step in steps)), ""),
            primary=verb == LedgerVerb.PROPOSE and problem.state == State.REGISTERED,
        )
        for verb, check, steps in wanted
    ]
