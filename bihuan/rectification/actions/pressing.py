"""Pressing units that have not acknowledged: a message each, once a day, and the journal says who pressed whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import BLOCK, Actor, Refused, action, current
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.seats import receivers_of
from bihuan.rectification.models import Pressing
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from datetime import date

PRESSED: Final = "rectification.pressed"

# What lies unread is counted up: it counts the pressings and not the problems, which wait on the desk anyway.
register_kind(PRESSED, gettext_lazy("整改办催签 %(count)s 次：有交办事项等您单位签收。"))


@action(Verb.PRESS, may=may(Verb.PRESS))
def press(problems: Sequence[Problem], *, actor: Actor) -> None:
    """Press the lead units of problems that wait to be acknowledged; what was pressed today is left alone."""
    day = current().today
    _refuse_unfit(problems)
    pressed = set(
        Pressing.objects.filter(problem__in=problems, pressed_on=day).values_list("problem_id", flat=True)
    )
    fresh = [problem for problem in problems if problem.pk not in pressed]
    if not fresh:
        raise Refused(_("今天已经催签过了。"), accepted=_("同一件一天催签一次，请明天再催。"))
    told_today = _told(fresh, day)
    Pressing.objects.bulk_create(
        Pressing(problem=problem, unit=problem.lead_unit, pressed_by=person_of(actor), pressed_on=day)
        for problem in fresh
    )
    _tell({problem.lead_unit_id for problem in fresh if problem.lead_unit_id} - told_today)


def _refuse_unfit(problems: Sequence[Problem]) -> None:
    if not problems:
        raise Refused(_("没有要催签的问题。"), accepted=_("已交办、还没有签收的可以催签。"))
    if len(problems) > BLOCK:
        raise Refused(_("一次催签的太多。"), accepted=_("一次最多 %(n)d 件。") % {"n": BLOCK})
    for problem in problems:
        if problem.state != State.ASSIGNED or problem.lead_unit_id is None:
            raise Refused(
                _("%(no)s 不在等待签收。") % {"no": problem.problem_no},
                accepted=_("已交办、还没有签收的可以催签。"),
                problem=str(problem.pk),
            )


def _told(problems: Sequence[Problem], day: date) -> set[uuid.UUID]:
    """The units that had a message today already, for other problems."""
    rows = Pressing.objects.filter(unit__in={problem.lead_unit_id for problem in problems}, pressed_on=day)
    return set(rows.values_list("unit_id", flat=True))


def _tell(units: set[uuid.UUID]) -> None:
    people = {person for told in receivers_of(units, heads=True).values() for person in told}
    for person in sorted(people):
        queue_message(to_person=person, kind=PRESSED, link=reverse("desk:home") + "#queue-acknowledge")
