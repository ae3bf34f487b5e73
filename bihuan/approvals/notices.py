"""Telling the next one on the route that something waits: count and link, nothing of the matter itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.approvals.policy import cover_of_step
from bihuan.journal.action import current
from bihuan.messages.kinds import Matter, register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.models import StandIn, Tenure
from bihuan.organizations.spans import in_force
from bihuan.organizations.vacancies import look_again

if TYPE_CHECKING:
    from bihuan.approvals.models import Approval, Step

WAITING = "approvals.waiting"
TO_CONFIRM = "approvals.to_confirm"
FINAL = "approvals.final"

register_kind(WAITING, _("有 %(count)s 件事等您审批。"), Matter.APPROVAL)
register_kind(FINAL, _("您提请的 %(count)s 件事有了审批结果。"), Matter.APPROVAL)


def link_to(approval: Approval) -> str:
    """The address of an approval's page."""
    return f"/approvals/{approval.pk}/"


def tell_holder(approval: Approval, step: Step) -> None:
    """Tell the post's holder, and whoever stands in for them today; where the post is vacant, who covers it."""
    day = current().today
    told = {
        *Tenure.objects.filter(in_force(day), post=step.post_id).values_list("person_id", flat=True),
        *StandIn.objects.filter(in_force(day), post=step.post_id).values_list("person_id", flat=True),
    }
    if not told:
        chair = cover_of_step(approval, step)
        told = set(chair.people) if chair else set()
        look_again()
    for person in sorted(told):
        queue_message(to_person=person, kind=WAITING, link=link_to(approval))


def tell_asker(approval: Approval) -> None:
    """Tell who asked that it is decided."""
    if approval.asked_by is not None:
        queue_message(to_person=approval.asked_by, kind=FINAL, link=link_to(approval))
