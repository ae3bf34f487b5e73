"""Stand-ins: somebody acts in a post for its absent holder, and every act names both."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled, not_before, post_still_open
from bihuan.organizations.actions.separation import (
    refuse_clash,
    refuse_oneself,
    refuse_stand_in_for_administrator,
    roles_on,
)
from bihuan.organizations.models import Person, Post, StandIn, Tenure
from bihuan.organizations.spans import in_force
from bihuan.organizations.vacancies import look_again


@action("organizations.appoint_stand_in", may=policy.appoints_stand_ins)
def appoint_stand_in(
    post: Post, *, person: Person, since: date, last_day: date, reason: str, actor: Actor
) -> StandIn:
    """`person` acts in the post from `since` to `last_day`, both included, for who holds it."""
    act = current()
    post_still_open(post)
    act.lock([person])
    refuse_oneself(actor, person)
    reason = filled(reason, field="reason", label=_("代理事由"), longest=200)
    not_before(since, act.today, field="since")
    not_before(last_day, since, field="last_day")
    principal = _holder(post, since, person)
    roles = roles_on(post)
    refuse_stand_in_for_administrator(roles)
    refuse_clash(person, post, roles)
    until = last_day + timedelta(days=1)
    if StandIn.objects.filter(Q(since__lt=until), Q(until__gt=since), post=post).exists():
        raise Refused(
            _("这段时间“%(post)s”已有代理人。") % {"post": post.name},
            accepted=_("请换一段时间，或先结束原来的代理。"),
            field="since",
        )
    stand_in: StandIn = StandIn.objects.create(
        post=post, principal=principal, person=person, since=since, until=until, reason=reason
    )
    look_again()
    return stand_in


def _holder(post: Post, on: date, person: Person) -> Person:
    tenure = Tenure.objects.filter(in_force(on), post=post).select_related("person").first()
    if tenure is None:
        raise Refused(
            _("“%(post)s”空缺，没有可代理的人。") % {"post": post.name},
            accepted=_("请先任职。"),
            field="post",
        )
    if tenure.person_id == person.pk or person.left_on is not None:
        raise Refused(
            _("“%(person)s”不能代理这个岗位。") % {"person": person.name},
            accepted=_("请选择另一位在职人员。"),
            field="person",
        )
    principal: Person = tenure.person
    return principal


@action("organizations.end_stand_in", may=policy.appoints_stand_ins)
def end_stand_in(stand_in: StandIn, *, actor: Actor) -> None:
    """The holder is back; the stand-in ends at once."""
    today = current().today
    if stand_in.until <= today:
        raise Refused(_("代理已经结束。"), accepted=_("无需再办。"))
    stand_in.until = max(today, stand_in.since)
    stand_in.save()
    look_again()
