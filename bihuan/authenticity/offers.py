"""What an actor may do about the doubts of a problem, for the buttons of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.authenticity.policy import sees_doubts
from bihuan.authenticity.verbs import LABELS, Verb
from bihuan.journal.action import Refused
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.offers import Offer
from bihuan.organizations.authority import has_role
from bihuan.organizations.models import Role
from bihuan.rectification.actions.acceptance import fit_to_judge

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

CONSEQUENCES: Final = {
    Verb.EXAMINE: _("把本轮佐证再与台账里的材料对照一遍；有疑点的列在“真实性疑点”。"),
    Verb.WEIGH_FLAG: _("疑点不是结论：写明属实、已说明或不成立，连同理由记入日志。"),
}


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """Looking once more, while a verdict is awaited; for others this room does not exist."""
    if State(problem.state) is not State.ACCEPTING or not sees_doubts(actor, problem):
        return []
    return [
        Offer(
            verb=Verb.EXAMINE,
            label=LABELS[Verb.EXAMINE],
            url=reverse("authenticity:examine", args=[problem.pk]),
            consequence=CONSEQUENCES[Verb.EXAMINE],
        )
    ]


def may_weigh_now(actor: Actor, problem: Problem) -> bool:
    """Whether this person may judge the problem, and so its doubts."""
    if State(problem.state) is not State.ACCEPTING or not has_role(actor, Role.ACCEPTOR):
        return False
    try:
        fit_to_judge(problem, actor)
    except Refused:
        return False
    return sees_doubts(actor, problem)
