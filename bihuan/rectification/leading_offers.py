"""The leaders' part of a problem's panel: offered to those who may do it, and to nobody else not even as a refusal,
for it is no step of the loop that others wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State, Who
from bihuan.ledger.offers import Offer
from bihuan.ledger.sight import can_see
from bihuan.rectification.focus import fits, rank_of
from bihuan.rectification.leading import may_enter_something
from bihuan.rectification.leading_queries import instructions_of, standing_entry
from bihuan.rectification.policy import holds
from bihuan.rectification.verbs import LABELS, Verb
from bihuan.rectification.withdrawing import withdrawable

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

THEN = {
    Verb.RECORD_VISIT: _("哪位领导、哪天、到了哪里、看到什么；计入领导的履责记录。"),
    Verb.RECORD_INSTRUCTION: _("照原文登记，牵头单位收到消息；要求报告的到期标出。"),
    Verb.ANSWER_INSTRUCTION: _("报告以后这件批示不再催。"),
    Verb.WITHDRAW_LEADERS_ACT: _("登记错了的写明理由撤回：划去保留，不再计入履责记录。"),
    Verb.PUT_ON_FOCUS: _("写明理由和包抓领导；督导、批示和下一步在清单上一眼看到。"),
    Verb.TAKE_OFF_FOCUS: _("写明理由；由列入的人或其上级移出，记录保留。"),
}


def leading_offers(actor: Actor, problem: Problem) -> list[Offer]:
    """What of it this actor may do now."""
    if not can_see(actor, problem):
        return []
    entry = standing_entry(problem)
    state = State(problem.state)
    found = []
    if state is not State.MERGED and may_enter_something(actor, problem):
        found += [_offer(Verb.RECORD_VISIT, problem), _offer(Verb.RECORD_INSTRUCTION, problem)]
    if withdrawable(actor, problem):
        found.append(_offer(Verb.WITHDRAW_LEADERS_ACT, problem))
    waits = any(one.answered_on is None and one.withdrawn_on is None for one in instructions_of(problem))
    if waits and holds(actor, problem, Who.LEAD_UNIT):
        found.append(_offer(Verb.ANSWER_INSTRUCTION, problem))
    if entry is not None and fits(actor, problem, entry):
        found.append(_offer(Verb.TAKE_OFF_FOCUS, problem))
    elif entry is None and state in OPEN and rank_of(actor, problem):
        found.append(_offer(Verb.PUT_ON_FOCUS, problem))
    return found


def _offer(verb: Verb, problem: Problem) -> Offer:
    name = f"rectification:{verb.value.partition('.')[2]}"
    several = verb in {Verb.PUT_ON_FOCUS, Verb.TAKE_OFF_FOCUS}
    url = f"{reverse(name)}?pick={problem.pk}" if several else reverse(name, args=[problem.pk])
    return Offer(verb=verb, label=LABELS[verb], url=url, consequence=THEN[verb])
