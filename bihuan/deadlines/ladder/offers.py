"""What an actor may do on the ladder of a problem. Proposals not decided yet are offered to the office alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.ladder.policy import works_for_office
from bihuan.deadlines.ladder.queries import open_conduct_of, steps_on
from bihuan.deadlines.models import ClockState, Conduct, LadderStep
from bihuan.deadlines.verbs import LABELS, Verb
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.offers import Offer
from bihuan.ledger.supervision import levels_below
from bihuan.organizations.authority import in_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

CONSEQUENCES: Final[dict[Verb, Any]] = {
    Verb.TAKE_UP_RUNG: gettext_lazy("由另一人审批；批准后督办级别随之提高，通知牵头单位。"),
    Verb.DISMISS_RUNG: gettext_lazy("理由留痕并计次；这一级不再提出，条件再到时提出上一级。"),
    Verb.ASK_DELISTING: gettext_lazy("由另一人审批；批准以后督办级别才降低。"),
    Verb.OPEN_CONDUCT: gettext_lazy("通知牵头单位在期限内申辩；认定由另一人审批，通报以上以此为前提。"),
    Verb.REPLY_TO_CONDUCT: gettext_lazy("只提一次；审批人看得到全文。"),
    Verb.DETERMINE_CONDUCT: gettext_lazy("由没有提出也没有申辩的人审批；批准后才算认定。"),
}


def ladder_offers(actor: Actor, problem: Problem) -> Iterator[Offer]:
    """The office's verbs, and the unit's reply."""
    under_way = open_conduct_of(problem)
    if under_way is not None:
        yield from conduct_offers(actor, problem, under_way)
    if not works_for_office(actor, problem.jurisdiction):
        return
    for step in steps_on(problem):
        if step.state == LadderStep.State.PROPOSED and step.clock.state == ClockState.RUNNING:
            yield _of_step(Verb.TAKE_UP_RUNG, "take_up", step)
            yield _of_step(Verb.DISMISS_RUNG, "dismiss", step)
    if under_way is None and problem.state in OPEN and problem.lead_unit_id is not None:
        yield _offer(Verb.OPEN_CONDUCT, reverse("deadlines:open_conduct", args=[problem.pk]))
    if levels_below(problem.supervision_level):
        yield _offer(Verb.ASK_DELISTING, reverse("deadlines:ask_delisting", args=[problem.pk]))


def conduct_offers(actor: Actor, problem: Problem, row: Conduct) -> Iterator[Offer]:
    """The unit's reply while its term runs; then, or after the reply, the office asks for the decision."""
    if row.state != Conduct.State.OPENED:
        return
    in_term = today() <= row.reply_until
    if in_unit(actor, row.unit) and row.replied_on is None and in_term:
        yield _offer(Verb.REPLY_TO_CONDUCT, reverse("deadlines:reply", args=[row.pk]), primary=True)
    if works_for_office(actor, problem.jurisdiction):
        waits = _("申辩期限到 %(day)s。") % {"day": row.reply_until.isoformat()}
        why_not = waits if row.replied_on is None and in_term else ""
        url = reverse("deadlines:determine", args=[row.pk])
        yield _offer(Verb.DETERMINE_CONDUCT, url, why_not=why_not)


def _of_step(verb: Verb, name: str, step: LadderStep) -> Offer:
    return Offer(
        verb=verb,
        label=f"{LABELS[verb]}：{step.get_rung_display()}",
        url=f"{reverse(f'deadlines:{name}')}?pick={step.pk}",
        consequence=CONSEQUENCES[verb],
    )


def _offer(verb: Verb, url: str, *, why_not: str = "", primary: bool = False) -> Offer:
    return Offer(
        verb=verb,
        label=LABELS[verb],
        url=url,
        consequence=CONSEQUENCES[verb],
        why_not=why_not,
        primary=primary,
    )
