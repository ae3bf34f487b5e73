"""What an actor may do about looking back at a problem, for the buttons of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Refused
from bihuan.ledger.offers import Offer
from bihuan.lookback.policy import may_inspect, may_plan
from bihuan.lookback.queries import waiting_for
from bihuan.lookback.reactions import LOOKED_BACK_AT
from bihuan.lookback.verbs import LABELS, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.journal.action import Actor, Authority
    from bihuan.journal.records import Record
    from bihuan.ledger.models import Problem
    from bihuan.lookback.models import Lookback

CONSEQUENCES: Final[dict[Verb, Any]] = {
    Verb.OPEN: _("在规定之外再看一次。"),
    Verb.ASSIGN: _("派出的单位从此看得到这个问题；看的人不是验收的人。"),
    Verb.HOLD: _("确认成效保持；按规则安排下一次回头看。"),
    Verb.REBOUND: _("问题重开，轮次加一，另定期限；原轮次的材料不动。"),
}
AUTHORITIES: Final[dict[Verb, Authority]] = {
    Verb.OPEN: may_plan,
    Verb.ASSIGN: may_plan,
    Verb.HOLD: may_inspect,
    Verb.REBOUND: may_inspect,
}


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """The verbs of this room for a problem; none before it has ended."""
    if problem.state not in LOOKED_BACK_AT:
        return []
    waiting = waiting_for(problem)
    if waiting is None:
        return list(_offers(actor, problem, [Verb.OPEN]))
    return offers_of(actor, waiting)


def offers_of(actor: Actor, lookback: Lookback) -> list[Offer]:
    """The verbs for a look-back that waits."""
    return list(_offers(actor, lookback, [Verb.HOLD, Verb.REBOUND, Verb.ASSIGN]))


def _offers(actor: Actor, subject: Record, verbs: Iterable[Verb]) -> Iterable[Offer]:
    for verb in verbs:
        yield Offer(
            verb=verb,
            label=LABELS[verb],
            url=reverse(f"lookback:{verb.value.partition('.')[2].partition('_')[0]}", args=[subject.pk]),
            consequence=CONSEQUENCES[verb],
            why_not=_refusal(actor, subject, verb),
            primary=verb is Verb.HOLD or (verb is Verb.ASSIGN and not _is_sent(subject)),
        )


def _is_sent(subject: Record) -> bool:
    return getattr(subject, "inspector_unit_id", None) is not None


def _refusal(actor: Actor, subject: Record, verb: Verb) -> str:
    try:
        AUTHORITIES[verb](actor, [subject], {})
    except Refused as refused:
        return str(refused)
    return ""
