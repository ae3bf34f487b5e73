"""Keeping the three administrators apart from each other and from business, whichever verb would bring them together."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, current
from bihuan.organizations.models import Person, Post, RoleGrant, StandIn, Tenure
from bihuan.organizations.rules import Clash, Holding, clash_of, is_administrator
from bihuan.organizations.spans import not_over

WORDS = {
    Clash.TWO_ADMINISTRATORS: (
        _("三员分设：“%(person)s”不能同时担任两种管理员。"),
        _("请由另一个人担任，或先收回原来的管理员角色。"),
    ),
    Clash.BUSINESS_ROLE: (
        _("三员分设：管理员不能承担业务角色（%(person)s）。"),
        _("请由另一个人承担其中一项。"),
    ),
    Clash.BUSINESS_POST: (
        _("三员分设：管理员不能兼任业务岗位（%(person)s）。"),
        _("管理员只能在“工作人员”类岗位上任职，业务岗位请由他人担任。"),
    ),
}


def roles_on(post: Post) -> frozenset[str]:
    """The roles a post holds now or will hold."""
    grants = RoleGrant.objects.filter(not_over(current().today), post=post)
    return frozenset(grants.values_list("role", flat=True))


def holders_of(post: Post) -> list[Person]:
    """Who sits in the post now or will, holders and stand-ins, locked."""
    today = current().today
    rows = (
        *Tenure.objects.filter(not_over(today), post=post).select_related("person"),
        *StandIn.objects.filter(not_over(today), post=post).select_related("person"),
    )
    people = list({row.person_id: row.person for row in rows}.values())
    current().lock(people)
    return people


def refuse_clash(person: Person, taking: Post, roles: Iterable[str]) -> None:
    """Refuse where the person, with `taking` and its `roles` added, would break the separation of duties.

    The person must be locked: two verbs must not each add one half of a clash.
    """
    today = current().today
    posts = {
        row.post_id: row.post
        for row in (
            *Tenure.objects.filter(not_over(today), person=person).select_related("post"),
            *StandIn.objects.filter(not_over(today), person=person).select_related("post"),
        )
    }
    seats = [Holding(post.kind, roles_on(post)) for post in posts.values() if post.pk != taking.pk]
    seats.append(Holding(taking.kind, frozenset(roles)))
    clash = clash_of(seats)
    if clash is not None:
        message, accepted = WORDS[clash]
        raise Refused(message % {"person": person.name}, accepted=accepted, clash=clash.value)


def refuse_oneself(actor: Actor, person: Person) -> None:
    """Nobody gives posts or roles to themselves."""
    if person.pk in (actor.person, actor.on_behalf_of):
        raise Refused(_("不能给自己任职或授权。"), accepted=_("请由另一位管理员办理。"), clash="oneself")


def refuse_stand_in_for_administrator(roles: Iterable[str]) -> None:
    """An administrator's duty is personal."""
    if is_administrator(roles):
        raise Refused(
            _("管理员岗位不能由他人代理。"),
            accepted=_("请由安全管理员给接替的人正式授权。"),
            clash="stand_in",
        )
