"""A trial: one text on an outlet, sent while the administrator waits, with the receiver's true answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.journal import access, timesource
from bihuan.journal.action import Actor, Refused
from bihuan.organizations.models import Person
from bihuan.outlets.carrying import deliver, left_this_minute
from bihuan.outlets.models import Dispatch, DispatchState
from bihuan.outlets.routing import address_reference
from bihuan.outlets.ways import PERSONAL

if TYPE_CHECKING:
    from bihuan.outlets.models import Outlet


def try_outlet(outlet: Outlet, actor: Actor) -> Dispatch:
    """Send a trial to the administrator's own address, or into the robot's group. The caller has asked the authority.

    To nobody else: a page that sends to whatever address is typed would be a way to pester people.
    """
    person = Person.objects.filter(pk=actor.person).first()
    if outlet.way in PERSONAL and address_reference(person, outlet.way) is None:
        raise Refused(_("您没有登记收试验消息的地址。"), accepted=_("请先在“我的信息”登记手机号或邮箱。"))
    if left_this_minute(outlet) < 1:
        raise Refused(_("这一分钟已经发满。"), accepted=_("请过一分钟再试。"))
    now = timesource.now()
    dispatch = Dispatch.objects.create(
        outlet=outlet,
        person=actor.person,
        trial=True,
        urgent=True,
        state=DispatchState.SENDING,
        attempts=1,
        made_at=now,
        next_at=now,
        tried_at=now,
    )
    why = deliver(outlet, dispatch)
    if why is not None:
        # A trial is not tried again: somebody has just read why.
        dispatch.state = DispatchState.FAILED
        dispatch.save(update_fields=["state"])
    access.record(actor, "outlets:trial", outcome=why or "sent", subjects=[outlet])
    return dispatch
